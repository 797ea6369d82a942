#include "indicator/candle.h"
static const kl_output_info cdl3outside_out[] = {
    {"cdl3outside", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE_PLAIN(cdl3outside, "Three outside up and down", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "white = close >= open;"
    "black = close < open;"
    "rose = close > close[1];"
    "fell = close < close[1];"
    "engulfs_up = white * black[1] * (close > open[1]) * (open < close[1]);"
    "engulfs_down = black * white[1] * (close < open[1]) * (open > close[1]);"
    "cdl3outside = 100 * (engulfs_up[1] * rose - engulfs_down[1] * fell);");
