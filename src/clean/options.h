/* Option structs begin with their size as the caller was compiled: what an older caller does not know keeps its default. */
#ifndef KL__OPTIONS_H
#define KL__OPTIONS_H
#include "base/check.h"
#include <string.h>

/* copies `size` bytes of options, as said in its first member, over defaults of `capacity` bytes. */
KL__INLINE kl_status kl__options_take(void *defaults, uint32_t capacity, const void *options) {
    uint32_t size;
    memcpy(&size, options, sizeof size);
    if (size < sizeof size || size > 65536) return KL_E_ARG;
    memcpy(defaults, options, size < capacity ? size : capacity);
    memcpy(defaults, &capacity, sizeof capacity);
    return KL_OK;
}

#endif
