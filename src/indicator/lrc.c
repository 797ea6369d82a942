#include "indicator/formula.h"

static const kl_input_info lrc_in[] = {{"x", "close"}};
static const kl_param_info lrc_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 3, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in deviations", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info lrc_out[] = {
    {"upper", "middle + dev * deviation", KL__ANY, "price", 0, 1, 0},
    {"middle", "line of least squares at the newest bar", KL__ANY, "price", 0, 1, 0},
    {"lower", "middle - dev * deviation", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(lrc, "Linear regression channel", "statistics", KL_EXACT, "own definition",
    "middle = line(x, n);"
    "e = dev*residual(x, n, 1);"
    "upper = middle + e;"
    "lower = middle - e;");
