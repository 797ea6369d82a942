#include "indicator/candle.h"
static const kl_param_info cdlharamicross_par[] = {KL__CANDLE_LONG, KL__CANDLE_DOJI};
static const kl_output_info cdlharamicross_out[] = {
    {"cdlharamicross", "100 or 80 (after a black candle), -100 or -80 (after a white one), 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlharamicross, "Harami cross", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "inside = (top <= top[1]) * (bottom >= bottom[1]);"
    "within = (top < top[1]) * (bottom > bottom[1]);"
    "up = long[1] * doji * black[1];"
    "down = long[1] * doji * white[1];"
    "cdlharamicross = 80 * (up * inside - down * inside) + 20 * (up * within - down * within);");
