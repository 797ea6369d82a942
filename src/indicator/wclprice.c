#include "base/fp.h"
#include "indicator/rows.h"

KL__ROWS_BAR3(wclprice, kl__rows_seal(0.25 * ((a + b) + (c + c))))

static const kl_input_info wclprice_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info wclprice_out[] = {{"wclprice", "mean with the close counted twice", KL__ANY, "price", 0, 1, 0}};
KL__ROWS_INDICATOR(wclprice, "Weighted close price", "price", "(high + low + 2 * close) / 4")
