#include "base/fp.h"
#include "indicator/spread.h"

static const kl_input_info bbands_in[] = {{"x", "close"}};
static const kl_param_info bbands_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info bbands_out[] = {{"upper", "middle + dev * std", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                            {"middle", "mean of the last n values", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                            {"lower", "middle - dev * std", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

KL__SPREAD(bbands, "Bollinger bands", "overlap", "John Bollinger, Bollinger on Bollinger Bands, 2001: mean +- dev * std, ddof 0", 1,
           {KL__DEV_BANDS, params[0], params[1]})
