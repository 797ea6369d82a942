#include "indicator/candle.h"
static const kl_param_info cdlkicking_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdlkicking_out[] = {
    {"cdlkicking", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlkicking, "Kicking", "Gregory L. Morris, Candlestick Charting Explained, 1992",
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
    "marubozu = long * no_upper * no_lower;"
    "kick_up = (marubozu * black)[1] * (marubozu * white) * (low > high[1]);"
    "kick_down = (marubozu * white)[1] * (marubozu * black) * (high < low[1]);"
    "cdlkicking = 100 * (kick_up - kick_down);");
