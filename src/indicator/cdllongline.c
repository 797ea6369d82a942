#include "indicator/candle.h"
static const kl_param_info cdllongline_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHADOW_SHORT};
static const kl_output_info cdllongline_out[] = {
    {"cdllongline", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdllongline, "Long line", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "shadow_short = candle_size(open, high, low, close, shadow_short_of, shadow_short_n, shadow_short_factor);"
    "line = long * (upper < shadow_short) * (lower < shadow_short);"
    "cdllongline = 100 * (line * white - line * black);");
