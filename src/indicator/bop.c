#include "base/fp.h"
#include "indicator/rows.h"

/* A bar without a range is in balance. */
KL__ROWS_BAR4(bop, b == c ? 0.0 : kl__rows_seal((d - a) / (b - c)))

static const kl_input_info bop_in[] = {{"open", "open"}, {"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info bop_out[] = {{"bop", "change within the bar as a share of its range", KL__ANY, "own", 0, 0, 0}};
KL__ROWS_INDICATOR(bop, "Balance of power", "momentum", "I. Livshin, Technical Analysis of Stocks & Commodities, 2001")
