#include "indicator/formula.h"

static const kl_input_info coppock_in[] = {{"x", "close"}};
static const kl_param_info coppock_par[] = {
    {"n", "length of the weighted average", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL},
    {"roc1", "bars back of the first change", KL_PARAM_INT, 11, 1, KL_PERIOD_MAX, NULL},
    {"roc2", "bars back of the second", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info coppock_out[] = {
    {"coppock", "weighted average of two changes in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(coppock, "Coppock curve", "momentum", KL_EXACT, "Edwin S. C. Coppock, 1962",
    "coppock = wma(roc(x, roc1) + roc(x, roc2), n);");
