#include "indicator/formula.h"

static const kl_input_info bipower_in[] = {{"x", "close"}};
static const kl_param_info bipower_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 24, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info bipower_out[] = {
    {"bipower", "volatility of n bars without jumps", 0, HUGE_VAL, "own", 0, 0, 0},
    {"jump", "share of jumps in the realised variance", 0, 1, "own", 0, 0, 0}};
KL__FORMULA(bipower, "Bipower variation", "volatility", KL_EXACT,
    "Ole Barndorff-Nielsen and Neil Shephard, Journal of Financial Econometrics, 2004",
    "r = logret(x);"
    "b = 3.141592653589793/2*n/(n - 1)*sum(abs(r)*abs(r[1]), n - 1);"
    "bipower = sqrt(b);"
    "jump = max2(1 - b/sum(r*r, n), 0);");
