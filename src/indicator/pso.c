#include "indicator/formula.h"

static const kl_input_info pso_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info pso_par[] = {
    {"n", "bars of the range", KL_PARAM_INT, 8, 1, KL_PERIOD_MAX, NULL},
    {"smooth", "length of each average", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pso_out[] = {{"pso", "normalised place in the range", -1, 1, "own", 0, 0, 0}};
KL__FORMULA(pso, "Premier stochastic oscillator", "momentum", KL_EXACT,
    "Lee Leibfarth, Technical Analysis of Stocks & Commodities, August 2008",
    "low_n = min(low, n);"
    "k = min2(max2(100*((close - low_n)/(max(high, n) - low_n)), 0), 100);"
    "a = ema(ema(0.1*(k - 50), smooth), smooth);"
    "pso = (exp(a) - 1)/(exp(a) + 1);");
