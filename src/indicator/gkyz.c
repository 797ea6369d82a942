#include "indicator/formula.h"

static const kl_input_info gkyz_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info gkyz_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info gkyz_out[] = {
    {"gkyz", "standard deviation of returns by this estimate", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(gkyz, "Garman-Klass volatility with gaps", "volatility", KL_EXACT,
    "Dennis Yang and Qiang Zhang, Journal of Business, 2000",
    "g = ln(open/close[1]);"
    "l = ln(high/low);"
    "c = ln(close/open);"
    "gkyz = sqrt(year*sma(g*g + (l*l/2 - (2*ln(2) - 1)*(c*c)), n));");
