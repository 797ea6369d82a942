#include "indicator/formula.h"

static const kl_input_info bop_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info bop_out[] = {{"bop", "change within the bar as a share of its range", KL__ANY, "own", 0, 0, 0}};
KL__FORMULA_PLAIN(bop, "Balance of power", "momentum", KL_EXACT,
    "I. Livshin, Technical Analysis of Stocks & Commodities, 2001",
    "bop = if(high == low, 0, (close - open) / (high - low));");
