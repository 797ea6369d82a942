#include "indicator/formula.h"

static const kl_input_info vr_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_param_info vr_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info vr_out[] = {
    {"vr", "rising over falling volume in percent, half of unchanged on both sides", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(vr, "Volume ratio", "volume", KL_EXACT, "own definition",
    "d = close - close[1];"
    "up = sum(volume*(d > 0), n);"
    "down = sum(volume*(d < 0), n);"
    "same = sum(volume*(d == 0), n);"
    "vr = 100*((up + same/2)/(down + same/2));");
