#include "indicator/candle.h"
static const kl_param_info cdlhighwave_par[] = {KL__CANDLE_SHORT, KL__CANDLE_SHADOW_VERY_LONG};
static const kl_output_info cdlhighwave_out[] = {
    {"cdlhighwave", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlhighwave, "High-wave candle", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "white = close >= open;"
    "black = close < open;"
    "shadow_very_long = candle_size(open, high, low, close, shadow_very_long_of, shadow_very_long_n, "
        "shadow_very_long_factor);"
    "wave = (body < candle_size(open, high, low, close, short_of, short_n, short_factor)) "
        "* (upper > shadow_very_long) * (lower > shadow_very_long);"
    "cdlhighwave = 100 * (wave * white - wave * black);");
