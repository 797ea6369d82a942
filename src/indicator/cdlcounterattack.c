#include "indicator/candle.h"
static const kl_param_info cdlcounterattack_par[] = {KL__CANDLE_LONG, KL__CANDLE_EQUAL};
static const kl_output_info cdlcounterattack_out[] = {
    {"cdlcounterattack", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlcounterattack, "Counterattack lines", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "meets = (close <= close[1] + equal[1]) * (close >= close[1] - equal[1]);"
    "pair = long[1] * long * meets;"
    "cdlcounterattack = 100 * (pair * black[1] * white - pair * white[1] * black);");
