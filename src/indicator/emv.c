#include "indicator/formula.h"

static const kl_input_info emv_in[] = {{"high", "high"}, {"low", "low"}, {"volume", "volume"}};
static const kl_param_info emv_par[] = {
    {"n", "length of the average in bars", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL},
    {"scale", "factor that makes numbers handy", KL_PARAM_REAL, 10000, 0, 1000000000000.0, NULL}};
static const kl_output_info emv_out[] = {{"emv", "move of the middle a unit of volume and range", KL__ANY, "own", 0, 2, -1}};
KL__FORMULA(emv, "Ease of movement", "volume", KL_EXACT, "Richard W. Arms",
    "m = (high + low)/2;"
    "emv = sma(scale*((m - m[1])*((high - low)/volume)), n);");
