#include "indicator/formula.h"

static const kl_input_info kama_in[] = {{"x", "close"}};
static const kl_param_info kama_par[] = {
    {"n", "bars over which the way is compared with the distance", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"fast", "length of the fastest average in bars", KL_PARAM_INT, 2, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slowest average in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info kama_out[] = {{"kama", "adaptive average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(kama, "Kaufman adaptive moving average", "overlap", KL_EXACT, "P. J. Kaufman, Smarter Trading, 1995",
    "path = sum(abs(x - x[1]), n);"
    "efficiency = if(path == 0, 1, min2(abs(x - lag(x, n)) / path, 1));"
    "least = 2 / (slow + 1);"
    "factor = efficiency * (2 / (fast + 1) - least) + least;"
    "slowest = min2(least, 2 / (fast + 1));"
    "kama = adapt(x, factor * factor, x[1], slowest * slowest);");
