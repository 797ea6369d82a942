#include "indicator/formula.h"

static const kl_input_info eri_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info eri_par[] = {{"n", "length of the average in bars", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info eri_out[] = {
    {"bull", "high less the average", KL__ANY, "own", 0, 1, 0},
    {"bear", "low less the average", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(eri, "Elder ray index", "momentum", KL_EXACT, "Alexander Elder, Trading for a Living, 1993",
    "e = ema(close, n);"
    "bull = high - e;"
    "bear = low - e;");
