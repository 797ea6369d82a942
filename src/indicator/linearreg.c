#include "indicator/formula.h"

static const kl_input_info linearreg_in[] = {{"x", "close"}};
static const kl_param_info linearreg_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info linearreg_out[] = {{"linearreg", "value of the line at the newest bar", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(linearreg, "Line of least squares at the newest bar", "statistics", KL_EXACT, "least squares",
    "linearreg = line(x, n);");
