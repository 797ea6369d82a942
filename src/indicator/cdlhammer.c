#include "indicator/candle.h"
static const kl_param_info cdlhammer_par[] = {KL__CANDLE_SHORT, KL__CANDLE_SHADOW_LONG, KL__CANDLE_SHADOW_VERY_SHORT,
    KL__CANDLE_NEAR};
static const kl_output_info cdlhammer_out[] = {{"cdlhammer", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlhammer, "Hammer", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "bottom = min2(open, close);"
    "no_upper = upper < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "cdlhammer = 100 * ((body < candle_size(open, high, low, close, short_of, short_n, short_factor)) "
        "* (lower > candle_size(open, high, low, close, shadow_long_of, shadow_long_n, shadow_long_factor)) "
        "* no_upper * (bottom <= low[1] + near[1]));");
