#include "indicator/formula.h"

static const kl_input_info omega_in[] = {{"x", "close"}};
static const kl_param_info omega_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"mar", "return between gains and losses", KL_PARAM_REAL, 0, -1, 1, NULL}};
static const kl_output_info omega_out[] = {{"omega", "gains over losses", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(omega, "Omega ratio", "statistics", KL_EXACT,
    "Con Keating and William Shadwick, Journal of Performance Measurement, 2002",
    "r = ret(x) - mar;"
    "omega = sum(max2(r, 0), n)/sum(max2(-r, 0), n);");
