#include "indicator/formula.h"

static const kl_input_info rvi_in[] = {{"x", "close"}};
static const kl_param_info rvi_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"std", "length of the standard deviation", KL_PARAM_INT, 10, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info rvi_out[] = {{"rvi", "deviation in rises in percent of all", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(rvi, "Relative volatility index", "volatility", KL_EXACT,
    "Donald Dorsey, Technical Analysis of Stocks & Commodities, 1993",
    "d = x - x[1];"
    "s = std(x, std, ddof=0);"
    "u = rma(s*(d > 0), n);"
    "v = rma(s*(d < 0), n);"
    "rvi = 100*(u/(u + v));");
