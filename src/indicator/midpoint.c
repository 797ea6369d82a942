#include "indicator/spans.h"

static const kl_input_info midpoint_in[] = {{"x", "close"}};
static const kl_param_info midpoint_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info midpoint_out[] = {{"midpoint", "middle between greatest and least value", KL__ANY, "price", 0, 1, 0}};
KL__SPANS(midpoint, KL__SPAN_MIDDLE, 0, "Midpoint of the range", "overlap", "(highest + lowest value) / 2", NULL)
