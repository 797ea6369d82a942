#include "indicator/candle.h"
static const kl_param_info cdl3linestrike_par[] = {KL__CANDLE_NEAR};
static const kl_output_info cdl3linestrike_out[] = {
    {"cdl3linestrike", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdl3linestrike, "Three-line strike", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "top = max2(open, close);"
    "bottom = min2(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "near = candle_size(open, high, low, close, near_of, near_n, near_factor);"
    "rose = close > close[1];"
    "fell = close < close[1];"
    "opens = (open >= bottom[1] - near[1]) * (open <= top[1] + near[1]);"
    "soldiers = white * white[1] * white[2] * rose * rose[1];"
    "crows = black * black[1] * black[2] * fell * fell[1];"
    "chain = opens[2] * opens[1];"
    "up = chain * soldiers[1] * black * (open > close[1]) * (close < open[3]);"
    "down = chain * crows[1] * white * (open < close[1]) * (close > open[3]);"
    "cdl3linestrike = 100 * (up - down);");
