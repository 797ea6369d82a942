#include "indicator/formula.h"

static const kl_input_info marketfi_in[] = {{"high", "high"}, {"low", "low"}, {"volume", "volume"}};
static const kl_output_info marketfi_out[] = {{"marketfi", "range a unit of volume", 0, HUGE_VAL, "own", 0, 1, -1}};
KL__FORMULA_PLAIN(marketfi, "Market facilitation index", "momentum", KL_EXACT, "Bill Williams, Trading Chaos, 1995",
    "marketfi = (high - low)/volume;");
