#include "indicator/formula.h"
#include "indicator/direction.h"

static const kl_input_info minus_di_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info minus_di_par[] = {
    {"n", "length of the averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}, KL__DIRECTION_KIND};
static const kl_output_info minus_di_out[] = {{"minus_di", "moves down in percent of the true range", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(minus_di, "Minus directional indicator", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "x = dmove(high, low, close).minus;"
    "y = dmove(high, low, close).range;"
    "a = if(kind == wilder, rma(x, n, 0, n == 1), ema(x, n, 0, n == 1));"
    "b = if(kind == wilder, rma(y, n, 0, n == 1), ema(y, n, 0, n == 1));"
    "minus_di = min2(100*(a/b), 100);");
