#include "indicator/spans.h"

static const kl_input_info minmax_in[] = {{"x", "close"}};
static const kl_param_info minmax_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info minmax_out[] = {{"min", "least value", KL__ANY, "price", 0, 1, 0},
                                            {"max", "greatest value", KL__ANY, "price", 0, 1, 0}};
KL__SPANS(minmax, KL__SPAN_BOTH, 0, "Least and greatest value", "statistics", "own definition", NULL)
