#include "base/fp.h"
#include "indicator/spread.h"

static const kl_input_info percentb_in[] = {{"x", "close"}};
static const kl_param_info percentb_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0.001, 1000, NULL}};
static const kl_output_info percentb_out[] = {{"percentb", "0 at the lower, 1 at the upper band", -HUGE_VAL, HUGE_VAL, "own", 0, 0, 0}};
KL__SPREAD(percentb, "Place between the Bollinger bands", "momentum",
           "J. Bollinger, Bollinger on Bollinger Bands, 2001: 0.5 + (x - mean) / std / (2 * dev), ddof 0", 0,
           {KL__DEV_PLACE, params[0], 2.0 * params[1]})
