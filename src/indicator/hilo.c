#include "indicator/formula.h"

static const kl_input_info hilo_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info hilo_par[] = {{"n", "length of both averages in bars", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info hilo_out[] = {{"hilo", "average low in a rise, average high in a fall", KL__ANY, "price", 0, 1, 0},
                                          {"trend", "1 in a rise, -1 in a fall", -1, 1, "own", 0, 0, 0}};
KL__FORMULA(hilo, "Gann HiLo activator", "overlap", KL_EXACT, "R. Krausz, Technical Analysis of Stocks & Commodities, 1998",
    "above = sma(high, n);"
    "below = sma(low, n);"
    "side = (close > above[1]) - (close < below[1]);"
    "trend = value_when(side != 0, side);"
    "hilo = if(trend > 0, below, above);");
