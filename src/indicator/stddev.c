#include "indicator/formula.h"

static const kl_input_info stddev_in[] = {{"x", "close"}};
static const kl_param_info stddev_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 5, 2, KL_PERIOD_MAX, NULL},
                                           {"dev", "factor", KL_PARAM_REAL, 1, 0, 1000, NULL}};
static const kl_output_info stddev_out[] = {{"stddev", "dev standard deviations", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(stddev, "Standard deviation of the population", "statistics", KL_EXACT,
    "root of the mean squared distance from the mean",
    "stddev = dev * std(x, n, ddof=0);");
