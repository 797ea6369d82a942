#include "base/fp.h"
#include "indicator/spread.h"

static const kl_input_info stddev_in[] = {{"x", "close"}};
static const kl_param_info stddev_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 5, 2, KL_PERIOD_MAX, NULL},
                                           {"dev", "factor", KL_PARAM_REAL, 1, 0, 1000, NULL}};
static const kl_output_info stddev_out[] = {{"stddev", "dev standard deviations", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__SPREAD(stddev, "Standard deviation of the population", "statistics", "dev * root of the mean squared distance from the mean", 0,
           {KL__DEV_STD, params[0], params[1]})
