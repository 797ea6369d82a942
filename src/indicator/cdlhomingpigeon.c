#include "indicator/candle.h"
static const kl_param_info cdlhomingpigeon_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT};
static const kl_output_info cdlhomingpigeon_out[] = {
    {"cdlhomingpigeon", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlhomingpigeon, "Homing pigeon", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "cdlhomingpigeon = 100 * ((black * long)[1] * black * small * (open < open[1]) * (close > close[1]));");
