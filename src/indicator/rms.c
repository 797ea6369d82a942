#include "indicator/formula.h"

static const kl_input_info rms_in[] = {{"x", "close"}};
static const kl_param_info rms_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rms_out[] = {{"rms", "root of the mean of squares", 0, HUGE_VAL, "own", 0, 1, 0}};
KL__FORMULA(rms, "Root mean square", "statistics", KL_EXACT, "own definition",
    "rms = sqrt(sma(x*x, n));");
