#include "indicator/formula.h"

static const kl_input_info hvar_in[] = {{"x", "close"}};
static const kl_param_info hvar_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 1, KL_PERIOD_MAX, NULL},
    {"p", "share of worse returns", KL_PARAM_REAL, 0.05, 0, 1, NULL}};
static const kl_output_info hvar_out[] = {{"hvar", "loss that a share p of returns exceeds", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(hvar, "Historical value at risk", "statistics", KL_EXACT, "J. P. Morgan, RiskMetrics Technical Document, 1996",
    "hvar = -quantile(ret(x), n, p);");
