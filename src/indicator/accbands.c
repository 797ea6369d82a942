#include "indicator/formula.h"

static const kl_input_info accbands_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info accbands_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
                                             {"factor", "of the relative range", KL_PARAM_REAL, 4, 0, 1000, NULL}};
static const kl_output_info accbands_out[] = {{"upper", "upper band", KL__ANY, "price", 0, 1, 0},
                                              {"middle", "mean close", KL__ANY, "price", 0, 1, 0},
                                              {"lower", "lower band", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(accbands, "Acceleration bands", "overlap", KL_EXACT, "P. Headley, Big Trends in Trading, 2002",
    "width = if(high + low == 0, 0, factor * (high - low) / (high + low));"
    "upper = sma(high * (1 + width), n);"
    "middle = sma(close, n);"
    "lower = sma(low * (1 - width), n);");
