#include "indicator/candle.h"
static const kl_param_info cdlmatchinglow_par[] = {KL__CANDLE_EQUAL};
static const kl_output_info cdlmatchinglow_out[] = {
    {"cdlmatchinglow", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlmatchinglow, "Matching low", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "black = close < open;"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "meets = (close <= close[1] + equal[1]) * (close >= close[1] - equal[1]);"
    "cdlmatchinglow = 100 * (black[1] * black * meets);");
