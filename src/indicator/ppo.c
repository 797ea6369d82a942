#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info ppo_in[] = {{"x", "close"}};
static const kl_param_info ppo_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"matype", "kind of both averages", KL_PARAM_CHOICE, 1, 0, 8, kl__average_types}};
static const kl_output_info ppo_out[] = {{"ppo", "fast less slow average in percent of the slow one", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(ppo, "Percentage price oscillator", "momentum", KL_EXACT, "own definition: difference of two averages in percent",
    "f = min2(fast, slow);"
    "s = max2(fast, slow);"
    "a = ma(x, s, matype);"
    "ppo = 100*((ma(x, f, matype) - a)/a);");
