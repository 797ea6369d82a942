#include "indicator/candle.h"
static const kl_param_info cdlkicking_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHADOW_VERY_SHORT};
static const kl_output_info cdlkicking_out[] = {
    {"cdlkicking", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlkicking, "Kicking", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "marubozu = cdlmarubozu(open, high, low, close, long_of, long_n, long_factor, shadow_very_short_of, shadow_very_short_n, "
        "shadow_very_short_factor);"
    "kick_up = (marubozu[1] < 0) * (marubozu > 0) * (low > high[1]);"
    "kick_down = (marubozu[1] > 0) * (marubozu < 0) * (high < low[1]);"
    "cdlkicking = 100 * (kick_up - kick_down);");
