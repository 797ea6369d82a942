#include "indicator/formula.h"

static const kl_input_info minus_di_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info minus_di_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info minus_di_out[] = {{"minus_di", "moves down in percent of the true range", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(minus_di, "Minus directional indicator", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "minus_di = min2(100*(rma(dmove(high, low, close).minus, n)/rma(dmove(high, low, close).range, n)), 100);");
