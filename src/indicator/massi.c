#include "indicator/formula.h"

static const kl_input_info massi_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info massi_par[] = {
    {"fast", "length of each average of the range", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the sum", KL_PARAM_INT, 25, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info massi_out[] = {{"massi", "sum of quotients of averages of the range", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(massi, "Mass index", "volatility", KL_EXACT, "Donald Dorsey, Technical Analysis of Stocks & Commodities, 1992",
    "r = high - low;"
    "e = ema(if(r >= 0, r, 0/0), fast);"
    "massi = sum(e/ema(e, fast), slow);");
