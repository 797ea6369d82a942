#include "indicator/formula.h"

static const kl_input_info starc_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info starc_par[] = {
    {"n", "length of the average in bars", KL_PARAM_INT, 6, 1, KL_PERIOD_MAX, NULL},
    {"atr_n", "length of the average true range in bars", KL_PARAM_INT, 15, 1, KL_PERIOD_MAX, NULL},
    {"mult", "distance of the bands in average true ranges", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info starc_out[] = {{"upper", "upper band", KL__ANY, "price", 0, 1, 0},
                                           {"middle", "mean close", KL__ANY, "price", 0, 1, 0},
                                           {"lower", "lower band", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(starc, "STARC bands", "overlap", KL_EXACT, "M. Stoller",
    "middle = sma(close, n);"
    "width = mult * atr(high, low, close, atr_n);"
    "upper = middle + width;"
    "lower = middle - width;");
