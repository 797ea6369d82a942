#include "indicator/candle.h"
static const kl_param_info cdladvanceblock_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHADOW_SHORT, KL__CANDLE_SHADOW_LONG,
    KL__CANDLE_NEAR, KL__CANDLE_FAR};
static const kl_output_info cdladvanceblock_out[] = {
    {"cdladvanceblock", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdladvanceblock, "Advance block", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "white = close >= open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "far = candle_size(open, high, low, close, far_of, far_n, far_factor);"
    "rose = close > close[1];"
    "soldiers = white * white[1] * white[2] * rose * rose[1];"
    "opens = (open > open[1]) * (open <= close[1] + near[1]);"
    "shadow_short = candle_size(open, high, low, close, shadow_short_of, shadow_short_n, shadow_short_factor);"
    "strong = long * (upper < shadow_short);"
    "smaller = body < body[1];"
    "much_smaller = body < body[1] - far[1];"
    "hesitates = upper > shadow_short;"
    "second_fails = much_smaller[1] * (body < body[1] + near[1]);"
    "shadows_grow = smaller[1] * smaller * max2(hesitates[1], hesitates);"
    "last_fails = max2(much_smaller, smaller * (upper > candle_size(open, high, low, close, shadow_long_of, "
        "shadow_long_n, shadow_long_factor)));"
    "cdladvanceblock = -100 * (soldiers * opens[1] * opens * strong[2] * max2(max2(second_fails, shadows_grow), "
        "last_fails));");
