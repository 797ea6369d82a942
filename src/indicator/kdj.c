#include "indicator/formula.h"

static const char *const kdj_kinds[] = {"rma", "sma", "ema", NULL};
static const kl_input_info kdj_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info kdj_par[] = {
    {"fastk", "bars of the range", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"slowk", "length of the average that makes K", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"slowd", "length of the average that makes D", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"kind", "kind of both averages", KL_PARAM_CHOICE, 0, 0, 2, kdj_kinds}};
static const kl_output_info kdj_out[] = {
    {"k", "average of the place in the range", 0, 100, "own", 0, 0, 0},
    {"d", "average of K", 0, 100, "own", 0, 0, 0},
    {"j", "3 K - 2 D", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(kdj, "KDJ stochastic", "momentum", KL_EXACT, "George C. Lane; the line J is common in East Asia",
    "fast = rsv(high, low, close, fastk);"
    "k = if(kind == rma, rma(fast, slowk), if(kind == sma, sma(fast, slowk), ema(fast, slowk)));"
    "d = if(kind == rma, rma(k, slowd), if(kind == sma, sma(k, slowd), ema(k, slowd)));"
    "j = 3*k - 2*d;");
