#include "indicator/formula.h"

static const kl_input_info kelly_in[] = {{"x", "close"}};
static const kl_param_info kelly_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL},
    {"rf", "riskless return of a bar", KL_PARAM_REAL, 0, -1, 1, NULL}};
static const kl_output_info kelly_out[] = {{"kelly", "mean over variance of returns", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(kelly, "Kelly fraction", "statistics", KL_EXACT, "J. L. Kelly, Bell System Technical Journal, 1956",
    "r = ret(x);"
    "kelly = (mean(r, n) - rf)/var(r, n);");
