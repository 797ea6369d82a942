#include "indicator/candle.h"
static const kl_param_info cdlsticksandwich_par[] = {KL__CANDLE_EQUAL};
static const kl_output_info cdlsticksandwich_out[] = {
    {"cdlsticksandwich", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlsticksandwich, "Stick sandwich", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "white = close >= open;"
    "black = close < open;"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "meets = (close <= close[2] + equal[2]) * (close >= close[2] - equal[2]);"
    "cdlsticksandwich = 100 * (black[2] * (white * (low > close[1]))[1] * black * meets);");
