/* Transactions: blocks are staged behind the committed end, one COMMIT and one sync make them count. */
#include "data/grow.h"
#include "data/scale.h"
#include "store/stored.h"

enum {
    WRITE_INDEX_BLOCKS = 1024, /* row blocks after which an INDEX is written */
    WRITE_CLOSE_BLOCKS = 64,   /* the same at close */
    WRITE_VOUCH_SHIFT = 26     /* 64 MiB after which the slot is renewed */
};

/* ------------------------------------------------------------------------------------------------------ bytes --- */

kl_status kl__stored_flush(kl_stored *s) {
    if (s->w.out_n == 0) return KL_OK;
    s->dirty_tail = 1;
    KL__TRY(s->io.write_at(s->io.ctx, s->file, s->w.out_at, s->w.out, s->w.out_n));
    s->w.out_at += s->w.out_n;
    s->w.out_n = 0;
    return KL_OK;
}

/* Room for n more bytes in the out buffer. */
static kl_status write_room(kl_stored *s, size_t n) {
    void *out = s->w.out;
    if (s->w.out_n && n > KL__STORED_OUT - (s->w.out_n < KL__STORED_OUT ? s->w.out_n : KL__STORED_OUT))
        KL__TRY(kl__stored_flush(s));
    KL__TRY(kl__grow(&s->alloc, &out, &s->w.out_capacity, s->w.out_n + n, 1));
    s->w.out = (uint8_t *)out;
    return KL_OK;
}

/* Completes the header of a block whose payload is in place behind it. */
static void write_header(kl_stored *s, kl__header *h, uint8_t *at) {
    size_t whole = (size_t)kl__block_bytes(h), used = KL__HEADER_BYTES + h->payload;
    memset(at + used, 0, whole - used);
    h->version = KL__BLOCK_VERSION;
    h->offset = s->w.end;
    h->sequence = s->w.sequence++;
    h->chain = s->w.chain;
    h->lead_crc = kl_crc32c(0, at + KL__HEADER_BYTES, h->lead);
    kl__header_encode(h, s->salt, at);
    s->w.chain = h->crc;
    s->w.end += whole;
    s->w.out_n += whole;
}

kl_status kl__stored_stage(kl_stored *s, uint32_t type, uint32_t flags, const void *bytes, size_t n) {
    kl__header h;
    memset(&h, 0, sizeof h);
    if (n > UINT32_MAX - 8) return KL_E_OVERFLOW;
    h.type = (uint8_t)type, h.flags = (uint8_t)flags;
    h.payload = h.lead = (uint32_t)n;
    KL__TRY(write_room(s, (size_t)kl__block_bytes(&h)));
    uint8_t *at = s->w.out + s->w.out_n;
    if (n) memcpy(at + KL__HEADER_BYTES, bytes, n);
    write_header(s, &h, at);
    return KL_OK;
}

static void write_widen(int64_t *first, int64_t *last, int64_t low, int64_t high) {
    if (*first > *last) {
        *first = low, *last = high;
        return;
    }
    if (low < *first) *first = low;
    if (high > *last) *last = high;
}

kl_status kl__stored_stage_rows(kl_stored *s, size_t n) {
    kl__writing *w = &s->w;
    kl__pack pack;
    kl__header h;
    if (n == 0) return KL_OK;
    size_t stride = kl__row_bytes(w->totals.kind);
    kl__pack_plan(w->totals.kind, w->rows, n, &w->totals.scale, &pack);
    memset(&h, 0, sizeof h);
    h.type = KL__BLOCK_ROWS_TYPE, h.flags = KL__BLOCK_NEEDED;
    h.payload = (uint32_t)kl__pack_payload(&pack);
    h.lead = pack.lead_bytes;
    h.rows = (uint32_t)n;
    h.first = kl__row_key(w->totals.kind, w->rows);
    h.last = kl__row_key(w->totals.kind, w->rows + (n - 1) * stride);
    kl__entry entry = {w->end, h.first, h.last, pack.first_time, pack.last_time, h.rows, 0, 1};
    KL__TRY(write_room(s, (size_t)kl__block_bytes(&h)));
    KL__TRY(kl__blocks_add(&s->alloc, &s->blocks, &entry));
    uint8_t *at = w->out + w->out_n;
    kl__pack_write(w->totals.kind, w->rows, &pack, at + KL__HEADER_BYTES);
    write_header(s, &h, at);
    kl__rows_peak(w->totals.kind, w->rows, n, w->totals.peak);
    w->totals.versions += n;
    write_widen(&w->totals.first_key, &w->totals.last_key, h.first, h.last);
    write_widen(&w->totals.first_time, &w->totals.last_time, pack.first_time, pack.last_time);
    write_widen(&w->totals.start_first, &w->totals.start_last, pack.first_time, pack.last_time);
    memmove(w->rows, w->rows + n * stride, (w->rows_n - n) * stride);
    w->rows_n -= n;
    return KL_OK;
}

kl_status kl__stored_cut(kl_stored *s) {
    if (!s->dirty_tail) return KL_OK;
    KL__TRY(s->io.truncate(s->io.ctx, s->file, s->end));
    s->dirty_tail = 0;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------ transactions --- */

void kl__stored_writing_free(kl_stored *s) {
    kl__writing *w = &s->w;
    size_t stride = kl__row_bytes(s->key.interval.unit ? KL__KIND_KLINES : KL__KIND_TRADES_ID);
    kl__stored_give(s, w->out, w->out_capacity);
    kl__stored_give(s, w->rows, w->rows_capacity * stride);
    kl__stored_give(s, w->chunk, w->chunk_capacity * stride);
    kl__stored_give(s, w->sort, w->sort_capacity * sizeof *w->sort);
    kl__stored_give(s, w->ranges, w->ranges_capacity * sizeof *w->ranges);
    kl__stored_give(s, w->tail, w->tail_capacity * sizeof *w->tail);
    kl__stored_give(s, w->state, w->state_n);
    memset(w, 0, sizeof *w);
}

static void write_start(kl_stored *s) {
    kl__writing *w = &s->w;
    w->open = 1, w->failed = 0;
    w->totals = s->totals;
    w->totals.start = s->end;
    w->totals.start_first = 1, w->totals.start_last = 0;
    w->end = w->out_at = s->end;
    w->sequence = s->sequence;
    w->chain = s->chain;
    w->blocks_before = s->blocks.n;
    w->out_n = w->rows_n = w->ranges_n = w->tail_n = 0;
    w->tail_floor = INT64_MIN;
}

static void write_forget(kl_stored *s) {
    kl__stored_give(s, s->w.state, s->w.state_n);
    s->w.state = NULL;
    s->w.state_n = 0;
    s->w.has_state = 0;
    s->w.open = s->w.failed = 0;
    s->w.out_n = s->w.rows_n = s->w.ranges_n = 0;
}

static void write_undo(kl_stored *s) {
    kl__blocks_cut(&s->blocks, s->w.blocks_before);
    for (size_t i = s->dead_n; i-- > 0;) /* damage to what is cut off is none */
        if (s->dead[i].offset >= s->end) s->dead[i] = s->dead[--s->dead_n];
    write_forget(s);
}

static kl_status write_ready(kl_stored *s, kl_error *error) {
    if (!s) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the series is missing");
    if (!s->writer) return kl__fail(error, KL_E_READ_ONLY, 1, 0, 0, "the store was opened for reading only");
    if (!s->w.open) return kl__fail(error, KL_E_STATE, 1, 0, 0, "no transaction is open");
    if (s->w.failed) return kl__fail(error, KL_E_STATE, 1, 0, 0, "the transaction failed before: roll it back");
    return KL_OK;
}

kl_status kl_stored_begin(kl_stored *stored, kl_error *error) {
    if (!stored) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the series is missing");
    if (!stored->writer) return kl__fail(error, KL_E_READ_ONLY, 1, 0, 0, "the store was opened for reading only");
    if (stored->w.open) return kl__fail(error, KL_E_STATE, 1, 0, 0, "a transaction is open already");
    kl_status status = kl__stored_cut(stored);
    if (status < 0)
        return kl__fail(error, status, 0, 0, 0, "the torn end of the file could not be cut: %s",
                        kl_status_text(status));
    write_start(stored);
    return KL_OK;
}

kl_status kl_stored_rollback(kl_stored *stored, kl_error *error) {
    if (!stored) return kl__fail(error, KL_E_ARG, 1, 0, 0, "the series is missing");
    if (!stored->w.open) return kl__fail(error, KL_E_STATE, 1, 0, 0, "no transaction is open");
    write_undo(stored);
    kl_status status = kl__stored_cut(stored);
    if (status < 0) return kl__fail(error, status, 0, 0, 0, "the file could not be cut: %s", kl_status_text(status));
    return KL_OK;
}

kl_status kl_stored_put_klines(kl_stored *stored, const kl_kline *rows, size_t n, const kl_scale *scale,
                               kl_put_counts *counts, kl_error *error) {
    KL__TRY(write_ready(stored, error));
    if ((!rows && n) || !kl__scale_valid(scale))
        return kl__fail(error, KL_E_ARG, scale ? 2 : 4, 0, 0, "rows and scale are needed");
    if (stored->totals.kind != KL__KIND_KLINES)
        return kl__fail(error, KL_E_MISMATCH, 2, 0, 0, "the series holds trades");
    return kl__stored_put_rows(stored, rows, n, scale, counts, error);
}

kl_status kl_stored_put_trades(kl_stored *stored, const kl_trade *rows, size_t n, const kl_scale *scale,
                               kl_put_counts *counts, kl_error *error) {
    KL__TRY(write_ready(stored, error));
    if ((!rows && n) || !kl__scale_valid(scale))
        return kl__fail(error, KL_E_ARG, scale ? 2 : 4, 0, 0, "rows and scale are needed");
    if (stored->totals.kind == KL__KIND_KLINES)
        return kl__fail(error, KL_E_MISMATCH, 2, 0, 0, "the series holds candles");
    return kl__stored_put_rows(stored, rows, n, scale, counts, error);
}

kl_status kl_stored_cover(kl_stored *stored, kl_time from, kl_time to, kl_error *error) {
    KL__TRY(write_ready(stored, error));
    if (from > to) return kl__fail(error, KL_E_ARG, 2, 0, 0, "the range ends before it begins");
    if (from == to) return KL_OK;
    kl__writing *w = &stored->w;
    if (w->ranges_n && w->ranges[w->ranges_n - 1].to == from) {
        w->ranges[w->ranges_n - 1].to = to;
        return KL_OK;
    }
    void *memory = w->ranges;
    if (kl__grow(&stored->alloc, &memory, &w->ranges_capacity, w->ranges_n + 1, sizeof *w->ranges) < 0)
        return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the coverage");
    w->ranges = (kl_range *)memory;
    w->ranges[w->ranges_n].from = from;
    w->ranges[w->ranges_n++].to = to;
    return KL_OK;
}

kl_status kl_stored_set_checkpoint(kl_stored *stored, const kl_checkpoint *checkpoint, kl_error *error) {
    KL__TRY(write_ready(stored, error));
    if (!checkpoint) return kl__fail(error, KL_E_ARG, 2, 0, 0, "the checkpoint is missing");
    size_t n = kl_checkpoint_image_size(checkpoint), used;
    uint8_t *image = (uint8_t *)kl__stored_take(stored, n);
    if (!image) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the checkpoint");
    kl_checkpoint_encode(checkpoint, image, n, &used);
    kl__stored_give(stored, stored->w.state, stored->w.state_n);
    stored->w.state = image;
    stored->w.state_n = n;
    stored->w.has_state = 1;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------ commit --- */

static kl_status write_stage_ranges(kl_stored *s, uint32_t flags, const kl_range *ranges, size_t n) {
    size_t bytes;
    if (kl__size_mul(n, 16, &bytes)) return KL_E_OVERFLOW;
    uint8_t *out = (uint8_t *)kl__stored_take(s, bytes);
    if (!out) return KL_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        kl__store_i64(out + 16 * i, ranges[i].from);
        kl__store_i64(out + 16 * i + 8, ranges[i].to);
    }
    kl_status status = kl__stored_stage(s, KL__BLOCK_COVERAGE, flags | KL__BLOCK_NEEDED, out, bytes);
    kl__stored_give(s, out, bytes);
    return status;
}

static kl_status write_stage_dead(kl_stored *s) {
    if (s->dead_n == 0) return KL_OK;
    uint8_t *out = (uint8_t *)kl__stored_take(s, s->dead_n * 24);
    if (!out) return KL_E_MEMORY;
    for (size_t i = 0; i < s->dead_n; i++) {
        kl__store_u64(out + 24 * i, s->dead[i].offset);
        kl__store_i64(out + 24 * i + 8, s->dead[i].first_time);
        kl__store_i64(out + 24 * i + 16, s->dead[i].last_time);
    }
    kl_status status = kl__stored_stage(s, KL__BLOCK_DEAD, KL__BLOCK_NEEDED, out, s->dead_n * 24);
    kl__stored_give(s, out, s->dead_n * 24);
    s->w.totals.damaged += s->dead_n;
    return status;
}

/* The ranges that add something; *next: the coverage after this commit. */
static kl_status write_stage_coverage(kl_stored *s, kl_coverage *next) {
    kl__writing *w = &s->w;
    size_t fresh = 0;
    for (size_t i = 0; i < s->coverage.n; i++)
        KL__TRY(kl_coverage_add(next, s->coverage.ranges[i].from, s->coverage.ranges[i].to));
    for (size_t i = 0; i < w->ranges_n; i++) {
        kl_range r = w->ranges[i];
        if (kl_coverage_has(next, r.from, r.to)) continue;
        KL__TRY(kl_coverage_add(next, r.from, r.to));
        w->ranges[fresh++] = r;
        write_widen(&w->totals.start_first, &w->totals.start_last, r.from, r.to - 1);
    }
    w->ranges_n = fresh;
    return fresh ? write_stage_ranges(s, 0, w->ranges, fresh) : KL_OK;
}

/* 1 where the newest STATE has these bytes. (Checksums would not tell: an image ends with its own.) */
static int write_same_state(kl_stored *s) {
    kl__header h;
    uint8_t *lead;
    if (!s->totals.state || kl__stored_header(s, s->totals.state, KL__BLOCK_STATE, &h) < 0 || h.lead != s->w.state_n ||
        kl__stored_lead(s, &h, &lead) < 0)
        return 0;
    int same = memcmp(lead, s->w.state, s->w.state_n) == 0;
    kl__stored_give(s, lead, h.lead);
    return same;
}

static kl_status write_stage_all(kl_stored *s, kl_coverage *next) {
    kl__writing *w = &s->w;
    while (w->rows_n) KL__TRY(kl__stored_stage_rows(s, w->rows_n < KL__BLOCK_ROWS ? w->rows_n : KL__BLOCK_ROWS));
    if (s->recount) KL__TRY(kl__stored_recount(s, s->blocks.n, &w->totals));
    KL__TRY(write_stage_dead(s));
    KL__TRY(write_stage_coverage(s, next));
    if (w->has_state && !write_same_state(s)) {
        w->totals.state = w->end;
        KL__TRY(kl__stored_stage(s, KL__BLOCK_STATE, 0, w->state, w->state_n));
    }
    return KL_OK;
}

static kl_status write_stage_commit(kl_stored *s) {
    uint8_t bytes[KL__COMMIT_BYTES];
    s->w.totals.previous = s->commit;
    kl__totals_encode(&s->w.totals, bytes);
    KL__TRY(kl__stored_stage(s, KL__BLOCK_COMMIT, KL__BLOCK_NEEDED, bytes, sizeof bytes));
    KL__TRY(kl__stored_flush(s));
    return s->io.sync(s->io.ctx, s->file);
}

/* What was staged has become the truth. */
static void write_publish(kl_stored *s) {
    s->totals = s->w.totals;
    s->commit = s->w.end - KL__HEADER_BYTES - KL__COMMIT_BYTES;
    s->commit_crc = s->w.chain;
    s->end = s->w.end;
    s->sequence = s->w.sequence;
    s->chain = s->w.chain;
    s->dirty_tail = 0;
}

static kl_status write_slot(kl_stored *s) {
    kl__slot slot;
    memset(&slot, 0, sizeof slot);
    uint8_t *bytes = (uint8_t *)kl__stored_take(s, KL__SLOT_BYTES);
    if (!bytes) return KL_E_MEMORY;
    int32_t at = s->slot_newest == 0 ? 1 : 0;
    slot.major = KL__FORMAT_MAJOR, slot.minor = KL__FORMAT_MINOR;
    slot.salt = s->salt;
    slot.generation = s->slot_generation + 1;
    slot.commit = s->commit;
    slot.key = s->key;
    kl__slot_encode(&slot, bytes);
    kl_status status = s->io.write_at(s->io.ctx, s->file, (uint64_t)at * KL__SLOT_BYTES, bytes, KL__SLOT_BYTES);
    if (status >= 0) status = s->io.sync(s->io.ctx, s->file);
    kl__stored_give(s, bytes, KL__SLOT_BYTES);
    if (status < 0) return status;
    s->slot_newest = at;
    s->slot_generation++;
    s->slot_commit = s->commit;
    return KL_OK;
}

/* Lists the row blocks since the last INDEX, or all that are alive. */
static kl_status write_stage_index(kl_stored *s) {
    size_t first = s->has_dead_index ? 0 : s->indexed, bytes, at = 16;
    if (kl__size_mul(s->blocks.n - first, 48, &bytes) || kl__size_add(bytes, 16, &bytes)) return KL_E_OVERFLOW;
    uint8_t *out = (uint8_t *)kl__stored_take(s, bytes);
    if (!out) return KL_E_MEMORY;
    memset(out, 0, bytes);
    kl__store_u64(out, s->has_dead_index ? 0 : s->totals.index);
    for (size_t i = first; i < s->blocks.n; i++) {
        const kl__entry *e = &s->blocks.entries[i];
        if (e->dead) continue;
        kl__store_u64(out + at, e->offset);
        kl__store_i64(out + at + 8, e->first_key);
        kl__store_i64(out + at + 16, e->last_key);
        kl__store_i64(out + at + 24, e->first_time);
        kl__store_i64(out + at + 32, e->last_time);
        kl__store_u32(out + at + 40, e->rows);
        at += 48;
    }
    s->w.totals.index = s->w.end;
    kl_status status = kl__stored_stage(s, KL__BLOCK_INDEX, 0, out, at);
    kl__stored_give(s, out, bytes);
    return status;
}

/* A transaction of its own: INDEX, whole COVERAGE, COMMIT; then the slot. Whatever fails, the data stay as they are. */
static kl_status write_maintain(kl_stored *s) {
    if (s->dead_n || s->lost) return KL_OK; /* not before the damage is recorded */
    KL__TRY(kl__stored_cut(s));
    write_start(s);
    kl_status status = write_stage_index(s);
    s->w.totals.coverage = s->w.end;
    if (status >= 0) status = write_stage_ranges(s, KL__BLOCK_WHOLE, s->coverage.ranges, s->coverage.n);
    s->w.totals.walk = s->w.end;
    s->w.totals.walk_sequence = s->w.sequence;
    s->w.totals.walk_chain = s->w.chain;
    if (status >= 0) status = write_stage_commit(s);
    if (status >= 0) {
        write_publish(s);
        s->indexed = s->blocks.n;
        s->has_dead_index = 0;
    }
    write_forget(s);
    if (status < 0) {
        kl__stored_cut(s);
        return status;
    }
    return write_slot(s);
}

static kl_status write_commit(kl_stored *s) {
    kl__writing *w = &s->w;
    kl_coverage next;
    KL__TRY(kl_coverage_init(&next, &s->alloc));
    kl_status status = write_stage_all(s, &next);
    int changed = w->end != s->end || memcmp(&w->totals.scale, &s->totals.scale, sizeof s->totals.scale) != 0;
    if (status >= 0 && changed) {
        w->totals.commits++;
        w->totals.damaged += (uint64_t)s->lost;
        status = write_stage_commit(s);
    }
    if (status < 0) {
        kl_coverage_free(&next);
        return status;
    }
    kl_coverage old = s->coverage;
    s->coverage = next;
    kl_coverage_free(&old);
    if (!changed) return KL_OK;
    if (s->dead_n) s->has_dead_index = 1;
    s->dead_n = 0;
    s->lost = s->recount = 0;
    write_publish(s);
    return KL_OK;
}

kl_status kl_stored_commit(kl_stored *stored, kl_error *error) {
    KL__TRY(write_ready(stored, error));
    kl_status status = write_commit(stored);
    if (status < 0) {
        write_undo(stored);
        kl__stored_cut(stored); /* where this fails, the next transaction tries again */
        return kl__fail(error, status, 0, 0, 0, "the transaction was not committed: %s", kl_status_text(status));
    }
    write_forget(stored);
    uint64_t vouched = stored->slot_commit ? stored->slot_commit : KL__BLOCKS_START;
    if (stored->blocks.n - stored->indexed >= WRITE_INDEX_BLOCKS || (stored->end - vouched) >> WRITE_VOUCH_SHIFT)
        (void)write_maintain(stored); /* only makes opening faster */
    return KL_OK;
}

kl_status kl__stored_settle(kl_stored *s) {
    if (!s->writer || s->commit == s->slot_commit || s->lost) return KL_OK; /* lost: the slot is the witness */
    KL__TRY(kl__stored_cut(s));
    if (s->blocks.n - s->indexed >= WRITE_CLOSE_BLOCKS || s->has_dead_index) return write_maintain(s);
    return write_slot(s);
}

/* ------------------------------------------------------------------------------------------------------ create --- */

/* Two slots, META and a first COMMIT, in a file that gets its name when it is complete. */
static kl_status write_first(kl_stored *s, uint8_t *slots) {
    uint8_t meta[KL__META_BYTES] = {0};
    kl__slot slot;
    memset(&s->totals, 0, sizeof s->totals);
    s->totals.kind = s->key.interval.unit ? KL__KIND_KLINES : KL__KIND_TRADES_OPEN;
    s->totals.first_key = s->totals.first_time = 1;
    s->end = KL__BLOCKS_START;
    s->sequence = 1;
    s->chain = s->salt;
    write_start(s);
    kl__store_u16(meta, KL__FORMAT_MAJOR);
    kl__store_u16(meta + 2, KL__FORMAT_MINOR);
    kl__series_key_encode(&s->key, meta + 16);
    KL__TRY(kl__stored_stage(s, KL__BLOCK_META, KL__BLOCK_NEEDED, meta, sizeof meta));
    s->w.totals.walk = s->w.end;
    s->w.totals.walk_sequence = s->w.sequence;
    s->w.totals.walk_chain = s->w.chain;
    memset(&slot, 0, sizeof slot);
    slot.major = KL__FORMAT_MAJOR, slot.minor = KL__FORMAT_MINOR;
    slot.salt = s->salt, slot.generation = 1, slot.commit = s->w.end, slot.key = s->key;
    memset(slots, 0, 2 * KL__SLOT_BYTES);
    kl__slot_encode(&slot, slots);
    KL__TRY(s->io.truncate(s->io.ctx, s->file, 0));
    KL__TRY(s->io.write_at(s->io.ctx, s->file, 0, slots, 2 * KL__SLOT_BYTES));
    return write_stage_commit(s);
}

kl_status kl__stored_create(kl_stored *s, kl_error *error) {
    uint8_t *slots = (uint8_t *)kl__stored_take(s, 2 * KL__SLOT_BYTES);
    char *temp = (char *)kl__stored_take(s, s->path_bytes + 4);
    kl_status status = slots && temp ? KL_OK : KL_E_MEMORY;
    if (status >= 0) {
        memcpy(temp, s->path, s->path_bytes - 1);
        memcpy(temp + s->path_bytes - 1, ".new", 5);
        status = s->io.open(s->io.ctx, temp, KL_OPEN_CREATE, &s->file);
    }
    if (status >= 0) {
        status = write_first(s, slots);
        kl_status closed = s->io.close(s->io.ctx, s->file);
        if (status >= 0) status = closed;
        s->file = NULL;
    }
    write_forget(s);
    if (status >= 0) status = s->io.rename(s->io.ctx, temp, s->path);
    if (status >= 0) status = s->io.sync_dir(s->io.ctx, s->store->directory);
    s->dirty_tail = 0;
    kl__stored_give(s, slots, 2 * KL__SLOT_BYTES);
    kl__stored_give(s, temp, s->path_bytes + 4);
    if (status < 0)
        return kl__fail(error, status, 0, 0, 0, "the series could not be created: %s", kl_status_text(status));
    return KL_OK;
}
