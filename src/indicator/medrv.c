#include "indicator/formula.h"

static const kl_input_info medrv_in[] = {{"x", "close"}};
static const kl_param_info medrv_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 24, 3, KL_PERIOD_MAX, NULL},
    {"year", "stretches of n bars in a year, 1: volatility of n bars", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info medrv_out[] = {{"medrv", "volatility of n bars without jumps", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(medrv, "Volatility by medians of three", "volatility", KL_EXACT,
    "Torben Andersen, Dobrislav Dobrev and Ernst Schaumburg, Journal of Econometrics, 2012",
    "m = median(abs(logret(x)), 3);"
    "medrv = sqrt(year*(3.141592653589793/(6 - 4*sqrt(3) + 3.141592653589793)*n/(n - 2))*sum(m*m, n - 2));");
