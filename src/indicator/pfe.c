#include "indicator/formula.h"

static const kl_input_info pfe_in[] = {{"x", "close"}};
static const kl_param_info pfe_par[] = {
    {"n", "bars of the way", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"smooth", "length of the average", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pfe_out[] = {
    {"pfe", "straight way in percent of the way that was gone, with the sign of the change", -100, 100, "own", 0, KL_POWER_NONE, 0}};
KL__FORMULA(pfe, "Polarized fractal efficiency", "momentum", KL_EXACT,
    "Hans Hannula, Technical Analysis of Stocks & Commodities, 1994",
    "d = x - x[n];"
    "s = x - x[1];"
    "e = if(max(abs(s), n) > 0, min2(100*(sqrt(d*d + n*n)/sum(sqrt(s*s + 1), n)), 100), 0/0);"
    "pfe = min2(max2(ema(if(d < 0, -e, e), smooth), -100), 100);");
