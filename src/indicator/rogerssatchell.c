#include "indicator/formula.h"

static const kl_input_info rogerssatchell_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info rogerssatchell_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"year", "bars of a year, 1: volatility of one bar", KL_PARAM_REAL, 1, 1, 10000000, NULL}};
static const kl_output_info rogerssatchell_out[] = {
    {"rogerssatchell", "standard deviation of returns by this estimate", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(rogerssatchell, "Rogers-Satchell volatility", "volatility", KL_EXACT,
    "L. C. G. Rogers and S. E. Satchell, Annals of Applied Probability, 1991",
    "rogerssatchell = sqrt(year*sma(ln(high/close)*ln(high/open) + ln(low/close)*ln(low/open), n));");
