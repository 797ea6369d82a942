#include "indicator/candle.h"
static const kl_param_info cdlharami_par[] = {KL__CANDLE_LONG, KL__CANDLE_SHORT};
static const kl_output_info cdlharami_out[] = {
    {"cdlharami", "100 or 80 (after a black candle), -100 or -80 (after a white one), 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlharami, "Harami", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "inside = (top <= top[1]) * (bottom >= bottom[1]);"
    "within = (top < top[1]) * (bottom > bottom[1]);"
    "up = long[1] * small * black[1];"
    "down = long[1] * small * white[1];"
    "cdlharami = 80 * (up * inside - down * inside) + 20 * (up * within - down * within);");
