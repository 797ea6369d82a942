#include "indicator/spans.h"

static const kl_input_info donchian_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info donchian_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info donchian_out[] = {{"upper", "highest high", KL__ANY, "price", 0, 1, 0},
                                              {"middle", "middle between the two", KL__ANY, "price", 0, 1, 0},
                                              {"lower", "lowest low", KL__ANY, "price", 0, 1, 0}};
KL__SPANS(donchian, KL__SPAN_CHANNEL, 1, "Donchian channel", "overlap", "R. Donchian", NULL)
