#include "indicator/formula.h"

static const kl_input_info vov_in[] = {{"x", "close"}};
static const kl_param_info vov_par[] = {
    {"n", "length of the volatility in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"m", "length of its standard deviation", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info vov_out[] = {{"vov", "standard deviation of hv", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(vov, "Volatility of volatility", "volatility", KL_EXACT, "own definition",
    "vov = std(hv(x, n, 1), m);");
