#include "indicator/formula.h"

static const kl_input_info volratio_in[] = {{"x", "close"}};
static const kl_param_info volratio_par[] = {
    {"fast", "length of the short window", KL_PARAM_INT, 10, 2, KL_PERIOD_MAX, NULL},
    {"slow", "length of the long window", KL_PARAM_INT, 100, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info volratio_out[] = {
    {"volratio", "volatility of the short window over that of the long one", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(volratio, "Volatility ratio", "volatility", KL_EXACT, "own definition",
    "r = logret(x);"
    "volratio = std(r, fast)/std(r, slow);");
