#include "indicator/candle.h"
static const kl_param_info cdl3blackcrows_par[] = {KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdl3blackcrows_out[] = {
    {"cdl3blackcrows", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdl3blackcrows, "Three black crows", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "lower = candle_lower(open, low, close);"
    "white = close >= open;"
    "black = close < open;"
    "no_lower = lower < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "fell = close < close[1];"
    "crow = black * no_lower;"
    "opens = (open < open[1]) * (open > close[1]);"
    "cdl3blackcrows = -100 * (white[3] * crow[2] * crow[1] * crow * opens[1] * opens * (close < high[1])[2] "
        "* fell[1] * fell);");
