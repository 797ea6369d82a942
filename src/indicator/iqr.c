#include "indicator/formula.h"

static const kl_input_info iqr_in[] = {{"x", "close"}};
static const kl_param_info iqr_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info iqr_out[] = {{"iqr", "distance of the quartiles", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(iqr, "Interquartile range", "statistics", KL_EXACT, "own definition",
    "iqr = max2(quantile(x, n, 0.75) - quantile(x, n, 0.25), 0);");
