/* Inside of a checkpoint: shared by the dictionary and its image. */
#ifndef KL__CHECKPOINT_H
#define KL__CHECKPOINT_H
#include "base/check.h"
#include "kline/checkpoint.h"

enum { KL__CHECKPOINT_SECTION = 1, KL__CHECKPOINT_WATERMARK = 2 };

typedef struct kl__checkpoint_entry {
    char *name;
    void *bytes; /* a watermark: int64, little-endian */
    size_t name_bytes /* with NUL */, n;
    uint32_t kind, definition;
} kl__checkpoint_entry;

struct kl_checkpoint {
    kl_alloc alloc;
    size_t n, capacity, sections; /* entries, sorted by (kind, name) */
    kl__checkpoint_entry *entries;
};

void kl__checkpoint_clear(kl_checkpoint *c);
kl_status kl__checkpoint_put(kl_checkpoint *c, uint32_t kind, const char *name, uint32_t definition, const void *bytes,
                             size_t n);

#endif
