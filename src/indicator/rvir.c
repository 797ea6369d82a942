#include "indicator/formula.h"

static const kl_input_info rvir_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info rvir_par[] = {
    {"n", "length of Wilder's averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"std", "length of the standard deviation", KL_PARAM_INT, 10, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info rvir_out[] = {{"rvir", "mean of the indices of high and low", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(rvir, "Relative volatility index, revised", "volatility", KL_EXACT,
    "Donald Dorsey, Technical Analysis of Stocks & Commodities, 1995",
    "rvir = (rvi(high, n, std) + rvi(low, n, std))/2;");
