#include "indicator/candle.h"
static const kl_param_info cdl3inside_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT};
static const kl_output_info cdl3inside_out[] = {
    {"cdl3inside", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdl3inside, "Three inside up and down", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "within = (top < top[1]) * (bottom > bottom[1]);"
    "harami = long[1] * small * within;"
    "up = (harami * black[1])[1] * white * (close > open[2]);"
    "down = (harami * white[1])[1] * black * (close < open[2]);"
    "cdl3inside = 100 * (up - down);");
