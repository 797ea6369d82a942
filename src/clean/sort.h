/* Stable merge sort of keys that point at rows: rows are large, so they move once, after the order is known. */
#ifndef KL__SORT_H
#define KL__SORT_H
#include "base/check.h"

typedef struct kl__sort_key {
    int64_t major, minor;
    size_t index;
} kl__sort_key;

KL__INLINE int kl__sort_less(const kl__sort_key *a, const kl__sort_key *b) {
    return a->major != b->major ? a->major < b->major : a->minor < b->minor;
}
/* sorts keys[0..n); scratch has room for n. Runs that are in order already cost one pass. */
void kl__sort_keys(kl__sort_key *keys, kl__sort_key *scratch, size_t n);

#endif
