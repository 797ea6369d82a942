#include "indicator/formula.h"

static const kl_input_info rwi_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info rwi_par[] = {{"n", "bars of the move", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rwi_out[] = {
    {"up", "move up in units of a random walk", KL__ANY, "own", 0, 0, 0},
    {"down", "move down in units of a random walk", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(rwi, "Random walk index", "momentum", KL_EXACT, "Michael Poulos, Technical Analysis of Stocks & Commodities, 1990",
    "w = atr(high, low, close, n)*sqrt(n);"
    "up = (high - low[n])/w;"
    "down = (high[n] - low)/w;");
