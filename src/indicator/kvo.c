#include "indicator/formula.h"

static const kl_input_info kvo_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info kvo_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 34, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars", KL_PARAM_INT, 55, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the average of the line", KL_PARAM_INT, 13, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info kvo_out[] = {
    {"kvo", "fast minus slow average of the volume force", KL__ANY, "own", 0, 0, 1},
    {"signal", "average of kvo", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA(kvo, "Klinger volume oscillator", "volume", KL_EXACT,
    "Stephen J. Klinger, Technical Analysis of Stocks & Commodities, 1997",
    "p = high + low + close;"
    "d = p - p[1];"
    "dm = high - low;"
    "t = value_when(d != 0, sign(d));"
    "turn = coalesce(t != t[1], known(t));"
    "cm = cumsum_since(dm, turn) + value_when(turn, dm[1]);"
    "force = 100*t*(volume*abs(2*(dm/cm) - 1));"
    "kvo = ema(force, fast, first) - ema(force, slow, first);"
    "signal = ema(kvo, signal);");
