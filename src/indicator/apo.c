#include "indicator/formula.h"
#include "indicator/average_types.h"

const char *const kl__average_types[] = {"sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3", NULL};

static const kl_input_info apo_in[] = {{"x", "close"}};
static const kl_param_info apo_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"matype", "kind of both averages", KL_PARAM_CHOICE, 1, 0, 8, kl__average_types}};
static const kl_output_info apo_out[] = {{"apo", "fast less slow average", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(apo, "Absolute price oscillator", "momentum", KL_EXACT, "own definition: difference of two averages",
    "f = min2(fast, slow);"
    "s = max2(fast, slow);"
    "apo = ma(x, f, matype) - ma(x, s, matype);");
