#include "indicator/formula.h"
static const kl_input_info candle_body_in[] = {{"open", "open"}, {"close", "close"}};
static const kl_output_info candle_body_out[] = {{"candle_body", "distance between open and close", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA_PLAIN(candle_body, "Body of a candle", "price", KL_EXACT,
    "Steve Nison, Japanese Candlestick Charting Techniques, 1991",
    "candle_body = abs(close - open);");
