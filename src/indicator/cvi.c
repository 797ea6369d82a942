#include "indicator/formula.h"

static const kl_input_info cvi_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info cvi_par[] = {
    {"n", "length of the average of the range", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"roc", "bars back", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info cvi_out[] = {{"cvi", "change of the average range in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(cvi, "Chaikin's volatility", "volatility", KL_EXACT, "Marc Chaikin",
    "e = ema(high - low, n);"
    "cvi = 100*((e - e[roc])/e[roc]);");
