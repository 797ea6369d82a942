#include "indicator/formula.h"

static const kl_input_info avgprice_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info avgprice_out[] = {{"avgprice", "mean of the four prices", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(avgprice, "Average price", "price", KL_EXACT, "(open + high + low + close) / 4",
    "avgprice = 0.25 * ((open + high) + (low + close));");
