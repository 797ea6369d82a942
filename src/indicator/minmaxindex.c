#include "indicator/places.h"

static const kl_input_info minmaxindex_in[] = {{"x", "close"}};
static const kl_param_info minmaxindex_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info minmaxindex_out[] = {
    {"minidx", "number of the bar of the least value, from 0", 0, HUGE_VAL, "own", 0, 0, 0},
    {"maxidx", "number of the bar of the greatest value, from 0", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__PLACES_COUNTED(minmaxindex, KL__PLACE_BOTH, 0, "Bars of the least and greatest value", "statistics", "own definition")
