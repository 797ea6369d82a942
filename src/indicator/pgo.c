#include "indicator/formula.h"

static const kl_input_info pgo_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info pgo_par[] = {{"n", "length of both averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pgo_out[] = {{"pgo", "distance from the mean in average true ranges", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(pgo, "Pretty good oscillator", "momentum", KL_EXACT, "Mark Johnson",
    "pgo = (close - sma(close, n))/ema(trange(high, low, close), n);");
