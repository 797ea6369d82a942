#include "indicator/formula.h"

static const kl_input_info qstick_in[] = {{"open", "open"}, {"close", "close"}};
static const kl_param_info qstick_par[] = {{"n", "length of the mean in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info qstick_out[] = {{"qstick", "mean of close less open", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(qstick, "Qstick", "momentum", KL_EXACT, "T. S. Chande and S. Kroll, The New Technical Trader, 1994",
    "qstick = sma(close - open, n);");
