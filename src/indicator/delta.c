#include "indicator/formula.h"

static const kl_input_info delta_in[] = {{"volume", "volume"}, {"taker", "taker_buy_base"}};
static const kl_param_info delta_par[] = {{"n", "length of the sum in bars", KL_PARAM_INT, 1, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info delta_out[] = {
    {"delta", "volume of buying takers minus that of selling ones", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA(delta, "Volume delta", "volume", KL_EXACT, "own definition",
    "delta = sum(taker - (volume - taker), n);");
