#include "indicator/candle.h"
static const kl_param_info cdlthrusting_par[] = {KL__CANDLE_LONG, KL__CANDLE_EQUAL, KL__CANDLE_PENETRATION(0.5)};
static const kl_output_info cdlthrusting_out[] = {
    {"cdlthrusting", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdlthrusting, "Thrusting line", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "cdlthrusting = -100 * ((black * long)[1] * white * (open < low[1]) * (close > close[1] + equal[1]) "
        "* (close <= (close + body * penetration)[1]));");
