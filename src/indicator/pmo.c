#include "indicator/formula.h"

static const kl_input_info pmo_in[] = {{"x", "close"}};
static const kl_param_info pmo_par[] = {
    {"n1", "length of the first smoothing", KL_PARAM_INT, 35, 2, KL_PERIOD_MAX, NULL},
    {"n2", "length of the second", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"signal", "length of the signal's average", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pmo_out[] = {
    {"pmo", "twice smoothed change", KL__ANY, "own", 0, 0, 0},
    {"signal", "exponential average of pmo", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(pmo, "DecisionPoint price momentum oscillator", "momentum", KL_EXACT, "Carl Swenlin",
    "pmo = ewm(10*ewm(roc(x, 1), 2/n1, first), 2/n2, first);"
    "signal = ema(pmo, signal);");
