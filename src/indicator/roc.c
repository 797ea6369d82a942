#include "indicator/formula.h"

static const kl_input_info roc_in[] = {{"x", "close"}};
static const kl_param_info roc_par[] = {{"n", "bars back", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info roc_out[] = {{"roc", "change over n bars in percent of the older value", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(roc, "Rate of change in percent", "momentum", KL_EXACT, "own definition",
    "roc = 100*((x - x[n])/x[n]);");
