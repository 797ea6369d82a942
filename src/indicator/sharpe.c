#include "indicator/formula.h"

static const kl_input_info sharpe_in[] = {{"x", "close"}};
static const kl_param_info sharpe_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 30, 2, KL_PERIOD_MAX, NULL},
    {"rf", "riskless return of a bar", KL_PARAM_REAL, 0, -1, 1, NULL},
    {"year", "bars of a year, 1: ratio of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info sharpe_out[] = {{"sharpe", "mean over standard deviation of returns", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(sharpe, "Sharpe ratio", "statistics", KL_EXACT, "William F. Sharpe, Journal of Portfolio Management, 1994",
    "r = ret(x);"
    "sharpe = sqrt(year)*((mean(r, n) - rf)/std(r, n));");
