#include "indicator/formula.h"

static const kl_input_info vpin_in[] = {{"volume", "volume"}, {"taker", "taker_buy_base"}};
static const kl_param_info vpin_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 50, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vpin_out[] = {
    {"vpin", "imbalance of bars without its sign, as a share of volume", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(vpin, "Probability of informed trading by volume", "volume", KL_EXACT,
    "D. Easley, M. Lopez de Prado and M. O'Hara, Review of Financial Studies, 2012",
    "vpin = sum(abs(taker - (volume - taker)), n)/sum(volume, n);");
