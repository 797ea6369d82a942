#include "indicator/formula.h"

static const kl_input_info garmanklass_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info garmanklass_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info garmanklass_out[] = {
    {"garmanklass", "standard deviation of returns by this estimate", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(garmanklass, "Garman-Klass volatility", "volatility", KL_EXACT,
    "Mark Garman and Michael Klass, Journal of Business, 1980",
    "l = ln(high/low);"
    "c = ln(close/open);"
    "garmanklass = sqrt(year*sma(l*l/2 - (2*ln(2) - 1)*(c*c), n));");
