#include "indicator/formula.h"

static const kl_input_info pvo_in[] = {{"volume", "volume"}};
static const kl_param_info pvo_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the average of the line", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info pvo_out[] = {
    {"pvo", "fast above slow average in percent of the slow one", KL__ANY, "own", 0, 0, 0},
    {"signal", "average of pvo", KL__ANY, "own", 0, 0, 0},
    {"hist", "pvo minus signal", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(pvo, "Percentage volume oscillator", "volume", KL_EXACT, "own definition",
    "a = ema(volume, fast);"
    "b = ema(volume, slow);"
    "pvo = 100*((a - b)/b);"
    "signal = ema(pvo, signal);"
    "hist = pvo - signal;");
