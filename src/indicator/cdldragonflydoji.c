#include "indicator/candle.h"
static const kl_param_info cdldragonflydoji_par[] = {KL__CANDLE_DOJI, KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdldragonflydoji_out[] = {
    {"cdldragonflydoji", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdldragonflydoji, "Dragonfly doji", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "shadow_very_short = candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "no_upper = upper < shadow_very_short;"
    "cdldragonflydoji = 100 * (doji * no_upper * (lower > shadow_very_short));");
