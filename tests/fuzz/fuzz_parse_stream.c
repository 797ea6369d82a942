/* Recorded stream events. */
#include "parse_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int32_t formats[] = {KL_FORMAT_STREAM_JSON, KL_FORMAT_AUTO};
    return parse_fuzz(data, size, formats, 2);
}
