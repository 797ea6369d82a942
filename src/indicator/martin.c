#include "indicator/formula.h"

static const kl_input_info martin_in[] = {{"x", "close"}};
static const kl_param_info martin_par[] = {
    {"n", "length of both windows of the ulcer index, and of the return", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info martin_out[] = {{"martin", "return in percent over ulcer index", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(martin, "Martin ratio", "statistics", KL_EXACT,
    "Peter Martin and Byron McCann, The Investor's Guide to Fidelity Funds, 1989",
    "martin = 100*ret(x, n)/ulcer(x, n);");
