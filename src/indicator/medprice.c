#include "indicator/formula.h"

static const kl_input_info medprice_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_output_info medprice_out[] = {{"medprice", "middle of the bar", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA_PLAIN(medprice, "Median price", "price", KL_EXACT, "(high + low) / 2",
    "medprice = 0.5 * (high + low);");
