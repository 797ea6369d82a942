#include "indicator/formula.h"

static const kl_input_info fractal_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info fractal_par[] = {{"left", "bars before the extreme", KL_PARAM_INT, 2, 1, 10000, NULL},
                                            {"right", "bars after it, which confirm it", KL_PARAM_INT, 2, 1, 10000, NULL}};
static const kl_output_info fractal_out[] = {{"swinghigh", "100 where a high is confirmed, else 0", 0, 100, "own", 0, 0, 0},
                                             {"swinglow", "100 where a low is confirmed, else 0", 0, 100, "own", 0, 0, 0},
                                             {"upper", "price of the last confirmed high", KL__ANY, "price", 0, 1, 0},
                                             {"lower", "price of the last confirmed low", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(fractal, "Williams fractals", "levels", KL_EXACT, "B. Williams, Trading Chaos, 1995",
    "top = lag(high, right);"
    "up = top > max2(max(lag(high, right + 1), left), max(high, right));"
    "bottom = lag(low, right);"
    "down = bottom < min2(min(lag(low, right + 1), left), min(low, right));"
    "swinghigh = 100 * up;"
    "swinglow = 100 * down;"
    "upper = value_when(up, top);"
    "lower = value_when(down, bottom);");
