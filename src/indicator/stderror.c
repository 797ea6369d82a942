#include "base/fp.h"
#include "base/roots.h"
#include "indicator/spread.h"

static const kl_input_info stderror_in[] = {{"x", "close"}};
static const kl_param_info stderror_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info stderror_out[] = {{"stderror", "standard error", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__SPREAD(stderror, "Standard error of the mean", "statistics", "standard deviation of the population / sqrt(n)", 0,
           {KL__DEV_ERROR, params[0], kl__sqrt(params[0])})
