#include "indicator/formula.h"

static const kl_input_info jma_in[] = {{"x", "close"}};
static const kl_param_info jma_par[] = {{"n", "length in bars", KL_PARAM_INT, 7, 2, KL_PERIOD_MAX, NULL},
                                        {"phase", "overshoot: -100 none, 100 most", KL_PARAM_REAL, 0, -100, 100, NULL},
                                        {"power", "of the smoothing", KL_PARAM_REAL, 2, 0.1, 10, NULL}};
static const kl_output_info jma_out[] = {{"jma", "smoothed price", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(jma, "Jurik moving average, public approximation", "overlap", KL_EXACT,
    "approximation of an unpublished filter of M. Jurik, widespread since 2008",
    "beta = 0.45 * (n - 1) / (0.45 * (n - 1) + 2);"
    "alpha = 1 - exp(power * ln(beta));"
    "a = ewm(x, alpha);"
    "b = ewm(x - a, 1 - beta, zero);"
    "jma = ewm(ewm(a + (phase / 100 + 1.5) * b, alpha), alpha);");
