#include "indicator/formula.h"

static const kl_input_info alligator_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info alligator_par[] = {
    {"jaw_n", "length of the slowest average in bars", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL},
    {"teeth_n", "length of the middle average in bars", KL_PARAM_INT, 8, 1, KL_PERIOD_MAX, NULL},
    {"lips_n", "length of the fastest average in bars", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info alligator_out[] = {{"jaw", "slowest average", KL__ANY, "price", 8, 1, 0},
                                               {"teeth", "middle average", KL__ANY, "price", 5, 1, 0},
                                               {"lips", "fastest average", KL__ANY, "price", 3, 1, 0}};
KL__FORMULA(alligator, "Williams alligator", "overlap", KL_EXACT, "B. Williams, Trading Chaos, 1995",
    "middle = (high + low) / 2;"
    "jaw = rma(middle, jaw_n);"
    "teeth = rma(middle, teeth_n);"
    "lips = rma(middle, lips_n);");
