#include "indicator/candle.h"
static const kl_param_info cdlrickshawman_par[] = {KL__CANDLE_DOJI, KL__CANDLE_SHADOW_LONG, KL__CANDLE_NEAR};
static const kl_output_info cdlrickshawman_out[] = {
    {"cdlrickshawman", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlrickshawman, "Rickshaw man", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "middle = low + (high - low) / 2;"
    "shadow_long = candle_size(open, high, low, close, shadow_long_of, shadow_long_n, shadow_long_factor);"
    "cdlrickshawman = 100 * (doji * (lower > shadow_long) * (upper > shadow_long) * (bottom <= middle + near) "
        "* (top >= middle - near));");
