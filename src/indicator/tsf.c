#include "indicator/formula.h"

static const kl_input_info tsf_in[] = {{"x", "close"}};
static const kl_param_info tsf_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info tsf_out[] = {{"tsf", "value of the line one bar ahead", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(tsf, "Time series forecast", "statistics", KL_EXACT, "least squares",
    "tsf = line(x, n) + slope(x, n);");
