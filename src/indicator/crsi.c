#include "indicator/formula.h"

static const kl_input_info crsi_in[] = {{"x", "close"}};
static const kl_param_info crsi_par[] = {
    {"n", "length of the RSI of the values", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"streak", "length of the RSI of the streaks", KL_PARAM_INT, 2, 1, KL_PERIOD_MAX, NULL},
    {"rank", "changes that the last one is compared with", KL_PARAM_INT, 100, 1, KL_PERIOD_MAX - 1, NULL}};
static const kl_output_info crsi_out[] = {{"crsi", "mean of three indices", 0, 100, "own", 0, 0, 0}};
KL__FORMULA(crsi, "Connors RSI", "momentum", KL_EXACT, "Larry Connors, 2012",
    "c = (rsi(x, n) + rsi(streak(x), streak) + 100*prank(ret(x), rank + 1, below))/3;"
    "crsi = min2(max2(c, 0), 100);");
