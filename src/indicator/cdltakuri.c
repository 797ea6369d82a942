#include "indicator/candle.h"
static const kl_param_info cdltakuri_par[] = {KL__CANDLE_DOJI, KL__CANDLE_SHADOW_VERY_SHORT, KL__CANDLE_SHADOW_VERY_LONG};
static const kl_output_info cdltakuri_out[] = {{"cdltakuri", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdltakuri, "Takuri", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "no_upper = upper < candle_size(open, high, low, close, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "cdltakuri = 100 * (doji * no_upper * (lower > candle_size(open, high, low, close, shadow_very_long_of, "
        "shadow_very_long_n, shadow_very_long_factor)));");
