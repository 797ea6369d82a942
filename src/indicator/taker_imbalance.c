#include "indicator/formula.h"

static const kl_input_info taker_imbalance_in[] = {{"volume", "volume"}, {"taker", "taker_buy_base"}};
static const kl_param_info taker_imbalance_par[] = {
    {"n", "length of the sums in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info taker_imbalance_out[] = {
    {"taker_imbalance", "buying minus selling volume as a share of all", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(taker_imbalance, "Taker imbalance", "volume", KL_EXACT, "own definition",
    "taker_imbalance = sum(taker - (volume - taker), n)/sum(volume, n);");
