#include "indicator/formula.h"

static const kl_input_info underwater_in[] = {{"x", "close"}};
static const kl_output_info underwater_out[] = {
    {"drawdown", "distance from the greatest value so far as a share of it", KL__ANY, "own", 0, 0, 0},
    {"worst", "greatest drawdown so far", KL__ANY, "own", 0, 0, 0},
    {"bars", "bars since the greatest value", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA_PLAIN(underwater, "Drawdown since the first bar", "volatility", KL_EXACT, "own definition",
    "first = known(x) and cumsum(known(x)) == 1;"
    "peak = max_since(x, first);"
    "drawdown = (peak - x)/peak;"
    "worst = max_since(drawdown, first);"
    "bars = since(x == peak);");
