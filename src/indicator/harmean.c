#include "indicator/formula.h"

static const kl_input_info harmean_in[] = {{"x", "close"}};
static const kl_param_info harmean_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info harmean_out[] = {{"harmean", "harmonic mean", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(harmean, "Harmonic mean", "statistics", KL_EXACT, "own definition",
    "harmean = 1/sma(1/x, n);");
