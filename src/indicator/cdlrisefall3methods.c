#include "indicator/candle.h"
static const kl_param_info cdlrisefall3methods_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT};
static const kl_output_info cdlrisefall3methods_out[] = {
    {"cdlrisefall3methods", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlrisefall3methods, "Rising and falling three methods", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "rose = close > close[1];"
    "fell = close < close[1];"
    "short = body < candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "trio = short[3] * short[2] * short[1] * long * long[4];"
    "touch = (bottom < high[1])[3] * (top > low[1])[3] * (bottom[2] < high[4]) * (top[2] > low[4]) "
        "* (bottom[1] < high[4]) * (top[1] > low[4]);"
    "rest_down = black[3] * black[2] * black[1] * fell[2] * fell[1];"
    "rest_up = white[3] * white[2] * white[1] * rose[2] * rose[1];"
    "up = trio * touch * white[4] * rest_down * white * (open > close[1]) * (close > close[4]);"
    "down = trio * touch * black[4] * rest_up * black * (open < close[1]) * (close < close[4]);"
    "cdlrisefall3methods = 100 * (up - down);");
