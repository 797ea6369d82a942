#include "indicator/formula.h"

static const kl_input_info vortex_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info vortex_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vortex_out[] = {
    {"plus", "moves from low to the next high over the range", 0, HUGE_VAL, "own", 0, 0, 0},
    {"minus", "moves from high to the next low over the range", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(vortex, "Vortex indicator", "momentum", KL_EXACT,
    "E. Botes and D. Siepman, Technical Analysis of Stocks & Commodities, 2010",
    "t = sum(trange(high, low, close), n);"
    "plus = sum(abs(high - low[1]), n)/t;"
    "minus = sum(abs(low - high[1]), n)/t;");
