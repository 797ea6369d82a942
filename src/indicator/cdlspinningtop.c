#include "indicator/candle.h"
static const kl_param_info cdlspinningtop_par[] = {KL__CANDLE_SHORT};
static const kl_output_info cdlspinningtop_out[] = {
    {"cdlspinningtop", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlspinningtop, "Spinning top", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "white = close >= open;"
    "black = close < open;"
    "spin = (body < candle_size(open, high, low, close, short_of, short_n, short_factor)) * (upper > body) "
        "* (lower > body);"
    "cdlspinningtop = 100 * (spin * white - spin * black);");
