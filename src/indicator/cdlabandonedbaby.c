#include "indicator/candle.h"
static const kl_param_info cdlabandonedbaby_par[] = {KL__CANDLE_LONG, KL__CANDLE_DOJI, KL__CANDLE_SHORT,
    KL__CANDLE_PENETRATION(0.3)};
static const kl_output_info cdlabandonedbaby_out[] = {
    {"cdlabandonedbaby", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE(cdlabandonedbaby, "Abandoned baby", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "white = close >= open;"
    "black = close < open;"
    "long = body > candle_size(open, high, low, close, long_of, long_n, long_factor);"
    "small = body <= candle_size(open, high, low, close, short_of, short_n, short_factor);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "baby = long[2] * doji[1] * (1 - small);"
    "leap = low > high[1];"
    "drop = high < low[1];"
    "up = baby * black[2] * white * (close > (close + body * penetration)[2]) * drop[1] * leap;"
    "down = baby * white[2] * black * (close < (close - body * penetration)[2]) * leap[1] * drop;"
    "cdlabandonedbaby = 100 * (up - down);");
