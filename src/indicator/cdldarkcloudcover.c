#include "indicator/candle.h"
static const kl_param_info cdldarkcloudcover_par[] = {KL__CANDLE_LONG, KL__CANDLE_PENETRATION(0.5)};
static const kl_output_info cdldarkcloudcover_out[] = {
    {"cdldarkcloudcover", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdldarkcloudcover, "Dark cloud cover", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "cdldarkcloudcover = -100 * ((white * long)[1] * black * (open > high[1]) * (close > open[1]) "
        "* (close < (close - body * penetration)[1]));");
