#include "indicator/formula.h"

static const kl_input_info adosc_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info adosc_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 3, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info adosc_out[] = {
    {"adosc", "fast minus slow average of the accumulation line", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA(adosc, "Chaikin oscillator", "volume", KL_EXACT, "Marc Chaikin",
    "a = ad(high, low, close, volume);"
    "adosc = ema(a, fast, first) - ema(a, slow, first);");
