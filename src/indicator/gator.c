#include "indicator/formula.h"

static const kl_input_info gator_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info gator_par[] = {
    {"jaw_n", "length of the slowest average in bars", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL},
    {"teeth_n", "length of the middle average in bars", KL_PARAM_INT, 8, 1, KL_PERIOD_MAX, NULL},
    {"lips_n", "length of the fastest average in bars", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info gator_out[] = {{"upper", "distance of jaw and teeth", 0, HUGE_VAL, "own", 0, 1, 0},
                                           {"lower", "distance of teeth and lips, below 0", -HUGE_VAL, 0, "own", 0, 1, 0}};
KL__FORMULA(gator, "Williams gator oscillator", "momentum", KL_EXACT, "B. Williams, New Trading Dimensions, 1998",
    "middle = (high + low) / 2;"
    "jaw = rma(middle, jaw_n)[8];"
    "teeth = rma(middle, teeth_n)[5];"
    "lips = rma(middle, lips_n)[3];"
    "upper = abs(jaw - teeth);"
    "lower = -abs(teeth - lips);");
