#include "indicator/formula.h"

static const kl_input_info updown_volume_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_param_info updown_volume_par[] = {{"n", "length of the sums in bars", KL_PARAM_INT, 50, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info updown_volume_out[] = {
    {"updown_volume", "volume of rising bars over that of falling ones", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA(updown_volume, "Up/down volume ratio", "volume", KL_EXACT,
    "William J. O'Neil, How to Make Money in Stocks, 1988",
    "d = close - close[1];"
    "updown_volume = sum(volume*(d > 0), n)/sum(volume*(d < 0), n);");
