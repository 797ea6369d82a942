#include "indicator/candle.h"
static const kl_param_info cdlkickingbylength_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdlkickingbylength_out[] = {
    {"cdlkickingbylength", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlkickingbylength, "Kicking, by the longer candle", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "body = candle_body(open, close);"
    "marubozu = cdlmarubozu(open, high, low, close, long_of, long_n, long_factor, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "kicking = cdlkicking(open, high, low, close, long_of, long_n, long_factor, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "longer = if(body > body[1], marubozu, marubozu[1]);"
    "cdlkickingbylength = abs(kicking) * sign(longer);");
