#include "indicator/formula.h"

static const kl_input_info cv_in[] = {{"x", "close"}};
static const kl_param_info cv_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info cv_out[] = {{"cv", "standard deviation over mean", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(cv, "Coefficient of variation", "statistics", KL_EXACT, "own definition",
    "cv = std(x, n)/mean(x, n);");
