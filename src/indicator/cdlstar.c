#include "indicator/candle.h"
static const kl_output_info cdlstar_out[] = {
    {"cdlstar", "100 or -100 in the pattern's last bar, else 0", -100, 100, "own", 0, 0, 0}};
KL__CANDLE_PLAIN(cdlstar, "Star", "Gregory L. Morris, Candlestick Charting Explained, 1992",
    "cdlstar = 100 * ((low > high[1]) - (high < low[1]));");
