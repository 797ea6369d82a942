#include "indicator/formula.h"

static const kl_input_info ac_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info ac_par[] = {
    {"fast", "length of the fast mean", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow mean", KL_PARAM_INT, 34, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the mean that is taken off", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ac_out[] = {{"ac", "ao less its mean", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(ac, "Accelerator oscillator", "momentum", KL_EXACT, "Bill Williams, New Trading Dimensions, 1998",
    "a = ao(high, low, fast, slow);"
    "ac = a - sma(a, signal);");
