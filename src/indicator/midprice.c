#include "indicator/spans.h"

static const kl_input_info midprice_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info midprice_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info midprice_out[] = {
    {"midprice", "middle between highest high and lowest low", KL__ANY, "price", 0, 1, 0}};
KL__SPANS(midprice, KL__SPAN_MIDDLE, 1, "Midpoint of the price range", "overlap", "(highest high + lowest low) / 2", NULL)
