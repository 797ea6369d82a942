#include "indicator/formula.h"

static const kl_input_info seb_in[] = {{"x", "close"}};
static const kl_param_info seb_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 21, 3, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard errors", KL_PARAM_REAL, 2, 0, 1000, NULL},
    {"smooth", "length of the means at the end", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info seb_out[] = {
    {"upper", "middle + dev * standard error", KL__ANY, "price", 0, 1, 0},
    {"middle", "mean of the lines of least squares", KL__ANY, "price", 0, 1, 0},
    {"lower", "middle - dev * standard error", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(seb, "Standard error bands", "statistics", KL_EXACT,
    "Jon Andersen, Technical Analysis of Stocks & Commodities, 1996",
    "middle = sma(line(x, n), smooth);"
    "e = dev*sma(residual(x, n, 2), smooth);"
    "upper = middle + e;"
    "lower = middle - e;");
