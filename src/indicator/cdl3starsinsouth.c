#include "indicator/candle.h"
static const kl_param_info cdl3starsinsouth_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT, KL__CANDLE_SHADOW_LONG,
    KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdl3starsinsouth_out[] = {
    {"cdl3starsinsouth", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdl3starsinsouth, "Three stars in the south", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "shadow_very_short = candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "no_upper = upper < shadow_very_short;"
    "no_lower = lower < shadow_very_short;"
    "first = black * long * (lower > candle_size(open, high, low, close, shadow_long_of, shadow_long_n, "
        "shadow_long_factor));"
    "second = black * (body < body[1]) * (open > close[1]) * (open <= high[1]) * (low < close[1]) "
        "* (low >= low[1]) * (lower > shadow_very_short);"
    "third = black * (body < candle_size(open, high, low, close, short_of, short_n, short_factor)) * no_lower "
        "* no_upper * (low > low[1]) * (high < high[1]);"
    "cdl3starsinsouth = 100 * (first[2] * second[1] * third);");
