#include "indicator/candle.h"
static const kl_param_info cdlmorningdojistar_par[] = {KL__CANDLE_LONG, KL__CANDLE_DOJI, KL__CANDLE_SHORT,
    KL__CANDLE_PENETRATION(0.3)};
static const kl_output_info cdlmorningdojistar_out[] = {
    {"cdlmorningdojistar", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlmorningdojistar, "Morning doji star", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "gap_down = top < bottom[1];"
    "cdlmorningdojistar = 100 * ((black * long)[2] * (doji * gap_down)[1] * white * (1 - small) "
        "* (close > (close + body * penetration)[2]));");
