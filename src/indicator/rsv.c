#include "base/fp.h"
#include "indicator/spans.h"

static const kl_input_info rsv_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info rsv_par[] = {{"n", "bars of the range", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info rsv_out[] = {{"rsv", "place of the close between lowest low and highest high in percent", 0, 100, "own", 0, 0, 0}};
KL__SPANS(rsv, KL__SPAN_PLACE, 1, "Raw stochastic value", "momentum", "George C. Lane", kl__spans_begins)
