#include "indicator/candle.h"
static const kl_param_info cdlgapsidesidewhite_par[] = {KL__CANDLE_NEAR, KL__CANDLE_EQUAL};
static const kl_output_info cdlgapsidesidewhite_out[] = {
    {"cdlgapsidesidewhite", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlgapsidesidewhite, "Side-by-side white lines", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "equal = candle_size(open, high, low, close, equal_of, equal_n, equal_factor);"
    "gap_up = bottom > top[1];"
    "gap_down = top < bottom[1];"
    "twins = white[1] * white * (body >= body[1] - near[1]) * (body <= body[1] + near[1]) "
        "* (open >= open[1] - equal[1]) * (open <= open[1] + equal[1]);"
    "up = gap_up[1] * (bottom > top[2]);"
    "down = gap_down[1] * (top < bottom[2]);"
    "cdlgapsidesidewhite = 100 * (twins * up - twins * down);");
