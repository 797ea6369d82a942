#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info pvo_in[] = {{"volume", "volume"}};
static const kl_param_info pvo_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the exponential average of the line", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"matype", "kind of the averages of volume", KL_PARAM_CHOICE, 1, 0, 8, kl__average_types}};
static const kl_output_info pvo_out[] = {
    {"pvo", "fast above slow average in percent of the slow one", KL__ANY, "own", 0, 0, 0},
    {"signal", "average of pvo", KL__ANY, "own", 0, 0, 0},
    {"hist", "pvo minus signal", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(pvo, "Percentage volume oscillator", "volume", KL_EXACT, "own definition",
    "a = ma(volume, min2(fast, slow), matype);"
    "b = ma(volume, max2(fast, slow), matype);"
    "pvo = 100*((a - b)/b);"
    "signal = ema(pvo, signal);"
    "hist = pvo - signal;");
