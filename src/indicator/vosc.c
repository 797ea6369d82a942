#include "base/fp.h"
#include "indicator/fews.h"

static const kl_input_info vosc_in[] = {{"volume", "volume"}};
static const kl_param_info vosc_par[] = {
    {"fast", "length of the fast mean in bars", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow mean in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vosc_out[] = {
    {"vosc", "fast above slow mean of volume in percent of the slow one", KL__ANY, "own", 0, 0, 0}};
KL__FEWS(vosc, KL__FEW_X, KL__FEW_PERCENT, params[0], params[1], "Volume oscillator", "volume", "own definition")
