#include "indicator/formula.h"

static const kl_input_info halflife_in[] = {{"x", "close"}};
static const kl_param_info halflife_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info halflife_out[] = {
    {"halflife", "bars in which half of a distance is gone", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(halflife, "Half-life of mean reversion", "statistics", KL_EXACT, "Ernest Chan, Algorithmic Trading, 2013",
    "b = regbeta(x - x[1], x[1], n);"
    "h = ln(0.5)/ln(1 + b);"
    "halflife = if(h > 0, h, h/0);");
