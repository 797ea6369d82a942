#include "indicator/candle.h"
static const kl_output_info cdlxsidegap3methods_out[] = {
    {"cdlxsidegap3methods", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE_PLAIN(cdlxsidegap3methods, "Upside and downside gap three methods",
    "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "gap_up = bottom > top[1];"
    "gap_down = top < bottom[1];"
    "inside = (open < top[1]) * (open > bottom[1]) * (close < top[2]) * (close > bottom[2]);"
    "up = white[2] * (white * gap_up)[1] * black * inside;"
    "down = black[2] * (black * gap_down)[1] * white * inside;"
    "cdlxsidegap3methods = 100 * (up - down);");
