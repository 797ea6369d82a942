#include "base/fp.h"
#include "indicator/rows.h"

/* Unknown where the high is below the low, or the volume below 0. */
KL__INLINE double marketfi_of(double high, double low, double volume) {
    const uint64_t bad = 0 - (uint64_t)((high < low) | (volume < 0.0));
    return kl__bits_double(kl__double_bits((high - low) / volume) | (UINT64_C(0x7ff8000000000000) & bad));
}
KL__ROWS_BAR3(marketfi, kl__rows_seal(marketfi_of(a, b, c)))

static const kl_input_info marketfi_in[] = {{"high", "high"}, {"low", "low"}, {"volume", "volume"}};
static const kl_output_info marketfi_out[] = {{"marketfi", "range a unit of volume", 0, HUGE_VAL, "own", 0, 1, -1}};
KL__ROWS_INDICATOR(marketfi, "Market facilitation index", "momentum", "Bill Williams, Trading Chaos, 1995")
