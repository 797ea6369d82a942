#include "indicator/formula.h"

static const kl_input_info jarque_bera_in[] = {{"x", "close"}};
static const kl_param_info jarque_bera_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 4, KL_PERIOD_MAX, NULL}};
static const kl_output_info jarque_bera_out[] = {
    {"jarque_bera", "distance of the returns from a normal distribution", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(jarque_bera, "Jarque-Bera statistic", "statistics", KL_EXACT,
    "C. M. Jarque and A. K. Bera, Economics Letters, 1980",
    "r = logret(x);"
    "s = skew(r, n, ddof=0);"
    "k = kurt(r, n, ddof=0);"
    "jarque_bera = n/6*(s*s + k*k/4);");
