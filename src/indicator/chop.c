#include "indicator/formula.h"

static const char *const chop_bounds[] = {"high_low", "true_range", NULL};
static const kl_input_info chop_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info chop_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 14, 2, KL_PERIOD_MAX, NULL},
    {"bounds", "range of the window: of highs and lows, or of true highs and true lows, which count the close before each bar", KL_PARAM_CHOICE, 0, 0, 1, chop_bounds}};
static const kl_output_info chop_out[] = {
    {"chop", "way in units of the range, as a power of n, in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(chop, "Choppiness index", "momentum", KL_EXACT, "E. W. Dreiss",
    "top = if(bounds == true_range, max2(high, close[1]), high);"
    "bottom = if(bounds == true_range, min2(low, close[1]), low);"
    "chop = 100*(ln(sum(trange(high, low, close), n)/(max(top, n) - min(bottom, n)))/ln(n));");
