#include "indicator/formula.h"

static const kl_input_info plus_di_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info plus_di_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info plus_di_out[] = {{"plus_di", "moves up in percent of the true range", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(plus_di, "Plus directional indicator", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "plus_di = min2(100*(rma(dmove(high, low, close).plus, n)/rma(dmove(high, low, close).range, n)), 100);");
