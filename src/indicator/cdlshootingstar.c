#include "indicator/candle.h"
static const kl_param_info cdlshootingstar_par[] = {KL__CANDLE_SHORT, KL__CANDLE_SHADOW_LONG, KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdlshootingstar_out[] = {
    {"cdlshootingstar", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdlshootingstar, "Shooting star", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "no_lower = lower < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "gap_up = bottom > top[1];"
    "cdlshootingstar = -100 * ((body < candle_size(open, high, low, close, short_of, short_n, short_factor)) "
        "* (upper > candle_size(open, high, low, close, shadow_long_of, shadow_long_n, shadow_long_factor)) "
        "* no_lower * gap_up);");
