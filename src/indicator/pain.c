#include "indicator/formula.h"

static const kl_input_info pain_in[] = {{"x", "close"}};
static const kl_param_info pain_par[] = {{"n", "length of both windows in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pain_out[] = {{"pain", "mean of drawdowns in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(pain, "Pain index", "volatility", KL_EXACT, "Thomas Becker, Zephyr Associates, 2006",
    "m = max(x, n);"
    "pain = 100*sma((m - x)/m, n);");
