#include "indicator/formula.h"

static const kl_input_info minrv_in[] = {{"x", "close"}};
static const kl_param_info minrv_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 24, 2, KL_PERIOD_MAX, NULL},
    {"year", "stretches of n bars in a year, 1: volatility of n bars", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info minrv_out[] = {{"minrv", "volatility of n bars without jumps", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(minrv, "Volatility by minima of two", "volatility", KL_EXACT,
    "Torben Andersen, Dobrislav Dobrev and Ernst Schaumburg, Journal of Econometrics, 2012",
    "r = abs(logret(x));"
    "m = min2(r, r[1]);"
    "minrv = sqrt(year*(3.141592653589793/(3.141592653589793 - 2)*n/(n - 1))*sum(m*m, n - 1));");
