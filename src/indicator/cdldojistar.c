#include "indicator/candle.h"
static const kl_param_info cdldojistar_par[] = {KL__CANDLE_LONG, KL__CANDLE_DOJI};
static const kl_output_info cdldojistar_out[] = {
    {"cdldojistar", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdldojistar, "Doji star", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "gap_up = bottom > top[1];"
    "gap_down = top < bottom[1];"
    "cdldojistar = 100 * ((black * long)[1] * doji * gap_down - (white * long)[1] * doji * gap_up);");
