#include "indicator/formula.h"

static const kl_input_info wvad_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_param_info wvad_par[] = {{"n", "length of the sum in bars", KL_PARAM_INT, 24, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info wvad_out[] = {
    {"wvad", "volume by the body of the bar as a share of its range, summed", KL__ANY, "own", 0, 0, 1}};
KL__FORMULA(wvad, "Weighted volume accumulation", "volume", KL_EXACT, "Larry Williams",
    "r = high - low;"
    "wvad = sum(if(r > 0, (close - open)/r, sqrt(r))*volume, n);");
