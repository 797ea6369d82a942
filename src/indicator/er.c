#include "indicator/formula.h"

static const kl_input_info er_in[] = {{"x", "close"}};
static const kl_param_info er_par[] = {{"n", "length of the way in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info er_out[] = {{"er", "change over the way", 0, 1, "own", 0, 0, 0}};
KL__FORMULA(er, "Efficiency ratio", "momentum", KL_EXACT, "Perry J. Kaufman, Smarter Trading, 1995",
    "er = min2(abs(x - x[n])/sum(abs(x - x[1]), n), 1);");
