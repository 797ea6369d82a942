#include "indicator/candle.h"
static const kl_param_info cdl2crows_par[] = {KL__CANDLE_LONG};
static const kl_output_info cdl2crows_out[] = {{"cdl2crows", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdl2crows, "Two crows", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "gap_up = bottom > top[1];"
    "crow = black * gap_up;"
    "cdl2crows = -100 * ((white * long)[2] * crow[1] * black * (open < open[1]) * (open > close[1]) "
        "* (close > open[2]) * (close < close[2]));");
