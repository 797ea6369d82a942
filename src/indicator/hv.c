#include "indicator/formula.h"

static const kl_input_info hv_in[] = {{"x", "close"}};
static const kl_param_info hv_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info hv_out[] = {{"hv", "standard deviation of returns", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(hv, "Historical volatility", "volatility", KL_EXACT, "own definition",
    "hv = sqrt(year)*std(logret(x), n);");
