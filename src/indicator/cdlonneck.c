#include "indicator/candle.h"
static const kl_param_info cdlonneck_par[] = {KL__CANDLE_LONG, KL__CANDLE_EQUAL};
static const kl_output_info cdlonneck_out[] = {{"cdlonneck", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdlonneck, "On-neck line", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "cdlonneck = -100 * ((black * long)[1] * white * (open < low[1]) * (close <= low[1] + equal[1]) "
        "* (close >= low[1] - equal[1]));");
