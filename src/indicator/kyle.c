#include "indicator/formula.h"

static const kl_input_info kyle_in[] = {{"close", "close"}, {"volume", "volume"}, {"taker", "taker_buy_base"}};
static const kl_param_info kyle_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 50, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info kyle_out[] = {{"kyle", "move of the price by unit of net buying", KL__ANY, "own", 0, 1, -1}};
KL__FORMULA(kyle, "Kyle's lambda", "volume", KL_EXACT, "Albert S. Kyle, Econometrica, 1985",
    "kyle = regbeta(close - close[1], taker - (volume - taker), n);");
