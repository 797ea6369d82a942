#include "indicator/candle.h"
static const kl_param_info cdlbigcandle_par[] = {KL__CANDLE_SIZE("long", "long body", 0, 10, 1.4)};
static const kl_output_info cdlbigcandle_out[] = {
    {"cdlbigcandle", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlbigcandle, "Big candle", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "cdlbigcandle = 100 * (white * long - black * long);");
