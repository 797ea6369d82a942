#include "indicator/formula.h"

static const kl_input_info twiggs_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info twiggs_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 21, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info twiggs_out[] = {{"twiggs", "flow into the close as a share of all volume", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(twiggs, "Twiggs money flow", "volume", KL_EXACT, "Colin Twiggs, Incredible Charts",
    "h = max2(high, close[1]);"
    "l = min2(low, close[1]);"
    "r = h - l;"
    "m = if(r > 0, ((close - l) - (h - close))/r, 0)*volume;"
    "v = if(known(m), volume, m);"
    "twiggs = rma(m, n)/rma(v, n);");
