#include "indicator/formula.h"

static const kl_input_info rocr_in[] = {{"x", "close"}};
static const kl_param_info rocr_par[] = {{"n", "bars back", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rocr_out[] = {{"rocr", "the value over that of n bars ago", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(rocr, "Rate of change as a ratio", "momentum", KL_EXACT, "own definition",
    "rocr = x/x[n];");
