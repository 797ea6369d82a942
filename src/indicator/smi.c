#include "indicator/formula.h"

static const kl_input_info smi_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info smi_par[] = {
    {"n", "bars of the range", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL},
    {"fast", "length of the second average", KL_PARAM_INT, 2, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the first average", KL_PARAM_INT, 25, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the signal's average", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info smi_out[] = {
    {"smi", "distance from the middle in percent of half the range", -100, 100, "own", 0, 0, 0},
    {"signal", "exponential average of smi", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(smi, "Stochastic momentum index", "momentum", KL_EXACT, "William Blau, Stocks & Commodities, 1993",
    "top = max(high, n);"
    "bottom = min(low, n);"
    "half = (top - bottom)/2;"
    "a = ema(ema(((close - bottom) - (top - close))/2, slow), fast);"
    "b = ema(ema(half, slow), fast);"
    "smi = min2(max2(100*(a/b), -100), 100);"
    "signal = ema(smi, signal);");
