#include "indicator/formula.h"

static const kl_input_info wavetrend_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info wavetrend_par[] = {
    {"n1", "length of the channel", KL_PARAM_INT, 10, 2, KL_PERIOD_MAX, NULL},
    {"n2", "length of the average", KL_PARAM_INT, 21, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the signal's mean", KL_PARAM_INT, 4, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info wavetrend_out[] = {
    {"wavetrend", "averaged distance in mean deviations", KL__ANY, "own", 0, 0, 0},
    {"signal", "mean of wavetrend", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(wavetrend, "Wave trend oscillator", "momentum", KL_EXACT, "common; LazyBear, TradingView, 2014",
    "p = (high + low + close)/3;"
    "e = ema(p, n1);"
    "d = ema(abs(p - e), n1);"
    "wavetrend = ema((p - e)/(0.015*d), n2);"
    "signal = sma(wavetrend, signal);");
