#include "base/fp.h"
#include "indicator/rows.h"

KL__ROWS_BAR3(marketfi, kl__rows_seal((a - b) / c))

static const kl_input_info marketfi_in[] = {{"high", "high"}, {"low", "low"}, {"volume", "volume"}};
static const kl_output_info marketfi_out[] = {{"marketfi", "range a unit of volume", 0, HUGE_VAL, "own", 0, 1, -1}};
KL__ROWS_INDICATOR(marketfi, "Market facilitation index", "momentum", "Bill Williams, Trading Chaos, 1995")
