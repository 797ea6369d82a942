#include "indicator/formula.h"

static const kl_input_info cmf_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info cmf_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info cmf_out[] = {{"cmf", "flow into the close as a share of all volume", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(cmf, "Chaikin money flow", "volume", KL_EXACT, "Marc Chaikin",
    "r = high - low;"
    "m = if(r > 0, ((close - low) - (high - close))/r, sqrt(r))*volume;"
    "cmf = sum(m, n)/sum(volume, n);");
