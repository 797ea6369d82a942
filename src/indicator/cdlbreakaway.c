#include "indicator/candle.h"
static const kl_param_info cdlbreakaway_par[] = {KL__CANDLE_LONG};
static const kl_output_info cdlbreakaway_out[] = {
    {"cdlbreakaway", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlbreakaway, "Breakaway", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "gap_up = bottom > top[1];"
    "gap_down = top < bottom[1];"
    "rises = (high > high[1]) * (low > low[1]);"
    "falls = (high < high[1]) * (low < low[1]);"
    "up = (black * long)[4] * (black * gap_down)[3] * falls[2] * (falls * black)[1] * white * (close > open[3]) "
        "* (close < close[4]);"
    "down = (white * long)[4] * (white * gap_up)[3] * rises[2] * (rises * white)[1] * black * (close < open[3]) "
        "* (close > close[4]);"
    "cdlbreakaway = 100 * (up - down);");
