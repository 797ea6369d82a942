#include "indicator/formula.h"

static const kl_input_info ewmavol_in[] = {{"x", "close"}};
static const kl_param_info ewmavol_par[] = {
    {"lambda", "weight of what was", KL_PARAM_REAL, 0.94, 0.5, 1, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info ewmavol_out[] = {{"ewmavol", "root of the average of squared returns", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(ewmavol, "Exponentially weighted volatility", "volatility", KL_EXACT,
    "J. P. Morgan, RiskMetrics Technical Document, 1996",
    "r = logret(x);"
    "ewmavol = sqrt(year*ewm(r*r, 1 - lambda));");
