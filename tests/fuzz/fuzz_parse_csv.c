/* CSV of candles and trades, with and without header. */
#include "parse_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int32_t formats[] = {KL_FORMAT_AUTO, KL_FORMAT_KLINE_CSV, KL_FORMAT_HEADER_CSV, KL_FORMAT_TRADE_CSV, KL_FORMAT_AGG_TRADE_CSV};
    return parse_fuzz(data, size, formats, 5);
}
