#include "indicator/formula.h"

static const kl_input_info rocp_in[] = {{"x", "close"}};
static const kl_param_info rocp_par[] = {{"n", "bars back", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rocp_out[] = {
    {"rocp", "change over n bars as a share of the older value", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(rocp, "Rate of change as a share", "momentum", KL_EXACT, "own definition",
    "rocp = (x - x[n])/x[n];");
