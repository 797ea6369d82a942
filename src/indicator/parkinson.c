#include "indicator/formula.h"

static const kl_input_info parkinson_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info parkinson_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info parkinson_out[] = {
    {"parkinson", "standard deviation of returns by this estimate", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(parkinson, "Parkinson volatility", "volatility", KL_EXACT, "Michael Parkinson, Journal of Business, 1980",
    "l = ln(high/low);"
    "parkinson = sqrt(year*(sma(l*l, n)/(4*ln(2))));");
