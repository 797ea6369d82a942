#include "indicator/candle.h"
static const kl_param_info cdlstalledpattern_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT, KL__CANDLE_SHADOW_VERY_SHORT,
    KL__CANDLE_NEAR};
static const kl_output_info cdlstalledpattern_out[] = {
    {"cdlstalledpattern", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdlstalledpattern, "Stalled pattern", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "white = close >= open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "no_upper = upper < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "rose = close > close[1];"
    "soldiers = white * white[1] * white[2] * rose * rose[1];"
    "opens = (open > open[1]) * (open <= close[1] + near[1]);"
    "cdlstalledpattern = -100 * (soldiers * long[2] * (long * no_upper * opens)[1] * (body < candle_size(open, high, "
        "low, close, short_of, short_n, short_factor)) * (open >= close[1] - body - near[1]));");
