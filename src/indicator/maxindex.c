#include "indicator/places.h"

static const kl_input_info maxindex_in[] = {{"x", "close"}};
static const kl_param_info maxindex_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info maxindex_out[] = {{"maxindex", "number of the bar, from 0", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__PLACES_COUNTED(maxindex, KL__PLACE_GREATEST, 0, "Bar of the greatest value", "statistics", "own definition")
