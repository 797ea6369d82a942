#include "indicator/formula.h"

static const kl_input_info trade_size_in[] = {{"volume", "volume"}, {"trades", "trade_count"}};
static const kl_param_info trade_size_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info trade_size_out[] = {{"trade_size", "volume of a trade", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA(trade_size, "Average size of a trade", "volume", KL_EXACT, "own definition",
    "trade_size = sum(volume, n)/sum(trades, n);");
