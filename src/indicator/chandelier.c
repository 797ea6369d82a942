#include "indicator/formula.h"

static const kl_input_info chandelier_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info chandelier_par[] = {
    {"n", "length of extremes and average true range in bars", KL_PARAM_INT, 22, 1, KL_PERIOD_MAX, NULL},
    {"mult", "distance in average true ranges", KL_PARAM_REAL, 3, 0, 1000, NULL}};
static const kl_output_info chandelier_out[] = {{"long", "highest high - mult * atr", KL__ANY, "price", 0, 1, 0},
                                                {"short", "lowest low + mult * atr", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(chandelier, "Chandelier exit", "overlap", KL_EXACT, "C. Le Beau; A. Elder, Come Into My Trading Room, 2002",
    "width = mult * atr(high, low, close, n);"
    "long = max(high, n) - width;"
    "short = min(low, n) + width;");
