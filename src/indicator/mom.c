#include "indicator/formula.h"

static const kl_input_info mom_in[] = {{"x", "close"}};
static const kl_param_info mom_par[] = {{"n", "bars back", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info mom_out[] = {{"mom", "difference to the value of n bars ago", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(mom, "Momentum", "momentum", KL_EXACT, "own definition",
    "mom = x - x[n];");
