#include "indicator/formula.h"

static const kl_input_info demarker_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info demarker_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info demarker_out[] = {
    {"demarker", "rises of the high over rises of the high and falls of the low", 0, 1, "own", 0, 0, 0}};
KL__FORMULA(demarker, "DeMarker", "momentum", KL_EXACT, "Thomas R. DeMark",
    "up = sum(max2(high - high[1], 0), n);"
    "demarker = up/(up + sum(max2(low[1] - low, 0), n));");
