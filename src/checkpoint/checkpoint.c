/* The dictionary of a checkpoint: sorted entries of two kinds, sections and watermarks. */
#include "checkpoint/checkpoint.h"
#include "base/endian.h"
#include "data/grow.h"

static void *checkpoint_take(const kl_checkpoint *c, size_t n) { return c->alloc.take(c->alloc.ctx, n ? n : 1); }
static void checkpoint_give(const kl_checkpoint *c, void *memory, size_t n) {
    if (memory) c->alloc.give(c->alloc.ctx, memory, n ? n : 1);
}

static void checkpoint_drop_entry(const kl_checkpoint *c, kl__checkpoint_entry *e) {
    checkpoint_give(c, e->name, e->name_bytes);
    checkpoint_give(c, e->bytes, e->n);
}

void kl__checkpoint_clear(kl_checkpoint *c) {
    for (size_t i = 0; i < c->n; i++) checkpoint_drop_entry(c, &c->entries[i]);
    if (c->entries) checkpoint_give(c, c->entries, c->capacity * sizeof *c->entries);
    c->entries = NULL;
    c->n = c->capacity = c->sections = 0;
}

kl_status kl_checkpoint_new(const kl_alloc *alloc, kl_checkpoint **checkpoint) {
    if (!checkpoint) return KL_E_ARG;
    kl_alloc a = alloc ? *alloc : *kl_alloc_libc();
    kl_checkpoint *c = (kl_checkpoint *)a.take(a.ctx, sizeof *c);
    if (!c) return KL_E_MEMORY;
    memset(c, 0, sizeof *c);
    c->alloc = a;
    *checkpoint = c;
    return KL_OK;
}

void kl_checkpoint_free(kl_checkpoint *checkpoint) {
    if (!checkpoint) return;
    kl_alloc alloc = checkpoint->alloc;
    kl__checkpoint_clear(checkpoint);
    alloc.give(alloc.ctx, checkpoint, sizeof *checkpoint);
}

/* Index of the first entry not below (kind, name); *found where it is that one. */
static size_t checkpoint_find(const kl_checkpoint *c, uint32_t kind, const char *name, int *found) {
    size_t low = 0, high = c->n;
    *found = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const kl__checkpoint_entry *e = &c->entries[middle];
        int order = e->kind < kind ? -1 : e->kind > kind ? 1 : strcmp(e->name, name);
        if (order == 0) *found = 1;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Length of a name that may be used, else 0. */
static size_t checkpoint_name_length(const char *name, size_t limit) {
    size_t n = 0;
    if (!name) return 0;
    while (n < limit && name[n]) n++;
    return n < limit ? n : 0;
}

kl_status kl__checkpoint_put(kl_checkpoint *c, uint32_t kind, const char *name, uint32_t definition, const void *bytes,
                             size_t n) {
    int found;
    size_t at = checkpoint_find(c, kind, name, &found), length = strlen(name);
    void *copy = checkpoint_take(c, n);
    if (!copy) return KL_E_MEMORY;
    if (n) memcpy(copy, bytes, n);
    if (!found) {
        char *own = (char *)checkpoint_take(c, length + 1);
        void *entries = c->entries;
        if (!own || kl__grow(&c->alloc, &entries, &c->capacity, c->n + 1, sizeof *c->entries) < 0) {
            checkpoint_give(c, copy, n);
            checkpoint_give(c, own, length + 1);
            return KL_E_MEMORY;
        }
        c->entries = (kl__checkpoint_entry *)entries;
        memcpy(own, name, length + 1);
        memmove(c->entries + at + 1, c->entries + at, (c->n - at) * sizeof *c->entries);
        memset(&c->entries[at], 0, sizeof c->entries[at]);
        c->entries[at].name = own;
        c->entries[at].name_bytes = length + 1;
        c->entries[at].kind = kind;
        c->n++;
        c->sections += kind == KL__CHECKPOINT_SECTION;
    } else {
        checkpoint_give(c, c->entries[at].bytes, c->entries[at].n);
    }
    c->entries[at].definition = definition;
    c->entries[at].bytes = copy;
    c->entries[at].n = n;
    return KL_OK;
}

kl_status kl_checkpoint_set(kl_checkpoint *checkpoint, const char *name, uint32_t definition, const void *bytes,
                            size_t n) {
    if (!checkpoint || (!bytes && n) || !checkpoint_name_length(name, KL_SECTION_NAME_MAX)) return KL_E_ARG;
    return kl__checkpoint_put(checkpoint, KL__CHECKPOINT_SECTION, name, definition, bytes, n);
}

kl_status kl_checkpoint_get(const kl_checkpoint *checkpoint, const char *name, uint32_t definition, const void **bytes,
                            size_t *n) {
    int found;
    if (!checkpoint || !bytes || !n || !checkpoint_name_length(name, KL_SECTION_NAME_MAX)) return KL_E_ARG;
    size_t at = checkpoint_find(checkpoint, KL__CHECKPOINT_SECTION, name, &found);
    if (!found) return KL_E_NOT_FOUND;
    if (checkpoint->entries[at].definition != definition) return KL_E_DEFINITION;
    *bytes = checkpoint->entries[at].bytes;
    *n = checkpoint->entries[at].n;
    return KL_OK;
}

kl_status kl_checkpoint_remove(kl_checkpoint *checkpoint, const char *name) {
    int found;
    if (!checkpoint || !checkpoint_name_length(name, KL_SECTION_NAME_MAX)) return KL_E_ARG;
    size_t at = checkpoint_find(checkpoint, KL__CHECKPOINT_SECTION, name, &found);
    if (!found) return KL_E_NOT_FOUND;
    checkpoint_drop_entry(checkpoint, &checkpoint->entries[at]);
    checkpoint->n--, checkpoint->sections--;
    memmove(checkpoint->entries + at, checkpoint->entries + at + 1, (checkpoint->n - at) * sizeof *checkpoint->entries);
    return KL_OK;
}

size_t kl_checkpoint_count(const kl_checkpoint *checkpoint) { return checkpoint ? checkpoint->sections : 0; }

kl_status kl_checkpoint_at(const kl_checkpoint *checkpoint, size_t index, const char **name, uint32_t *definition,
                           const void **bytes, size_t *n) {
    if (!checkpoint) return KL_E_ARG;
    if (index >= checkpoint->sections) return KL_END;
    const kl__checkpoint_entry *e = &checkpoint->entries[index]; /* sections sort before watermarks */
    if (name) *name = e->name;
    if (definition) *definition = e->definition;
    if (bytes) *bytes = e->bytes;
    if (n) *n = e->n;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------ watermarks --- */

kl_status kl_checkpoint_force(kl_checkpoint *checkpoint, const char *key, kl_time watermark) {
    uint8_t bytes[8];
    if (!checkpoint || !checkpoint_name_length(key, KL_WATERMARK_KEY_MAX) || watermark == KL_TIME_NONE) return KL_E_ARG;
    kl__store_i64(bytes, watermark);
    return kl__checkpoint_put(checkpoint, KL__CHECKPOINT_WATERMARK, key, 0, bytes, sizeof bytes);
}

kl_status kl_checkpoint_raise(kl_checkpoint *checkpoint, const char *key, kl_time watermark) {
    kl_time now;
    if (!checkpoint || !checkpoint_name_length(key, KL_WATERMARK_KEY_MAX) || watermark == KL_TIME_NONE) return KL_E_ARG;
    if (kl_checkpoint_watermark(checkpoint, key, &now) == KL_OK && now >= watermark)
        return now == watermark ? KL_SAME : KL_KEPT;
    return kl_checkpoint_force(checkpoint, key, watermark);
}

kl_status kl_checkpoint_watermark(const kl_checkpoint *checkpoint, const char *key, kl_time *watermark) {
    int found;
    if (!checkpoint || !watermark || !checkpoint_name_length(key, KL_WATERMARK_KEY_MAX)) return KL_E_ARG;
    size_t at = checkpoint_find(checkpoint, KL__CHECKPOINT_WATERMARK, key, &found);
    if (!found) return KL_E_NOT_FOUND;
    *watermark = kl__load_i64(checkpoint->entries[at].bytes);
    return KL_OK;
}

kl_status kl_checkpoint_watermark_min(const kl_checkpoint *checkpoint, kl_time *watermark) {
    if (!checkpoint || !watermark) return KL_E_ARG;
    if (checkpoint->n == checkpoint->sections) return KL_E_NOT_FOUND;
    kl_time least = INT64_MAX;
    for (size_t i = checkpoint->sections; i < checkpoint->n; i++) {
        kl_time time = kl__load_i64(checkpoint->entries[i].bytes);
        if (time < least) least = time;
    }
    *watermark = least;
    return KL_OK;
}
