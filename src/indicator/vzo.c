#include "indicator/formula.h"

static const kl_input_info vzo_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_param_info vzo_par[] = {{"n", "length of the averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vzo_out[] = {
    {"vzo", "average of signed volume in percent of that of volume", -100, 100, "own", 0, 0, 0}};
KL__FORMULA(vzo, "Volume zone oscillator", "volume", KL_EXACT, "Walid Khalil and David Steckler, IFTA Journal, 2011",
    "s = sign(close - close[1])*volume;"
    "v = if(known(s), volume, s);"
    "vzo = min2(max2(100*(ema(s, n)/ema(v, n)), -100), 100);");
