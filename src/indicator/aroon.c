#include "indicator/places.h"

static const kl_input_info aroon_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info aroon_par[] = {
    {"n", "bars of the window, beside the current one", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX - 1, NULL}};
static const kl_output_info aroon_out[] = {
    {"down", "bars since the lowest low, as a share of n counted down from 100", 0, 100, "own", 0, 0, 0},
    {"up", "bars since the highest high, likewise", 0, 100, "own", 0, 0, 0}};
KL__PLACES(aroon, KL__PLACE_SHARES, 1, "Aroon", "momentum", "Tushar S. Chande, 1995")
