#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info bbands_in[] = {{"x", "close"}};
static const kl_param_info bbands_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0, 1000, NULL},
    {"down", "distance of the lower band; below 0: that of the upper one", KL_PARAM_REAL, -1, -1, 1000, NULL},
    {"matype", "kind of average in the middle", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types}};
static const kl_output_info bbands_out[] = {{"upper", "middle + dev * std", KL__ANY, "price", 0, 1, 0},
                                            {"middle", "average of the last n values", KL__ANY, "price", 0, 1, 0},
                                            {"lower", "middle - down * std", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(bbands, "Bollinger bands", "overlap", KL_EXACT, "John Bollinger, Bollinger on Bollinger Bands, 2001: mean +- dev * std, ddof 0",
    "simple = matype == sma or n == 1;"
    "less = if(down < 0, dev, down);"
    "middle = if(simple, stdbands(x, n, dev).middle, ma(x, n, matype));"
    "upper = if(simple, stdbands(x, n, dev).upper, middle + stddev(x, n, dev));"
    "lower = if(simple, stdbands(x, n, less).lower, middle - stddev(x, n, less));");
