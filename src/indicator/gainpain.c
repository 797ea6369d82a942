#include "indicator/formula.h"

static const kl_input_info gainpain_in[] = {{"x", "close"}};
static const kl_param_info gainpain_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info gainpain_out[] = {{"gainpain", "sum of returns over losses", -1, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(gainpain, "Gain to pain ratio", "statistics", KL_EXACT, "Jack Schwager, Hedge Fund Market Wizards, 2012",
    "r = ret(x);"
    "gainpain = max2(sum(r, n)/sum(max2(-r, 0), n), -1);");
