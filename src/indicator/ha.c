#include "indicator/formula.h"

static const kl_input_info ha_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info ha_out[] = {{"haopen", "middle of the candle before", KL__ANY, "price", 0, 1, 0},
                                        {"hahigh", "highest of high, haopen, haclose", KL__ANY, "price", 0, 1, 0},
                                        {"halow", "lowest of low, haopen, haclose", KL__ANY, "price", 0, 1, 0},
                                        {"haclose", "mean of the four prices", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(ha, "Heikin-Ashi candles", "overlap", KL_EXACT,
    "M. Homma; D. Valcu, Technical Analysis of Stocks & Commodities, 2004",
    "haclose = 0.25 * ((open + high) + (low + close));"
    "haopen = ewm(if(known(haclose), coalesce(hold(haclose)[1], (open + close) / 2), haclose), 0.5);"
    "hahigh = max2(high, max2(haopen, haclose));"
    "halow = min2(low, min2(haopen, haclose));");
