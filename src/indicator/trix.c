#include "indicator/formula.h"

static const kl_input_info trix_in[] = {{"x", "close"}};
static const kl_param_info trix_par[] = {{"n", "length of each average in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info trix_out[] = {{"trix", "change of the triple average in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(trix, "Triple exponential rate of change", "momentum", KL_EXACT,
    "Jack Hutson, Technical Analysis of Stocks & Commodities, 1983",
    "a = ema(ema(ema(x, n), n), n);"
    "trix = 100*((a - a[1])/a[1]);");
