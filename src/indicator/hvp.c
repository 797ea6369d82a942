#include "indicator/formula.h"

static const kl_input_info hvp_in[] = {{"x", "close"}};
static const kl_param_info hvp_par[] = {
    {"n", "length of the volatility in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"m", "bars it is compared with, and its own", KL_PARAM_INT, 252, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info hvp_out[] = {{"hvp", "share of lower volatilities in percent", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(hvp, "Historical volatility percentile", "volatility", KL_EXACT, "own definition",
    "hvp = 100*prank(hv(x, n, 1), m, below);");
