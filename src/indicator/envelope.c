#include "indicator/formula.h"

static const char *const envelope_averages[] = {"sma", "ema", NULL};
static const kl_input_info envelope_in[] = {{"x", "close"}};
static const kl_param_info envelope_par[] = {{"n", "length of the average in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
                                             {"percent", "distance of the bands", KL_PARAM_REAL, 2.5, 0, 1000, NULL},
                                             {"average", "of the values", KL_PARAM_CHOICE, 0, 0, 1, envelope_averages}};
static const kl_output_info envelope_out[] = {{"upper", "upper band", KL__ANY, "price", 0, 1, 0},
                                              {"middle", "average", KL__ANY, "price", 0, 1, 0},
                                              {"lower", "lower band", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(envelope, "Moving average envelope", "overlap", KL_EXACT, "average +- percent of itself",
    "middle = if(average == sma, sma(x, n), ema(x, n));"
    "upper = middle * (1 + percent / 100);"
    "lower = middle * (1 - percent / 100);");
