#include "indicator/formula.h"

static const kl_input_info ulcer_in[] = {{"x", "close"}};
static const kl_param_info ulcer_par[] = {{"n", "length of both windows in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ulcer_out[] = {
    {"ulcer", "root of the mean square of drawdowns in percent", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(ulcer, "Ulcer index", "volatility", KL_EXACT,
    "Peter Martin and Byron McCann, The Investor's Guide to Fidelity Funds, 1989",
    "m = max(x, n);"
    "d = 100*((m - x)/m);"
    "ulcer = sqrt(sma(d*d, n));");
