#include "indicator/candle.h"
static const kl_param_info cdleveningstar_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT, KL__CANDLE_PENETRATION(0.3)};
static const kl_output_info cdleveningstar_out[] = {
    {"cdleveningstar", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdleveningstar, "Evening star", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "gap_up = bottom > top[1];"
    "cdleveningstar = -100 * ((white * long)[2] * (small * gap_up)[1] * black * (1 - small) "
        "* (close < (close - body * penetration)[2]));");
