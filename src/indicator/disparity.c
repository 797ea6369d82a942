#include "indicator/formula.h"

static const kl_input_info disparity_in[] = {{"x", "close"}};
static const kl_param_info disparity_par[] = {{"n", "length of the mean in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info disparity_out[] = {
    {"disparity", "distance from the mean in percent of it", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(disparity, "Disparity index", "momentum", KL_EXACT, "Steve Nison, Beyond Candlesticks, 1994",
    "m = sma(x, n);"
    "disparity = 100*((x - m)/m);");
