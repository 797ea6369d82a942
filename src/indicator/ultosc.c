#include "indicator/formula.h"

static const kl_input_info ultosc_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info ultosc_par[] = {
    {"n1", "first length in bars", KL_PARAM_INT, 7, 1, KL_PERIOD_MAX, NULL},
    {"n2", "second length", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"n3", "third length", KL_PARAM_INT, 28, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ultosc_out[] = {{"ultosc", "weighted buying pressure in percent", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(ultosc, "Ultimate oscillator", "momentum", KL_EXACT,
    "Larry R. Williams, Technical Analysis of Stocks & Commodities, 1985",
    "a = min2(n1, min2(n2, n3));"
    "c = max2(n1, max2(n2, n3));"
    "b = max2(min2(n1, n2), min2(max2(n1, n2), n3));"
    "bottom = min2(low, close[1]);"
    "p = close - bottom;"
    "t = max2(high, close[1]) - bottom;"
    "u = (4*(sum(p, a)/sum(t, a)) + 2*(sum(p, b)/sum(t, b)) + sum(p, c)/sum(t, c))/7;"
    "ultosc = min2(max2(100*u, 0), 100);");
