#include "indicator/formula.h"

static const kl_input_info semidev_in[] = {{"x", "close"}};
static const kl_param_info semidev_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"mar", "return from which on it is up", KL_PARAM_REAL, 0, -1, 1, NULL}};
static const kl_output_info semidev_out[] = {
    {"down", "root of the mean square of returns below mar", 0, HUGE_VAL, "own", 0, 0, 0},
    {"up", "the same above mar", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(semidev, "Semideviation", "volatility", KL_EXACT, "own definition",
    "d = min2(ret(x) - mar, 0);"
    "u = max2(ret(x) - mar, 0);"
    "down = sqrt(sma(d*d, n));"
    "up = sqrt(sma(u*u, n));");
