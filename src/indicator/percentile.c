#include "indicator/formula.h"

static const kl_input_info percentile_in[] = {{"x", "close"}};
static const kl_param_info percentile_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"percentile", "percent of the values that are not above it", KL_PARAM_REAL, 50, 0, 100, NULL}};
static const kl_output_info percentile_out[] = {{"percentile", "value of that rank", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(percentile, "Percentile by nearest rank", "statistics", KL_EXACT, "own definition",
    "percentile = quantile(x, n, max2(ceil(n*percentile/100) - 1, 0)/max2(n - 1, 1), nearest);");
