#include "indicator/formula.h"

static const kl_input_info stderror_in[] = {{"x", "close"}};
static const kl_param_info stderror_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info stderror_out[] = {{"stderror", "standard error", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(stderror, "Standard error of the mean", "statistics", KL_EXACT, "standard deviation / sqrt(n)",
    "stderror = std(x, n, ddof=0) / sqrt(n);");
