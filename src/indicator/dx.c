#include "indicator/formula.h"

static const kl_input_info dx_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info dx_par[] = {{"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info dx_out[] = {
    {"dx", "difference of both directions in percent of their sum", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(dx, "Directional movement index", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "a = rma(dmove(high, low, low).plus, n);"
    "b = rma(dmove(high, low, low).minus, n);"
    "dx = 100*(abs(a - b)/(a + b));");
