#include "indicator/formula.h"

static const kl_input_info volatility_in[] = {{"x", "close"}};
static const kl_param_info volatility_par[] = {{"n", "returns in the window", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
                                               {"year", "bars of a year", KL_PARAM_REAL, 252, 1, 10000000, NULL}};
static const kl_output_info volatility_out[] = {
    {"volatility", "standard deviation of returns, for a year", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(volatility, "Annualised volatility", "volatility", KL_EXACT,
    "standard deviation of returns * sqrt(bars of a year)",
    "volatility = sqrt(year) * std(ret(x), n, ddof=0);");
