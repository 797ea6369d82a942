#include "indicator/formula.h"

static const kl_input_info evwma_in[] = {{"x", "close"}, {"volume", "volume"}};
static const kl_param_info evwma_par[] = {{"n", "bars whose volume is the whole", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info evwma_out[] = {{"evwma", "average that moves by the share of the volume", KL__ANY, "price", 0, 1, 0}};
KL__FORMULA(evwma, "Elastic volume-weighted moving average", "overlap", KL_EXACT,
    "C. P. Fries, Technical Analysis of Stocks & Commodities, 2001",
    "evwma = adapt(x, volume / sum(volume, n), x);");
