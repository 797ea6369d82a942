#include "indicator/formula.h"
#include "indicator/direction.h"

const char *const kl__direction_kinds[] = {"wilder", "ema", NULL};

static const kl_input_info dx_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info dx_par[] = {
    {"n", "length of the averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}, KL__DIRECTION_KIND};
static const kl_output_info dx_out[] = {
    {"dx", "difference of both directions in percent of their sum", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(dx, "Directional movement index", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "x = dmove(high, low, low).plus;"
    "y = dmove(high, low, low).minus;"
    "a = if(kind == wilder, rma(x, n, 0, n == 1), ema(x, n, 0, n == 1));"
    "b = if(kind == wilder, rma(y, n, 0, n == 1), ema(y, n, 0, n == 1));"
    "dx = 100*(abs(a - b)/(a + b));");
