#include "indicator/formula.h"

static const kl_input_info cti_in[] = {{"x", "close"}};
static const kl_param_info cti_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 12, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info cti_out[] = {{"cti", "correlation of the values with time", -1, 1, "own", 0, 0, 0}};
KL__FORMULA(cti, "Correlation trend indicator", "momentum", KL_EXACT,
    "John F. Ehlers, Technical Analysis of Stocks & Commodities, May 2020",
    "cti = sign(slope(x, n))*sqrt(line_r2(x, n));");
