#include "base/fp.h"
#include "indicator/fews.h"

static const kl_input_info ao_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info ao_par[] = {
    {"fast", "length of the fast mean", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow mean", KL_PARAM_INT, 34, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ao_out[] = {{"ao", "fast less slow mean", KL__ANY, "own", 0, 1, 0}};
KL__FEWS(ao, KL__FEW_MIDDLE, KL__FEW_AWAY, params[0], params[1], "Awesome oscillator", "momentum", "Bill Williams, New Trading Dimensions, 1998")
