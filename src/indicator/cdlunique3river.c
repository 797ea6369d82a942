#include "indicator/candle.h"
static const kl_param_info cdlunique3river_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT};
static const kl_output_info cdlunique3river_out[] = {
    {"cdlunique3river", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlunique3river, "Unique three river bottom", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "second = black * (close > close[1]) * (open <= open[1]) * (low < low[1]);"
    "cdlunique3river = 100 * ((black * long)[2] * second[1] * white * (body < candle_size(open, high, low, close, "
        "short_of, short_n, short_factor)) * (open > low[1]));");
