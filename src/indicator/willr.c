#include "indicator/spans.h"

static const kl_input_info willr_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info willr_par[] = {{"n", "bars of the range", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info willr_out[] = {
    {"willr", "distance of the close from the highest high in percent of the range", -100, 0, "own", 0, 0, 0}};
KL__SPANS(willr, KL__SPAN_BELOW, 1, "Williams' %R", "momentum", "Larry R. Williams", kl__spans_begins)
