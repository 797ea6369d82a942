#include "indicator/formula.h"

static const kl_input_info si_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info si_par[] = {
    {"limit", "limit of a move, in units of the price", KL_PARAM_REAL, 3, 1e-09, 1000000000.0, NULL}};
static const kl_output_info si_out[] = {{"si", "swing from bar to bar", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(si, "Swing index", "momentum", KL_EXACT, "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "c = close[1];"
    "o = open[1];"
    "a = abs(high - c);"
    "b = abs(low - c);"
    "g = abs(c - o)/4;"
    "r = if(a >= max2(b, high - low), a - b/2 + g, if(b >= high - low, b - a/2 + g, high - low + g));"
    "v = 50*(((close - c) + (close - open)/2 + (c - o)/4)*max2(a, b)/(r*limit));"
    "si = if(r == 0, 0, v);");
