#include "indicator/formula.h"

static const kl_input_info taker_ratio_in[] = {{"volume", "volume"}, {"taker", "taker_buy_base"}};
static const kl_param_info taker_ratio_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info taker_ratio_out[] = {{"taker_ratio", "share of volume whose taker bought", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(taker_ratio, "Taker buy ratio", "volume", KL_EXACT, "own definition",
    "taker_ratio = sum(taker, n)/sum(volume, n);");
