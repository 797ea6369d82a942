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
    "none = (1 - up) * (1 - down);"
    "calm = none * none[1];"
    "still = calm * none[2];"
    "over = close > high[2];"
    "over2 = close > high[3];"
    "under = close < low[2];"
    "under2 = close < low[3];"
    "up1 = up[1] * none * over;"
    "up2 = up[2] * calm * over2 * (1 - over[1]);"
    "up3 = up[3] * still * (close > high[4]) * (1 - over2[1]) * (1 - over[2]);"
    "down1 = down[1] * none * under;"
    "down2 = down[2] * calm * under2 * (1 - under[1]);"
    "down3 = down[3] * still * (close < low[4]) * (1 - under2[1]) * (1 - under[2]);"
    "cdlhikkakemod = 100 * (up - down) + 200 * (up1 + up2 + up3 - down1 - down2 - down3);");
