#include "indicator/formula.h"

static const kl_input_info inertia_in[] = {{"x", "close"}};
static const kl_param_info inertia_par[] = {
    {"n", "length of the line of least squares", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"rvi", "length of the averages of the index", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"std", "length of its standard deviation", KL_PARAM_INT, 10, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info inertia_out[] = {
    {"inertia", "line of least squares through the relative volatility index", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(inertia, "Inertia", "momentum", KL_EXACT, "Donald Dorsey, Technical Analysis of Stocks & Commodities, 1995",
    "inertia = line(rvi(x, rvi, std), n);");
