#include "indicator/formula.h"
static const kl_input_info candle_upper_in[] = {{"open", "open"}, {"high", "high"}, {"close", "close"}};
static const kl_output_info candle_upper_out[] = {{"candle_upper", "high above the body", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA_PLAIN(candle_upper, "Upper shadow of a candle", "price", KL_EXACT,
    "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "candle_upper = high - max2(open, close);");
