#include "indicator/formula.h"
#include "indicator/direction.h"

static const kl_input_info adx_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info adx_par[] = {
    {"n", "length of the averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}, KL__DIRECTION_KIND};
static const kl_output_info adx_out[] = {{"adx", "average of dx", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(adx, "Average directional movement index", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "x = dx(high, low, n, kind);"
    "adx = if(kind == wilder, rma(x, n, 0, n > 1), ema(x, n, 0, n > 1));");
