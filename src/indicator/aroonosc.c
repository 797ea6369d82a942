#include "indicator/places.h"

static const kl_input_info aroonosc_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info aroonosc_par[] = {
    {"n", "bars of the window, beside the current one", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX - 1, NULL}};
static const kl_output_info aroonosc_out[] = {{"aroonosc", "up less down", -100, 100, "own", 0, 0, 0}};
KL__PLACES(aroonosc, KL__PLACE_LEAN, 1, "Aroon oscillator", "momentum", "Tushar S. Chande, 1995")
