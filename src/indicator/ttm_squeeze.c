#include "indicator/formula.h"

static const kl_input_info ttm_squeeze_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info ttm_squeeze_par[] = {
    {"n", "length of all windows in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL},
    {"bb", "width of the Bollinger bands in deviations", KL_PARAM_REAL, 2, 0, 100, NULL},
    {"kc", "width of the Keltner channel in mean true ranges", KL_PARAM_REAL, 1.5, 0, 100, NULL}};
static const kl_output_info ttm_squeeze_out[] = {
    {"squeeze", "1 while the Bollinger bands lie within the channel, else 0", 0, 1, "own", 0, 0, 0},
    {"momentum", "line of least squares through the distance from the middle", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(ttm_squeeze, "TTM squeeze", "momentum", KL_EXACT, "John F. Carter, Mastering the Trade, 2005",
    "top = if(high >= low, high, 0/0);"
    "squeeze = bb*std(close, n, ddof=0) < kc*sma(trange(top, low, close), n);"
    "momentum = line(close - ((max(top, n) + min(low, n))/2 + sma(close, n))/2, n);");
