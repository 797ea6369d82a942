#include "indicator/formula.h"

static const kl_input_info trange_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info trange_out[] = {
    {"trange", "range of the bar together with the close before", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA_PLAIN(trange, "True range", "volatility", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "trange = max2(high, close[1]) - min2(low, close[1]);");
