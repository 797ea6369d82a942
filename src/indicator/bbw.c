#include "indicator/formula.h"

static const kl_input_info bbw_in[] = {{"x", "close"}};
static const kl_param_info bbw_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info bbw_out[] = {{"bbw", "distance of the bands as a share of the middle", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(bbw, "Bollinger band width", "volatility", KL_EXACT, "J. Bollinger, Bollinger on Bollinger Bands, 2001",
    "bbw = 2 * dev * std(x, n, ddof=0) / mean(x, n);");
