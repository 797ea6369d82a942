#include "indicator/candle.h"
static const kl_output_info cdlengulfing_out[] = {
    {"cdlengulfing", "100 or 80 (white), -100 or -80 (black), 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE_PLAIN(cdlengulfing, "Engulfing", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "strictly = (top > top[1]) * (bottom < bottom[1]);"
    "within = max2((top >= top[1]) * (bottom < bottom[1]), (top > top[1]) * (bottom <= bottom[1]));"
    "up = white * black[1];"
    "down = black * white[1];"
    "cdlengulfing = 80 * (up * within - down * within) + 20 * (up * strictly - down * strictly);");
