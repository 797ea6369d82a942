#include "indicator/places.h"

static const kl_input_info minindex_in[] = {{"x", "close"}};
static const kl_param_info minindex_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info minindex_out[] = {{"minindex", "number of the bar, from 0", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__PLACES_COUNTED(minindex, KL__PLACE_LEAST, 0, "Bar of the least value", "statistics", "own definition")
