/* A k-way merge of row blocks by (key, rank). A block is opened when its first key comes up and closed behind its last
 * one, and a cursor holds one frame, so memory follows the overlap of blocks and not their number. */
#include "store/stored.h"

typedef struct merge_cursor {
    kl__entry entry;
    kl__header header;
    kl__pack pack;
    uint8_t *lead, *frame, *rows; /* frame: packed bytes; rows: decoded */
    size_t frame_bytes;
    uint32_t next_frame, n, at;
} merge_cursor;

struct kl__merge {
    kl_stored *s;
    kl_scale scale;
    int64_t from, to;
    int32_t kind;
    kl_status told;   /* damage met while a row was at hand: said at the next call */
    kl_status failed; /* reading failed: nothing more comes */
    size_t row_bytes, entries_n, next, heap_n, heap_capacity, best_n;
    kl__entry *entries;   /* in key order */
    merge_cursor **heap;  /* least key on top */
    merge_cursor *lent;   /* whose rows the caller looks at */
    uint8_t *row, *batch; /* winner; batch of winners */
};

static const void *merge_at(const kl__merge *m, const merge_cursor *c) {
    return c->rows + (size_t)c->at * m->row_bytes;
}

/* ---------------------------------------------------------------------------------------------------- cursors --- */

static void merge_close(kl__merge *m, merge_cursor *c) {
    if (!c) return;
    kl__stored_give(m->s, c->lead, c->header.lead);
    kl__stored_give(m->s, c->frame, c->frame_bytes);
    kl__stored_give(m->s, c->rows, KL__FRAME_ROWS * m->row_bytes);
    kl__stored_give(m->s, c, sizeof *c);
}

/* The next frame; KL_END behind the last. */
static kl_status merge_load(kl__merge *m, merge_cursor *c) {
    c->n = c->at = 0;
    if (c->next_frame >= c->pack.frames) return KL_END;
    uint32_t f = c->next_frame, n = kl__pack_frame_rows(&c->pack, f);
    size_t bytes = (size_t)n * c->pack.row_bytes;
    uint64_t offset =
        c->entry.offset + KL__HEADER_BYTES + c->pack.lead_bytes + (uint64_t)f * KL__FRAME_ROWS * c->pack.row_bytes;
    KL__TRY(kl__stored_read_at(m->s, offset, c->frame, bytes));
    if (kl_crc32c(0, c->frame, bytes) != kl__pack_frame_crc(c->lead, &c->pack, f)) return KL_E_CORRUPT;
    kl__pack_decode(m->kind, &c->pack, c->frame, n, c->rows);
    if (memcmp(&c->pack.scale, &m->scale, sizeof m->scale) != 0)
        for (uint32_t i = 0; i < n; i++)
            KL__TRY(kl__row_rescale(m->kind, c->rows + i * m->row_bytes, &c->pack.scale, &m->scale));
    if (kl__row_key(m->kind, c->rows) != kl__pack_frame_key(c->lead, &c->pack, f)) return KL_E_CORRUPT;
    c->next_frame = f + 1;
    c->n = n;
    return KL_OK;
}

/* To the first row with key >= `key`; KL_END. */
static kl_status merge_cursor_seek(kl__merge *m, merge_cursor *c, int64_t key) {
    if (key > c->entry.last_key) return KL_END;
    /* the last frame that begins below the key, if it lies ahead */
    uint32_t low = c->next_frame, high = c->pack.frames;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (kl__pack_frame_key(c->lead, &c->pack, middle) < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > c->next_frame) {
        c->next_frame = low - 1;
        c->n = c->at = 0;
    }
    for (;;) {
        while (c->at < c->n && kl__row_key(m->kind, merge_at(m, c)) < key) c->at++;
        if (c->at < c->n) return KL_OK;
        kl_status status = merge_load(m, c);
        if (status != KL_OK) return status;
    }
}

static kl_status merge_open(kl__merge *m, const kl__entry *entry, merge_cursor **cursor) {
    merge_cursor *c = (merge_cursor *)kl__stored_take(m->s, sizeof *c);
    if (!c) return KL_E_MEMORY;
    memset(c, 0, sizeof *c);
    c->entry = *entry;
    *cursor = c;
    KL__TRY(kl__stored_header(m->s, entry->offset, KL__BLOCK_ROWS_TYPE, &c->header));
    if (c->header.version > KL__BLOCK_VERSION || c->header.codec != 0) return KL_E_VERSION;
    KL__TRY(kl__stored_lead(m->s, &c->header, &c->lead));
    KL__TRY(kl__pack_read(m->kind, &c->header, c->lead, &c->pack));
    c->frame_bytes = (size_t)kl__pack_frame_rows(&c->pack, 0) * c->pack.row_bytes;
    c->frame = (uint8_t *)kl__stored_take(m->s, c->frame_bytes);
    c->rows = (uint8_t *)kl__stored_take(m->s, KL__FRAME_ROWS * m->row_bytes);
    return c->frame && c->rows ? KL_OK : KL_E_MEMORY;
}

/* ------------------------------------------------------------------------------------------------------- heap --- */

static int merge_less(const kl__merge *m, const merge_cursor *a, const merge_cursor *b) {
    int order = kl__row_compare(m->kind, merge_at(m, a), merge_at(m, b));
    return order ? order < 0 : a->entry.offset < b->entry.offset;
}

static void merge_sift_down(kl__merge *m) {
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= m->heap_n) return;
        if (child + 1 < m->heap_n && merge_less(m, m->heap[child + 1], m->heap[child])) child++;
        if (!merge_less(m, m->heap[child], m->heap[at])) return;
        merge_cursor *c = m->heap[at];
        m->heap[at] = m->heap[child];
        m->heap[child] = c;
        at = child;
    }
}

static void merge_push(kl__merge *m, merge_cursor *c) {
    size_t at = m->heap_n++;
    for (; at > 0 && merge_less(m, c, m->heap[(at - 1) / 2]); at = (at - 1) / 2) m->heap[at] = m->heap[(at - 1) / 2];
    m->heap[at] = c;
}

static merge_cursor *merge_pop(kl__merge *m) {
    merge_cursor *c = m->heap[0];
    m->heap[0] = m->heap[--m->heap_n];
    merge_sift_down(m);
    return c;
}

/* Puts a cursor that was moved back, or closes it. Damage gives its block up. */
static kl_status merge_settle(kl__merge *m, merge_cursor *c, kl_status status) {
    if (status == KL_OK && kl__row_key(m->kind, merge_at(m, c)) <= m->to) {
        merge_push(m, c);
        return KL_OK;
    }
    kl__entry entry = c->entry;
    merge_close(m, c);
    if (status == KL_E_CORRUPT) {
        const kl__entry *known = kl__blocks_at(&m->s->blocks, entry.offset);
        if (known && known->dead) return KL_E_CORRUPT; /* given up since this merge began */
        KL__TRY(kl__stored_damage(m->s, entry.offset, entry.first_time, entry.last_time));
        return KL_E_CORRUPT;
    }
    return status < 0 ? status : KL_OK;
}

static kl_status merge_room(kl__merge *m) {
    if (m->heap_n < m->heap_capacity) return KL_OK;
    size_t capacity = m->heap_capacity ? 2 * m->heap_capacity : 4;
    merge_cursor **heap = (merge_cursor **)kl__stored_take(m->s, capacity * sizeof *heap);
    if (!heap) return KL_E_MEMORY;
    if (m->heap_n) memcpy(heap, m->heap, m->heap_n * sizeof *heap);
    kl__stored_give(m->s, m->heap, m->heap_capacity * sizeof *heap);
    m->heap = heap;
    m->heap_capacity = capacity;
    return KL_OK;
}

/* Opens the blocks that may hold the next key. */
static kl_status merge_activate(kl__merge *m) {
    while (m->next < m->entries_n &&
           (m->heap_n == 0 || m->entries[m->next].first_key <= kl__row_key(m->kind, merge_at(m, m->heap[0])))) {
        KL__TRY(merge_room(m));
        merge_cursor *c = NULL;
        kl_status status = merge_open(m, &m->entries[m->next], &c);
        if (status == KL_OK) status = merge_cursor_seek(m, c, m->from);
        if (status != KL_E_MEMORY && status != KL_E_IO) m->next++;
        if (c) status = merge_settle(m, c, status);
        KL__TRY(status);
    }
    return m->heap_n ? KL_OK : KL_END;
}

/* ------------------------------------------------------------------------------------------------------- use --- */

kl_status kl__merge_new(kl_stored *s, int64_t from, int64_t to, size_t blocks, const kl_scale *scale,
                        kl__merge **merge) {
    kl__merge *m = (kl__merge *)kl__stored_take(s, sizeof *m);
    size_t first, last;
    if (!m) return KL_E_MEMORY;
    memset(m, 0, sizeof *m);
    m->s = s;
    m->scale = *scale;
    m->from = from, m->to = to;
    m->kind = s->w.open ? s->w.totals.kind : s->totals.kind;
    m->row_bytes = kl__row_bytes(m->kind);
    kl__blocks_overlap(&s->blocks, from, to, &first, &last);
    m->entries = (kl__entry *)kl__stored_take(s, (last - first) * sizeof *m->entries);
    m->best_n = last - first; /* remembers the size of entries */
    m->row = (uint8_t *)kl__stored_take(s, m->row_bytes);
    if (!m->entries || !m->row) {
        kl__merge_free(m);
        return KL_E_MEMORY;
    }
    for (size_t i = first; i < last; i++) {
        uint32_t at = s->blocks.order[i];
        const kl__entry *e = &s->blocks.entries[at];
        if (at < blocks && !e->dead && e->last_key >= from) m->entries[m->entries_n++] = *e;
    }
    *merge = m;
    return KL_OK;
}

void kl__merge_free(kl__merge *m) {
    if (!m) return;
    while (m->heap_n) merge_close(m, m->heap[--m->heap_n]);
    kl__stored_give(m->s, m->heap, m->heap_capacity * sizeof *m->heap);
    kl__stored_give(m->s, m->entries, m->best_n * sizeof *m->entries);
    kl__stored_give(m->s, m->row, m->row_bytes);
    kl__stored_give(m->s, m->batch, KL__FRAME_ROWS * m->row_bytes);
    kl__stored_give(m->s, m, sizeof *m);
}

/* Moves the top cursor one row on. */
static kl_status merge_advance(kl__merge *m) {
    merge_cursor *c = m->heap[0];
    if (++c->at < c->n && kl__row_key(m->kind, merge_at(m, c)) <= m->to) {
        merge_sift_down(m);
        return KL_OK;
    }
    c = merge_pop(m);
    return merge_settle(m, c, c->at < c->n ? KL_OK : merge_load(m, c));
}

/* What the caller had lent is given back: the cursor goes on behind it. */
static kl_status merge_take_back(kl__merge *m) {
    if (!m->lent) return KL_OK;
    m->lent = NULL;
    merge_cursor *c = merge_pop(m);
    c->at = c->n;
    return merge_settle(m, c, merge_load(m, c));
}

kl_status kl__merge_seek(kl__merge *m, int64_t key) {
    KL__TRY(merge_take_back(m));
    if (key > m->from) m->from = key;
    while (m->heap_n && kl__row_key(m->kind, merge_at(m, m->heap[0])) < key) {
        merge_cursor *c = merge_pop(m);
        KL__TRY(merge_settle(m, c, merge_cursor_seek(m, c, key)));
    }
    while (m->next < m->entries_n && m->entries[m->next].last_key < key) m->next++;
    return KL_OK;
}

/* Damage is said once, other failure for ever. */
static kl_status merge_said(kl__merge *m, kl_status status) {
    if (status < 0 && status != KL_E_CORRUPT) m->failed = status;
    return status;
}

static kl_status merge_begin(kl__merge *m) {
    if (m->failed < 0) return m->failed;
    kl_status status = m->told;
    m->told = KL_OK;
    if (status == KL_OK) status = merge_take_back(m);
    if (status == KL_OK) status = merge_activate(m);
    return merge_said(m, status);
}

kl_status kl__merge_next(kl__merge *m, const void **row) {
    kl_status status = merge_begin(m);
    if (status != KL_OK) return status;
    memcpy(m->row, merge_at(m, m->heap[0]), m->row_bytes);
    status = merge_advance(m);
    for (;;) {
        if (status == KL_OK) status = merge_activate(m);
        if (status == KL_E_CORRUPT) {
            m->told = status;
            status = KL_OK;
            continue;
        }
        if (status < 0) return merge_said(m, status);
        if (status == KL_END || kl__row_compare(m->kind, merge_at(m, m->heap[0]), m->row) != 0) break;
        if (kl__row_rank(m->kind, merge_at(m, m->heap[0]), m->row) > 0)
            memcpy(m->row, merge_at(m, m->heap[0]), m->row_bytes);
        status = merge_advance(m);
    }
    *row = m->row;
    return KL_OK;
}

/* A single block covers the next rows: they go out as they were decoded. */
static size_t merge_alone(kl__merge *m) {
    merge_cursor *c = m->heap[0];
    uint32_t end = c->n;
    if (m->heap_n != 1) return 0;
    while (end > c->at && kl__row_key(m->kind, c->rows + (size_t)(end - 1) * m->row_bytes) > m->to) end--;
    int64_t last = kl__row_key(m->kind, c->rows + (size_t)(end - 1) * m->row_bytes);
    if (m->next < m->entries_n && m->entries[m->next].first_key <= last) return 0;
    return end - c->at;
}

kl_status kl__merge_batch(kl__merge *m, void **rows, size_t *n) {
    *n = 0;
    kl_status status = merge_begin(m);
    if (status != KL_OK) return status;
    size_t alone = merge_alone(m);
    if (alone) {
        m->lent = m->heap[0];
        *rows = m->lent->rows + (size_t)m->lent->at * m->row_bytes;
        *n = alone;
        return KL_OK;
    }
    if (!m->batch) m->batch = (uint8_t *)kl__stored_take(m->s, KL__FRAME_ROWS * m->row_bytes);
    if (!m->batch) return KL_E_MEMORY;
    *rows = m->batch;
    while (*n < KL__FRAME_ROWS && m->told == KL_OK) {
        const void *row;
        status = kl__merge_next(m, &row);
        if (status != KL_OK) break;
        memcpy(m->batch + *n * m->row_bytes, row, m->row_bytes);
        ++*n;
    }
    if (status == KL_E_CORRUPT && *n)
        m->told = status;
    else if (status < 0)
        return status;
    return *n ? KL_OK : KL_END;
}
