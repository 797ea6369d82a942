#include "indicator/formula.h"

static const kl_input_info wclprice_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info wclprice_out[] = {{"wclprice", "mean with the close counted twice", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(wclprice, "Weighted close price", "price", KL_EXACT, "(high + low + 2 * close) / 4",
    "wclprice = 0.25 * (high + low + (close + close));");
