#include "base/fp.h"
#include "indicator/spread.h"

static const kl_input_info bbw_in[] = {{"x", "close"}};
static const kl_param_info bbw_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info bbw_out[] = {{"bbw", "distance of the bands as a share of the middle", -HUGE_VAL, HUGE_VAL, "own", 0, 0, 0}};
KL__SPREAD(bbw, "Bollinger band width", "volatility", "J. Bollinger, Bollinger on Bollinger Bands, 2001: 2 * dev * std / mean, ddof 0", 1,
           {KL__DEV_WIDTH, params[0], 2.0 * params[1]})
