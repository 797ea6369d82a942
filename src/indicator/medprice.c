#include "base/fp.h"
#include "indicator/rows.h"

KL__ROWS2(medprice, kl__rows_seal(0.5 * kl__rows_limit(a + b)))

static const kl_input_info medprice_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_output_info medprice_out[] = {{"medprice", "middle of the bar", KL__ANY, "price", 0, 1, 0}};
KL__ROWS_INDICATOR(medprice, "Median price", "price", "(high + low) / 2")
