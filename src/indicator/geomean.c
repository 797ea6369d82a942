#include "indicator/formula.h"

static const kl_input_info geomean_in[] = {{"x", "close"}};
static const kl_param_info geomean_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info geomean_out[] = {{"geomean", "geometric mean", 0, HUGE_VAL, "price", 0, KL_POWER_NONE, 0}};
KL__FORMULA(geomean, "Geometric mean", "statistics", KL_EXACT, "own definition",
    "geomean = exp(sma(ln(x), n));");
