#include "indicator/candle.h"
static const kl_param_info cdlseparatinglines_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHADOW_VERY_SHORT, KL__CANDLE_EQUAL};
static const kl_output_info cdlseparatinglines_out[] = {
    {"cdlseparatinglines", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlseparatinglines, "Separating lines", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "shadow_very_short = candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "no_upper = upper < shadow_very_short;"
    "no_lower = lower < shadow_very_short;"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "meets = (open <= open[1] + equal[1]) * (open >= open[1] - equal[1]);"
    "cdlseparatinglines = 100 * (black[1] * meets * (white * long * no_lower) - white[1] * meets * (black * long "
        "* no_upper));");
