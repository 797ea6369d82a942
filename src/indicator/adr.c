#include "base/fp.h"
#include "indicator/fews.h"

static const kl_input_info adr_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info adr_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info adr_out[] = {{"adr", "mean of high minus low", KL__ANY, "own", 0, 1, 0}};
KL__FEWS(adr, KL__FEW_LESS, KL__FEW_MEAN, params[0], 0.0, "Average range", "volatility", "own definition")
