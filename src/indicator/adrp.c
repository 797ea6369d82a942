#include "indicator/formula.h"

static const kl_input_info adrp_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info adrp_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info adrp_out[] = {{"adrp", "mean of the range in percent of the low", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(adrp, "Average range in percent", "volatility", KL_EXACT, "own definition",
    "adrp = 100*sma((high - low)/low, n);");
