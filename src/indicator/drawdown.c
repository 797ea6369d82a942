#include "indicator/formula.h"

static const kl_input_info drawdown_in[] = {{"x", "close"}};
static const kl_param_info drawdown_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 252, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info drawdown_out[] = {
    {"drawdown", "distance from the greatest of n values as a share", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(drawdown, "Drawdown", "volatility", KL_EXACT, "own definition",
    "m = max(x, n);"
    "drawdown = (m - x)/m;");
