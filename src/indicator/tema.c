#include "indicator/formula.h"

static const kl_input_info tema_in[] = {{"x", "close"}};
static const kl_param_info tema_par[] = {{"n", "length of each average in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info tema_out[] = {{"tema", "triple exponential average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(tema, "Triple exponential moving average", "overlap", KL_EXACT,
    "P. G. Mulloy, Technical Analysis of Stocks & Commodities, 1994",
    "a = ema(x, n);"
    "b = ema(a, n);"
    "tema = 3 * (a - b) + ema(b, n);");
