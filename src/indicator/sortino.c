#include "indicator/formula.h"

static const kl_input_info sortino_in[] = {{"x", "close"}};
static const kl_param_info sortino_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"mar", "return that has to be reached", KL_PARAM_REAL, 0, -1, 1, NULL},
    {"year", "bars of a year, 1: ratio of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info sortino_out[] = {{"sortino", "mean over semideviation of returns", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(sortino, "Sortino ratio", "statistics", KL_EXACT,
    "Frank Sortino and Robert van der Meer, Journal of Portfolio Management, 1991",
    "r = ret(x);"
    "d = min2(r - mar, 0);"
    "sortino = sqrt(year)*((mean(r, n) - mar)/sqrt(sma(d*d, n)));");
