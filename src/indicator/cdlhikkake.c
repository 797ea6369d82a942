#include "indicator/candle.h"
static const kl_output_info cdlhikkake_out[] = {
    {"cdlhikkake", "100 or -100 in the bar of the pattern, 200 or -200 in the bar that confirms it, 0",
     -200, 200, "own", 0, 0, 0}};
KL__CANDLE_PLAIN(cdlhikkake, "Hikkake", "Daniel L. Chesler, The Hikkake Pattern, Active Trader, 2004",
    "inside = (high < high[1]) * (low > low[1]);"
    "up = inside[1] * (high < high[1]) * (low < low[1]);"
    "down = inside[1] * (high > high[1]) * (low > low[1]);"
    KL__CANDLE_CONFIRMED("cdlhikkake"));
