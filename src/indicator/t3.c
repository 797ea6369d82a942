#include "indicator/formula.h"

static const kl_input_info t3_in[] = {{"x", "close"}};
static const kl_param_info t3_par[] = {
    {"n", "length of each average in bars", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"v", "volume factor: 0 is an average of averages, 1 a DEMA of DEMAs", KL_PARAM_REAL, 0.7, 0, 1, NULL}};
static const kl_output_info t3_out[] = {{"t3", "smoothed average", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(t3, "Tillson T3 moving average", "overlap", KL_EXACT,
    "T. Tillson, Technical Analysis of Stocks & Commodities, 1998",
    "a = ema(ema(ema(x, n), n), n);"
    "b = ema(a, n);"
    "c = ema(b, n);"
    "d = ema(c, n);"
    "u = 1 + v;"
    "t3 = d + (u * u * u * (a - d) - 3 * v * u * u * (b - d) + 3 * v * v * u * (c - d));");
