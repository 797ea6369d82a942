#include "indicator/formula.h"

static const kl_input_info maxindex_in[] = {{"x", "close"}};
static const kl_param_info maxindex_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info maxindex_out[] = {{"maxindex", "number of the bar, from 0", 0, HUGE_VAL, "own", 0, 0, 0}};
KL__FORMULA(maxindex, "Bar of the greatest value", "statistics", KL_EXACT, "own definition",
    "row = cumsum(known(x) >= 0) - 1;"
    "maxindex = row - argmax(x, n);");
