#include "indicator/formula.h"

static const kl_input_info beta_in[] = {{"x", "high"}, {"y", "low"}};
static const kl_param_info beta_par[] = {{"n", "returns in the window", KL_PARAM_INT, 5, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info beta_out[] = {{"beta", "slope", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(beta, "Beta of returns", "statistics", KL_EXACT, "slope of the returns of y over those of x",
    "beta = regbeta(ret(y), ret(x), n);");
