#include "indicator/formula.h"

static const kl_input_info autocorr_in[] = {{"x", "close"}};
static const kl_param_info autocorr_par[] = {
    {"n", "values that are compared", KL_PARAM_INT, 30, 2, KL_PERIOD_MAX, NULL},
    {"lag", "bars between them", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info autocorr_out[] = {
    {"autocorr", "correlation of values and those of lag bars before", -1, 1, "own", 0, 0, 0}};
KL__FORMULA(autocorr, "Autocorrelation", "statistics", KL_EXACT, "own definition",
    "autocorr = corr(x, x[lag], n);");
