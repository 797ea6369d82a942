#include "indicator/candle.h"
static const kl_param_info cdldoji_par[] = {KL__CANDLE_DOJI};
static const kl_output_info cdldoji_out[] = {{"cdldoji", "100 in the pattern's last bar, else 0", 0, 100, "own", 0, 0, 0}};
KL__CANDLE(cdldoji, "Doji", "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "body = candle_body(open, close);"
    "doji = body <= candle_size(open, high, low, close, doji_of, doji_n, doji_factor);"
    "cdldoji = 100 * doji;");
