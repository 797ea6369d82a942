#include "indicator/candle.h"
static const kl_param_info cdllongleggeddoji_par[] = {KL__CANDLE_DOJI, KL__CANDLE_SHADOW_LONG};
static const kl_output_info cdllongleggeddoji_out[] = {
    {"cdllongleggeddoji", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdllongleggeddoji, "Long-legged doji", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "upper = candle_upper(open, high, close);"
    "lower = candle_lower(open, low, close);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "shadow_long = candle_size(open, high, low, close, shadow_long_of, shadow_long_n, shadow_long_factor);"
    "cdllongleggeddoji = 100 * (doji * max2(lower > shadow_long, upper > shadow_long));");
