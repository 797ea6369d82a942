#include "indicator/formula.h"

static const kl_input_info calmar_in[] = {{"x", "close"}};
static const kl_param_info calmar_par[] = {
    {"n", "bars of the return: a year of them by custom", KL_PARAM_INT, 365, 1, 99999, NULL}};
static const kl_output_info calmar_out[] = {{"calmar", "return over maximum drawdown", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(calmar, "Calmar ratio", "statistics", KL_EXACT, "Terry W. Young, Futures, 1991",
    "calmar = ret(x, n)/maxdd(x, n + 1);");
