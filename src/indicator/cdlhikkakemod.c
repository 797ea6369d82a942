#include "indicator/candle.h"
static const kl_param_info cdlhikkakemod_par[] = {KL__CANDLE_NEAR};
static const kl_output_info cdlhikkakemod_out[] = {
    {"cdlhikkakemod", "100 or -100 in the bar of the pattern, 200 or -200 in the bar that confirms it, 0",
     -200, 200, "own", 0, 0, 0}};
KL__CANDLE(cdlhikkakemod, "Modified hikkake",
    "Daniel L. Chesler, Trading False Moves with the Hikkake Pattern, Active Trader, 2004",
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "inside = (high < high[1]) * (low > low[1]);"
    "pair = inside[2] * inside[1];"
    "up = pair * (close <= low + near)[2] * (high < high[1]) * (low < low[1]);"
    "down = pair * (close >= high - near)[2] * (high > high[1]) * (low > low[1]);"
    KL__CANDLE_CONFIRMED("cdlhikkakemod"));
