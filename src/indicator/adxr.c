#include "indicator/formula.h"
#include "indicator/direction.h"

static const kl_input_info adxr_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info adxr_par[] = {
    {"n", "length of the averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}, KL__DIRECTION_KIND};
static const kl_output_info adxr_out[] = {{"adxr", "mean of adx and its earlier value", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(adxr, "Average directional movement index rating", "momentum", KL_EXACT,
    "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    "a = adx(high, low, n, kind);"
    "adxr = (a + a[n - 1])/2;");
