#include "indicator/candle.h"
static const kl_param_info cdlmathold_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT, KL__CANDLE_PENETRATION(0.5)};
static const kl_output_info cdlmathold_out[] = {{"cdlmathold", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlmathold, "Mat hold", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "gap_up = bottom > top[1];"
    "short = body < candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "trio = short[3] * short[2] * short[1];"
    "falls = top < top[1];"
    "holds = (bottom[2] < close[4]) * (bottom[1] < close[4]) * (bottom[2] > (close - body * penetration)[4]) "
        "* (bottom[1] > (close - body * penetration)[4]);"
    "cdlmathold = 100 * ((white * long)[4] * (black * gap_up)[3] * trio * holds * (top < open[1])[2] * falls[1] "
        "* white * (open > close[1]) * (close > max2(max2(high[3], high[2]), high[1])));");
