#include "indicator/formula.h"

static const kl_input_info dema_in[] = {{"x", "close"}};
static const kl_param_info dema_par[] = {{"n", "length of each average in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info dema_out[] = {{"dema", "double exponential average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(dema, "Double exponential moving average", "overlap", KL_EXACT,
    "P. G. Mulloy, Technical Analysis of Stocks & Commodities, 1994",
    "a = ema(x, n);"
    "dema = a + (a - ema(a, n));");
