#include "indicator/formula.h"
static const kl_input_info candle_lower_in[] = {{"open", "open"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info candle_lower_out[] = {{"candle_lower", "low below the body", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA_PLAIN(candle_lower, "Lower shadow of a candle", "price", KL_EXACT,
    "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "candle_lower = min2(open, close) - low;");
