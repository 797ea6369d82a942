#include "indicator/candle.h"
static const kl_param_info cdltristar_par[] = {KL__CANDLE_DOJI};
static const kl_output_info cdltristar_out[] = {
    {"cdltristar", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdltristar, "Tri-star", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "gap_up = bottom > top[1];"
    "gap_down = top < bottom[1];"
    "limit = candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "dojis = (body <= limit)[2] * (body[1] <= limit[2]) * (body <= limit[2]);"
    "cdltristar = 100 * (dojis * gap_down[1] * (bottom > bottom[1]) - dojis * gap_up[1] * (top < top[1]));");
