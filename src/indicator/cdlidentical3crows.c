#include "indicator/candle.h"
static const kl_param_info cdlidentical3crows_par[] = {KL__CANDLE_SHADOW_VERY_SHORT, KL__CANDLE_EQUAL};
static const kl_output_info cdlidentical3crows_out[] = {
    {"cdlidentical3crows", "-100 in the pattern's last bar, else 0", -100, 0, "own", 0, 0, 0}};
KL__CANDLE(cdlidentical3crows, "Identical three crows", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "lower = candle_lower(open, low, close);"
    "black = close < open;"
    "no_lower = lower < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "fell = close < close[1];"
    "crow = black * no_lower;"
    "opens = (open >= close[1] - equal[1]) * (open <= close[1] + equal[1]);"
    "cdlidentical3crows = -100 * (crow[2] * crow[1] * crow * fell[1] * fell * opens[1] * opens);");
