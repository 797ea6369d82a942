#include "base/fp.h"
#include "indicator/spread.h"

static const kl_input_info stdbands_in[] = {{"x", "close"}};
static const kl_param_info stdbands_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info stdbands_out[] = {{"upper", "mean + dev * std", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                              {"middle", "mean of the last n values", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                              {"lower", "mean - dev * std", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

KL__SPREAD(stdbands, "Standard deviation bands", "overlap", "own definition: mean +- dev * std, ddof 0", 1, {KL__DEV_BANDS, params[0], params[1]})
