#include "indicator/formula.h"

static const kl_input_info yangzhang_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info yangzhang_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info yangzhang_out[] = {
    {"yangzhang", "standard deviation of returns by this estimate", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(yangzhang, "Yang-Zhang volatility", "volatility", KL_EXACT,
    "Dennis Yang and Qiang Zhang, Journal of Business, 2000",
    "rs = sma(ln(high/close)*ln(high/open) + ln(low/close)*ln(low/open), n);"
    "k = 0.34/(1.34 + (n + 1)/(n - 1));"
    "yangzhang = sqrt(year*(var(ln(open/close[1]), n) + k*var(ln(close/open), n) + (1 - k)*rs));");
