#include "indicator/formula.h"

static const kl_input_info frama_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info frama_par[] = {
    {"n", "length of the window in bars; an odd one counts as the next even one", KL_PARAM_INT, 16, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info frama_out[] = {{"frama", "adaptive average of the middle price", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(frama, "Fractal adaptive moving average", "overlap", KL_EXACT,
    "J. F. Ehlers, Technical Analysis of Stocks & Commodities, 2005",
    "half = ceil(n / 2);"
    "range = max(high, half) - min(low, half);"
    "before = lag(range, half);"
    "whole = max(high, 2 * half) - min(low, 2 * half);"
    "dimension = ln((range + before) / whole) / ln(2);"
    "middle = (high + low) / 2;"
    "frama = adapt(middle, if(min2(range, before) == 0, 1, min2(exp(-4.6 * dimension), 1)), middle[1], 0.01);");
