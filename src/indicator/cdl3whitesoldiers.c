#include "indicator/candle.h"
static const kl_param_info cdl3whitesoldiers_par[] = {KL__CANDLE_SHORT, KL__CANDLE_SHADOW_VERY_SHORT, KL__CANDLE_NEAR,
    KL__CANDLE_FAR};
static const kl_output_info cdl3whitesoldiers_out[] = {
    {"cdl3whitesoldiers", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdl3whitesoldiers, "Three advancing white soldiers", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "white = close >= open;"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "no_upper = upper < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "far = candle_size(open, high, low, close, far_of, far_n, far_factor);"
    "rose = close > close[1];"
    "soldier = white * no_upper;"
    "opens = (open > open[1]) * (open <= close[1] + near[1]);"
    "keeps = body > body[1] - far[1];"
    "cdl3whitesoldiers = 100 * (soldier[2] * soldier[1] * soldier * rose[1] * rose * opens[1] * opens * keeps[1] "
        "* keeps * (1 - small));");
