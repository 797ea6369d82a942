#include "indicator/candle.h"
static const kl_param_info cdlconcealbabyswall_par[] = {KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdlconcealbabyswall_out[] = {
    {"cdlconcealbabyswall", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlconcealbabyswall, "Concealing baby swallow", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "black = close < open;"
    "shadow_very_short = candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "no_upper = upper < shadow_very_short;"
    "no_lower = lower < shadow_very_short;"
    "gap_down = top < bottom[1];"
    "crow = black * no_lower * no_upper;"
    "third = black * gap_down * (upper > shadow_very_short) * (high > close[1]);"
    "cdlconcealbabyswall = 100 * (crow[3] * crow[2] * third[1] * black * (high > high[1]) * (low < low[1]));");
