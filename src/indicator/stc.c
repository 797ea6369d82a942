#include "indicator/formula.h"

static const kl_input_info stc_in[] = {{"x", "close"}};
static const kl_param_info stc_par[] = {
    {"n", "bars of each range", KL_PARAM_INT, 10, 2, KL_PERIOD_MAX, NULL},
    {"fast", "length of the fast average", KL_PARAM_INT, 23, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average", KL_PARAM_INT, 50, 1, KL_PERIOD_MAX, NULL},
    {"factor", "weight of the newest value in each smoothing", KL_PARAM_REAL, 0.5, 0.001, 1, NULL}};
static const kl_output_info stc_out[] = {
    {"stc", "place of the smoothed place of the difference of averages", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(stc, "Schaff trend cycle", "momentum", KL_EXACT, "Doug Schaff, 1999",
    "m = ema(x, fast) - ema(x, slow);"
    "least = min(m, n);"
    "k = 100*((m - least)/(max(m, n) - least));"
    "d = ewm(hold(k) + (m - m), factor, first);"
    "least_d = min(d, n);"
    "k_d = 100*((d - least_d)/(max(d, n) - least_d));"
    "stc = min2(max2(ewm(hold(k_d) + (m - m), factor, first), 0), 100);");
