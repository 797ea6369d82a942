#include "base/fp.h"
#include "indicator/rows.h"

KL__ROWS_BAR4(avgprice, kl__rows_seal(0.25 * ((a + b) + (c + d))))

static const kl_input_info avgprice_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info avgprice_out[] = {{"avgprice", "mean of the four prices", KL__ANY, "price", 0, 1, 0}};
KL__ROWS_INDICATOR(avgprice, "Average price", "price", "(open + high + low + close) / 4")
