#include "indicator/formula.h"

static const kl_input_info cvar_in[] = {{"x", "close"}};
static const kl_param_info cvar_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 1, 1000, NULL},
    {"p", "share of worst returns", KL_PARAM_REAL, 0.05, 0, 1, NULL}};
static const kl_output_info cvar_out[] = {{"cvar", "mean loss of the worst returns", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(cvar, "Expected shortfall", "statistics", KL_EXACT, "R. T. Rockafellar and S. Uryasev, Journal of Risk, 2000",
    "cvar = -trimmed_mean(ret(x), n, 0, 1 - p);");
