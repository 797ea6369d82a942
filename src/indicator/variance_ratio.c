#include "indicator/formula.h"

static const kl_input_info variance_ratio_in[] = {{"x", "close"}};
static const kl_param_info variance_ratio_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL},
    {"k", "bars of the long returns", KL_PARAM_INT, 2, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info variance_ratio_out[] = {
    {"variance_ratio", "variance of long returns over that of short ones", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(variance_ratio, "Variance ratio", "statistics", KL_EXACT,
    "Andrew Lo and Craig MacKinlay, Review of Financial Studies, 1988",
    "variance_ratio = var(logret(x, k), n)/(k*var(logret(x), n));");
