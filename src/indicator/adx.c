#include "indicator/formula.h"

static const kl_input_info adx_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info adx_par[] = {{"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info adx_out[] = {{"adx", "Wilder's average of dx", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(adx, "Average directional movement index", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "adx = rma(dx(high, low, n), n, 0, 1);");
