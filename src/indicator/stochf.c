#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info stochf_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info stochf_par[] = {
    {"fastk", "bars of the range", KL_PARAM_INT, 5, 1, KL_PERIOD_MAX, NULL},
    {"fastd", "length of the average that makes fast %D", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"fastd_matype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types}};
static const kl_output_info stochf_out[] = {
    {"fastk", "fast %K", 0, 100, "own", 0, 0, 0},
    {"fastd", "fast %D", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(stochf, "Stochastic oscillator, fast", "momentum", KL_EXACT, "George C. Lane",
    "k = rsv(high, low, close, fastk);"
    "fastd = ma(k, fastd, fastd_matype);"
    "fastk = k;");
