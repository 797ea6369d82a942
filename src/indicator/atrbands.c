#include "indicator/formula.h"

static const kl_input_info atrbands_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info atrbands_par[] = {
    {"n", "length of the average true range in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"mult", "distance of the bands in average true ranges", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info atrbands_out[] = {{"upper", "close + mult * atr", KL__ANY, "price", 0, 1, 0},
                                              {"lower", "close - mult * atr", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(atrbands, "ATR bands", "overlap", KL_EXACT, "close +- mult * average true range",
    "width = mult * atr(high, low, close, n);"
    "upper = close + width;"
    "lower = close - width;");
