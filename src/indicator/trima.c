#include "indicator/formula.h"

static const kl_input_info trima_in[] = {{"x", "close"}};
static const kl_param_info trima_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info trima_out[] = {
    {"trima", "mean with weights that rise to the middle of the window and fall again", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(trima, "Triangular moving average", "overlap", KL_EXACT, "simple average of a simple average",
    "trima = sma(sma(x, ceil(n / 2)), floor(n / 2) + 1);");
