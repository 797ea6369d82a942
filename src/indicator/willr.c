#include "indicator/formula.h"

static const kl_input_info willr_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info willr_par[] = {{"n", "bars of the range", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info willr_out[] = {
    {"willr", "distance of the close from the highest high in percent of the range", -100, 0, "own", 0, 0, 0}};
KL__FORMULA(willr, "Williams' %R", "momentum", KL_EXACT, "Larry R. Williams",
    "top = max(high, n);"
    "willr = max2(min2(-100*((top - close)/(top - min(low, n))), 0), -100);");
