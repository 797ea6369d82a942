#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info stoch_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info stoch_par[] = {
    {"fastk", "bars of the range", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"slowk", "length of the average that makes slow %K", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"slowk_matype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types},
    {"slowd", "length of the average that makes slow %D", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"slowd_matype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types}};
static const kl_output_info stoch_out[] = {
    {"slowk", "slow %K", KL__ANY, "own", 0, 0, 0},
    {"slowd", "slow %D", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(stoch, "Stochastic oscillator", "momentum", KL_EXACT, "George C. Lane",
    "slowk = ma(rsv(high, low, close, fastk), slowk, slowk_matype);"
    "slowd = ma(slowk, slowd, slowd_matype);");
