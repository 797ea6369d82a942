#include "indicator/formula.h"

static const kl_input_info cci_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info cci_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info cci_out[] = {
    {"cci", "distance from the mean in mean deviations, times 1/0.015", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(cci, "Commodity channel index", "momentum", KL_EXACT, "Donald R. Lambert, Commodities, 1980",
    "p = (high + low + close)/3;"
    "cci = (p - sma(p, n))/(0.015*avgdev(p, n));");
