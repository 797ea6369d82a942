#include "indicator/formula.h"

static const kl_input_info wad_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info wad_out[] = {{"wad", "sum of true moves", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA_PLAIN(wad, "Williams accumulation/distribution", "momentum", KL_EXACT, "Larry R. Williams",
    "c = close[1];"
    "up = (close - min2(low, c))*(close > c);"
    "down = (close - max2(high, c))*(close < c);"
    "wad = cumsum(up + down);");
