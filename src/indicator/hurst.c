#include "indicator/formula.h"

static const kl_input_info hurst_in[] = {{"x", "close"}};
static const kl_param_info hurst_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 100, 8, KL_PERIOD_MAX, NULL}};
static const kl_output_info hurst_out[] = {{"hurst", "growth of the range with time", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(hurst, "Hurst exponent by rescaled range", "statistics", KL_EXACT,
    "H. E. Hurst, Transactions of the American Society of Civil Engineers, 1951",
    "hurst = ln(rescaled_range(logret(x), n))/ln(n);");
