/* The directory of row blocks in memory: 60 bytes a block, in file order and in key order. */
#include "data/grow.h"
#include "store/stored.h"

static void blocks_reach_from(kl__blocks *b, size_t at) {
    for (; at < b->n; at++) {
        int64_t last = b->entries[b->order[at]].last_key;
        b->reach[at] = at > 0 && b->reach[at - 1] > last ? b->reach[at - 1] : last;
    }
}

/* Where a block with this first key goes: behind those with the same one. */
static size_t blocks_position(const kl__blocks *b, int64_t first_key, size_t n) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->entries[b->order[middle]].first_key <= first_key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

kl_status kl__blocks_add(const kl_alloc *alloc, kl__blocks *b, const kl__entry *entry) {
    void *entries = b->entries, *order = b->order, *reach = b->reach;
    if (b->n >= UINT32_MAX) return KL_E_OVERFLOW;
    KL__TRY(kl__grow(alloc, &entries, &b->capacity, b->n + 1, sizeof *b->entries));
    b->entries = (kl__entry *)entries;
    KL__TRY(kl__grow(alloc, &order, &b->order_capacity, b->n + 1, sizeof *b->order));
    b->order = (uint32_t *)order;
    KL__TRY(kl__grow(alloc, &reach, &b->reach_capacity, b->n + 1, sizeof *b->reach));
    b->reach = (int64_t *)reach;
    size_t at = blocks_position(b, entry->first_key, b->n);
    memmove(b->order + at + 1, b->order + at, (b->n - at) * sizeof *b->order);
    b->order[at] = (uint32_t)b->n;
    b->entries[b->n++] = *entry;
    blocks_reach_from(b, at);
    return KL_OK;
}

void kl__blocks_cut(kl__blocks *b, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->order[i] < n) b->order[kept++] = b->order[i];
    b->n = kept;
    blocks_reach_from(b, 0);
}

void kl__blocks_free(const kl_alloc *alloc, kl__blocks *b) {
    if (b->entries) alloc->give(alloc->ctx, b->entries, b->capacity * sizeof *b->entries);
    if (b->order) alloc->give(alloc->ctx, b->order, b->order_capacity * sizeof *b->order);
    if (b->reach) alloc->give(alloc->ctx, b->reach, b->reach_capacity * sizeof *b->reach);
    memset(b, 0, sizeof *b);
}

kl__entry *kl__blocks_at(kl__blocks *b, uint64_t offset) {
    size_t low = 0, high = b->n; /* entries rise in offset */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->entries[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < b->n && b->entries[low].offset == offset ? &b->entries[low] : NULL;
}

void kl__blocks_kill(kl__blocks *b, uint64_t offset) {
    kl__entry *entry = kl__blocks_at(b, offset);
    if (entry) entry->dead = 1;
}

void kl__blocks_overlap(const kl__blocks *b, int64_t from, int64_t to, size_t *first, size_t *last) {
    *last = blocks_position(b, to, b->n);
    *first = *last;
    while (*first > 0 && b->reach[*first - 1] >= from) --*first;
}
