#include "indicator/formula.h"

static const kl_input_info rv_in[] = {{"x", "close"}};
static const kl_param_info rv_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 24, 1, KL_PERIOD_MAX, NULL},
    {"year", "stretches of n bars in a year, 1: volatility of n bars", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info rv_out[] = {{"rv", "root of the sum of squares of returns", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(rv, "Realised volatility", "volatility", KL_EXACT,
    "Torben Andersen and Tim Bollerslev, International Economic Review, 1998",
    "r = logret(x);"
    "rv = sqrt(year*sum(r*r, n));");
