/* What is left after damage: checking blocks before their rows are relied on, and counting anew. */
#include "store/stored.h"

/* Reads every block that may hold keys of [from, to] to its last byte, once in the life of a handle, and gives up the
 * damaged ones. So no row is ever found equal to one that turns out unreadable later. */
kl_status kl__stored_check_range(kl_stored *s, int64_t from, int64_t to, size_t limit) {
    size_t first, last;
    kl__blocks_overlap(&s->blocks, from, to, &first, &last);
    for (size_t i = first; i < last; i++) {
        uint32_t at = s->blocks.order[i];
        kl__entry *e = &s->blocks.entries[at];
        kl__header h;
        if (at >= limit || e->dead || e->checked || e->last_key < from) continue;
        kl_status status = kl__stored_header(s, e->offset, KL__BLOCK_ROWS_TYPE, &h);
        if (status >= 0) status = kl__stored_check_block(s, &h);
        if (status == KL_E_CORRUPT) status = kl__stored_damage(s, e->offset, e->first_time, e->last_time);
        KL__TRY(status);
        e->checked = 1;
    }
    return KL_OK;
}

/* Unique keys of [from, to] in the first `limit` blocks. */
static kl_status count_keys(kl_stored *s, int64_t from, int64_t to, size_t limit, const kl_scale *scale,
                            uint64_t *rows) {
    kl__merge *merge;
    const void *row;
    uint64_t n = 0;
    KL__TRY(kl__merge_new(s, from, to, limit, scale, &merge));
    kl_status status;
    while ((status = kl__merge_next(merge, &row)) == KL_OK) n++;
    kl__merge_free(merge);
    *rows += n;
    return status < 0 ? status : KL_OK;
}

/* Blocks that overlap nothing count as they are; the others are checked and merged. KL_END: damage, so once more. */
static kl_status count_all(kl_stored *s, size_t limit, const kl_scale *scale, uint64_t *rows) {
    const kl__blocks *b = &s->blocks;
    *rows = 0;
    for (size_t i = 0, end; i < b->n; i = end) {
        const kl__entry *e = &b->entries[b->order[i]];
        end = i + 1;
        if (e->dead || b->order[i] >= limit) continue;
        int64_t last = e->last_key;
        size_t members = 1;
        for (; end < b->n; end++) {
            const kl__entry *next = &b->entries[b->order[end]];
            if (next->dead || b->order[end] >= limit) continue;
            if (next->first_key > last) break;
            last = next->last_key > last ? next->last_key : last;
            members++;
        }
        if (members == 1) {
            *rows += e->rows;
            continue;
        }
        size_t dead = s->dead_n;
        KL__TRY(kl__stored_check_range(s, e->first_key, last, limit));
        if (s->dead_n != dead) return KL_END;
        KL__TRY(count_keys(s, e->first_key, last, limit, scale, rows));
    }
    return KL_OK;
}

static void count_hull(int64_t *first, int64_t *last, int64_t low, int64_t high) {
    if (low < *first) *first = low;
    if (high > *last) *last = high;
}

kl_status kl__stored_recount(kl_stored *s, size_t limit, kl__totals *t) {
    uint64_t rows;
    kl_status status = KL_END;
    for (size_t tries = 0; status == KL_END && tries <= s->blocks.n; tries++) {
        status = count_all(s, limit, &t->scale, &rows);
        /* in a transaction, rows may have been compared with what is lost now */
        if (status == KL_E_CORRUPT && !s->w.open) status = KL_END;
    }
    if (status != KL_OK) return status < 0 ? status : KL_E_CORRUPT;
    t->rows = rows;
    t->first_key = t->first_time = INT64_MAX;
    t->last_key = t->last_time = INT64_MIN;
    for (size_t i = 0; i < limit && i < s->blocks.n; i++) {
        const kl__entry *e = &s->blocks.entries[i];
        if (e->dead) continue;
        count_hull(&t->first_key, &t->last_key, e->first_key, e->last_key);
        count_hull(&t->first_time, &t->last_time, e->first_time, e->last_time);
    }
    if (rows == 0) t->first_key = t->first_time = 1, t->last_key = t->last_time = 0;
    return KL_OK;
}
