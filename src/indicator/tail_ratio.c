#include "indicator/formula.h"

static const kl_input_info tail_ratio_in[] = {{"x", "close"}};
static const kl_param_info tail_ratio_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 1, KL_PERIOD_MAX, NULL},
    {"p", "share of returns of each tail", KL_PARAM_REAL, 0.05, 0, 0.5, NULL}};
static const kl_output_info tail_ratio_out[] = {{"tail_ratio", "great gains over great losses", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(tail_ratio, "Tail ratio", "statistics", KL_EXACT, "own definition",
    "r = ret(x);"
    "tail_ratio = abs(quantile(r, n, 1 - p)/quantile(r, n, p));");
