#include "indicator/formula.h"

static const kl_input_info dpo_in[] = {{"x", "close"}};
static const kl_param_info dpo_par[] = {{"n", "length of the mean in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info dpo_out[] = {{"dpo", "earlier value less the mean", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(dpo, "Detrended price oscillator", "momentum", KL_EXACT, "own definition: an earlier price less the mean",
    "dpo = x[floor(n/2) + 1] - sma(x, n);");
