#include "indicator/formula.h"
#include "indicator/average_types.h"

static const kl_input_info macdext_in[] = {{"x", "close"}};
static const kl_param_info macdext_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"fastmatype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"slowmatype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types},
    {"signal", "length of the signal's average in bars", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"signalmatype", "its kind", KL_PARAM_CHOICE, 0, 0, 8, kl__average_types}};
static const kl_output_info macdext_out[] = {
    {"macd", "fast less slow average", KL__ANY, "own", 0, 1, 0},
    {"signal", "average of macd", KL__ANY, "own", 0, 1, 0},
    {"hist", "macd less signal", KL__ANY, "own", 0, 1, 0}};
KL__FORMULA(macdext, "MACD with averages of choice", "momentum", KL_EXACT, "Gerald Appel; kinds of averages as in TA-Lib",
    "f = min2(fast, slow);"
    "s = max2(fast, slow);"
    "ft = if(fast <= slow, fastmatype, slowmatype);"
    "st = if(fast <= slow, slowmatype, fastmatype);"
    "lf = if(f == 1, 0, if(ft == dema, 2*(f - 1), if(ft == tema, 3*(f - 1), "
    "if(ft == kama, f, if(ft == mama, 32, if(ft == t3, 6*(f - 1), f - 1))))));"
    "ls = if(s == 1, 0, if(st == dema, 2*(s - 1), if(st == tema, 3*(s - 1), "
    "if(st == kama, s, if(st == mama, 32, if(st == t3, 6*(s - 1), s - 1))))));"
    "a = if(ft == ema, ema(x, f, 0, max2(lf, ls) - lf), ma(x, f, ft));"
    "b = if(st == ema, ema(x, s, 0, max2(lf, ls) - ls), ma(x, s, st));"
    "line = a - b;"
    "signal = ma(line, signal, signalmatype);"
    "macd = line + (signal - signal);"
    "hist = line - signal;");
