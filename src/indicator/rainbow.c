#include "indicator/formula.h"

static const kl_input_info rainbow_in[] = {{"x", "close"}};
static const kl_param_info rainbow_par[] = {{"n", "length of each average in bars", KL_PARAM_INT, 2, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rainbow_out[] = {{"r1", "average of the values", KL__ANY, "price", 0, 1, 0},
                                             {"r2", "average of r1", KL__ANY, "price", 0, 1, 0},
                                             {"r3", "average of r2", KL__ANY, "price", 0, 1, 0},
                                             {"r4", "average of r3", KL__ANY, "price", 0, 1, 0},
                                             {"r5", "average of r4", KL__ANY, "price", 0, 1, 0},
                                             {"r6", "average of r5", KL__ANY, "price", 0, 1, 0},
                                             {"r7", "average of r6", KL__ANY, "price", 0, 1, 0},
                                             {"r8", "average of r7", KL__ANY, "price", 0, 1, 0},
                                             {"r9", "average of r8", KL__ANY, "price", 0, 1, 0},
                                             {"r10", "average of r9", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(rainbow, "Rainbow moving averages", "overlap", KL_EXACT,
    "M. Widner, Technical Analysis of Stocks & Commodities, 1997",
    "r1 = sma(x, n);"
    "r2 = sma(r1, n);"
    "r3 = sma(r2, n);"
    "r4 = sma(r3, n);"
    "r5 = sma(r4, n);"
    "r6 = sma(r5, n);"
    "r7 = sma(r6, n);"
    "r8 = sma(r7, n);"
    "r9 = sma(r8, n);"
    "r10 = sma(r9, n);");
