#include "indicator/formula.h"

static const kl_input_info wvf_in[] = {{"low", "low"}, {"close", "close"}};
static const kl_param_info wvf_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 22, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info wvf_out[] = {{"wvf", "low below the greatest close in percent", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(wvf, "Williams' VIX fix", "volatility", KL_EXACT, "Larry Williams, Active Trader, 2007",
    "m = max(close, n);"
    "wvf = 100*((m - low)/m);");
