#include "indicator/formula.h"

static const kl_input_info typprice_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info typprice_out[] = {{"typprice", "mean of high, low and close", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(typprice, "Typical price", "price", KL_EXACT, "(high + low + close) / 3",
    "typprice = (high + low + close) / 3;");
