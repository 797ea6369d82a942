#include "indicator/candle.h"
static const kl_param_info cdltasukigap_par[] = {KL__CANDLE_NEAR};
static const kl_output_info cdltasukigap_out[] = {
    {"cdltasukigap", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdltasukigap, "Tasuki gap", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "gap_up = bottom > top[1];"
    "gap_down = top < bottom[1];"
    "inside = (open > bottom[1]) * (open < top[1]);"
    "same = (body - body[1] < near[1]) * (body[1] - body < near[1]);"
    "up = (gap_up * white)[1] * black * inside * same * (close < open[1]) * (close > top[2]);"
    "down = (gap_down * black)[1] * white * inside * same * (close > open[1]) * (close < bottom[2]);"
    "cdltasukigap = 100 * (up - down);");
