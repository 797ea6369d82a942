#include "base/fp.h"
#include "indicator/rows.h"

KL__ROWS_BAR3(typprice, kl__rows_seal((a + b + c) / 3.0))

static const kl_input_info typprice_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info typprice_out[] = {{"typprice", "mean of high, low and close", KL__ANY, "price", 0, 1, 0}};
KL__ROWS_INDICATOR(typprice, "Typical price", "price", "(high + low + close) / 3")
