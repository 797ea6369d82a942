/* Arrays that grow. */
#ifndef KL__GROW_H
#define KL__GROW_H
#include "base/size.h"

/* Room for `need` items of `size` bytes in *memory, which holds *capacity; at least half as much again as before. On failure
 * (KL_E_MEMORY) nothing changes. */
KL__INLINE kl_status kl__grow(const kl_alloc *alloc, void **memory, size_t *capacity, size_t need, size_t size) {
    size_t wanted = *capacity + *capacity / 2, bytes;
    if (need <= *capacity) return KL_OK;
    if (wanted < need) wanted = need;
    if (wanted < 16) wanted = 16;
    if (kl__size_mul(wanted, size, &bytes)) {
        wanted = need;
        if (kl__size_mul(wanted, size, &bytes)) return KL_E_MEMORY;
    }
    void *grown = *memory ? alloc->grow(alloc->ctx, *memory, *capacity * size, bytes) : alloc->take(alloc->ctx, bytes);
    if (!grown) return KL_E_MEMORY;
    *memory = grown;
    *capacity = wanted;
    return KL_OK;
}

#endif
