/* JSON arrays of arrays and of objects. */
#include "parse_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int32_t formats[] = {KL_FORMAT_AUTO, KL_FORMAT_ROW_JSON, KL_FORMAT_OBJECT_JSON};
    return parse_fuzz(data, size, formats, 3);
}
