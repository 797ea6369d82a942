#include "indicator/formula.h"

static const kl_input_info rocr100_in[] = {{"x", "close"}};
static const kl_param_info rocr100_par[] = {{"n", "bars back", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rocr100_out[] = {
    {"rocr100", "the value in percent of that of n bars ago", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(rocr100, "Rate of change as a ratio in percent", "momentum", KL_EXACT, "own definition",
    "rocr100 = 100*(x/x[n]);");
