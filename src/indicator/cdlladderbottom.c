#include "indicator/candle.h"
static const kl_param_info cdlladderbottom_par[] = {KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdlladderbottom_out[] = {
    {"cdlladderbottom", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlladderbottom, "Ladder bottom", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "upper = candle_upper(open, high, close);"
    "white = close >= open;"
    "black = close < open;"
    "fell = close < close[1];"
    "lower_open = open < open[1];"
    "cdlladderbottom = 100 * (black[4] * black[3] * black[2] * lower_open[3] * lower_open[2] * fell[3] * fell[2] "
        "* (black * (upper > candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor)))[1] * white * (open > open[1]) * (close > high[1]));");
