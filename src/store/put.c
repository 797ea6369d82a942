/* Taking rows in. Rows beyond the last key are appended as they come; others are sorted in chunks and settled against
 * what the file, this transaction's blocks and the pending rows hold. Pending rows are sorted and unique and become a
 * block. */
#include "data/grow.h"
#include "store/stored.h"

typedef struct put_call {
    kl_stored *s;
    const uint8_t *rows;
    size_t n, stride;
    kl_scale scale; /* of the rows */
    int32_t kind, aggregate, rescale;
    kl_put_counts counts;
} put_call;

/* ------------------------------------------------------------------------------------------------------ checks --- */

static int32_t put_kind_of(const kl_trade *trade) {
    return trade->id >= 0 ? KL__KIND_TRADES_ID : KL__KIND_TRADES_CONTENT;
}

static int32_t put_is_aggregate(const void *trade) {
    return (((const kl_trade *)trade)->flags & KL_TRADE_AGGREGATE) != 0;
}

static kl_status put_check_row(const put_call *call, size_t i, const kl_scale *target, kl_error *error) {
    const uint8_t *row = call->rows + i * call->stride;
    int64_t time = kl__row_time(call->kind, row);
    if (time < KL_TIME_MIN || time > KL_TIME_MAX)
        return kl__fail(error, KL_E_TIME, 2, (int64_t)i + 1, 1, "the time of row %llu is outside 2000..2100",
                        (unsigned long long)i + 1);
    if (call->kind != KL__KIND_KLINES && put_kind_of((const kl_trade *)(const void *)row) != call->kind)
        return kl__fail(error, KL_E_MISMATCH, 2, (int64_t)i + 1, 1, "trades with and without id are mixed");
    if (call->kind != KL__KIND_KLINES && put_is_aggregate(row) != call->aggregate)
        return kl__fail(error, KL_E_MISMATCH, 2, (int64_t)i + 1, 1, "%s, whose ids are another count",
                        call->aggregate ? "a single trade does not go into a series of aggregates"
                                        : "an aggregate does not go into a series of single trades");
    if (call->rescale) {
        union {
            kl_kline kline;
            kl_trade trade;
        } copy;
        memcpy(&copy, row, call->stride);
        if (kl__row_rescale(call->kind, &copy, &call->scale, target) < 0)
            return kl__fail(error, KL_E_OVERFLOW, 2, (int64_t)i + 1, 0, "row %llu does not fit the scale of the series",
                            (unsigned long long)i + 1);
    }
    return KL_OK;
}

static int32_t put_finer(int32_t a, int32_t b) { return a > b ? a : b; }

/* The scale after this call, and the peaks at it: KL_E_OVERFLOW where what is stored does not fit. */
static kl_status put_scale(const put_call *call, kl_scale *target, kl_i128 peak[3]) {
    const kl__totals *t = &call->s->w.totals;
    int fresh = t->versions == 0 && call->s->w.rows_n == 0 && t->rows == 0;
    *target = fresh ? call->scale : t->scale;
    target->reserved = 0;
    memcpy(peak, t->peak, 3 * sizeof *peak);
    if (fresh) return KL_OK;
    target->price = put_finer(t->scale.price, call->scale.price);
    target->volume = put_finer(t->scale.volume, call->scale.volume);
    target->quote = put_finer(t->scale.quote, call->scale.quote);
    const int32_t by[3] = {target->price - t->scale.price, target->volume - t->scale.volume,
                           target->quote - t->scale.quote};
    for (int i = 0; i < 3; i++) {
        if (by[i] == 0) continue;
        KL__TRY(kl_decimal_rescale(&peak[i], 0, by[i]));
        if (i == 0 && !kl__wide_fits(peak[i])) return KL_E_OVERFLOW;
    }
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------ pending rows --- */

static kl_status put_room(kl_stored *s, size_t n, size_t stride) {
    void *rows = s->w.rows;
    KL__TRY(kl__grow(&s->alloc, &rows, &s->w.rows_capacity, n, stride));
    s->w.rows = (uint8_t *)rows;
    return KL_OK;
}

static kl_status put_drain(kl_stored *s) {
    while (s->w.rows_n >= KL__BLOCK_ROWS) KL__TRY(kl__stored_stage_rows(s, KL__BLOCK_ROWS));
    return KL_OK;
}

/* Copies row i of the call to `out`, at the scale of the series. */
static kl_status put_copy(const put_call *call, size_t i, uint8_t *out) {
    memcpy(out, call->rows + i * call->stride, call->stride);
    if (call->kind == KL__KIND_KLINES)
        ((kl_kline *)(void *)out)->reserved = 0;
    else
        ((kl_trade *)(void *)out)->reserved = 0;
    return call->rescale ? kl__row_rescale(call->kind, out, &call->scale, &call->s->w.totals.scale) : KL_OK;
}

/* The greatest key there is; INT64_MIN where there is none. */
static int64_t put_last_key(const put_call *call) {
    const kl__writing *w = &call->s->w;
    int64_t last = kl__blocks_reach(&call->s->blocks);
    if (w->rows_n == 0) return last;
    int64_t pending = kl__row_key(call->kind, w->rows + (w->rows_n - 1) * call->stride);
    return pending > last ? pending : last;
}

/* Rows from `first` on that rise beyond everything; *taken of them go in. */
static kl_status put_rising(put_call *call, size_t first, size_t *taken) {
    kl__writing *w = &call->s->w;
    int64_t last = put_last_key(call);
    size_t i = first;
    for (; i < call->n; i++) {
        int64_t key = kl__row_key(call->kind, call->rows + i * call->stride);
        if (key <= last) break;
        last = key;
        if (w->rows_n == KL__BLOCK_ROWS) KL__TRY(put_drain(call->s));
        KL__TRY(put_room(call->s, w->rows_n + 1, call->stride));
        KL__TRY(put_copy(call, i, w->rows + w->rows_n * call->stride));
        w->rows_n++;
    }
    *taken = i - first;
    w->totals.rows += *taken;
    call->counts.inserted += *taken;
    return KL_OK;
}

/* ----------------------------------------------------------------------------------------------------- sorting --- */

/* Stable: equal keys stay in order of arrival. */
static void put_sort(const put_call *call, uint32_t *order, uint32_t *spare, size_t n) {
    const uint8_t *rows = call->s->w.chunk;
    size_t sorted = 1;
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    while (sorted < n &&
           kl__row_compare(call->kind, rows + (sorted - 1) * call->stride, rows + sorted * call->stride) <= 0)
        sorted++;
    if (sorted >= n) return;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width) {
            size_t middle = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
            size_t a = low, b = middle;
            for (size_t out = low; out < high; out++) {
                int left = b >= high || (a < middle && kl__row_compare(call->kind, rows + order[a] * call->stride,
                                                                       rows + order[b] * call->stride) <= 0);
                spare[out] = left ? order[a++] : order[b++];
            }
        }
        memcpy(order, spare, n * sizeof *order);
    }
}

/* --------------------------------------------------------------------------------------------------- versions --- */

static int put_is_final(const kl_kline *row) { return (row->flags & (KL_CLOSED | KL_SYNTHETIC)) == KL_CLOSED; }

/* One more version of a candle: *have becomes the better one. 1 where that changed it. Order of arrival does not
 * matter. */
static int put_settle_kline(kl_kline *have, const kl_kline *row, kl_put_counts *counts) {
    int wins = kl__row_rank(KL__KIND_KLINES, row, have) > 0, same = kl_kline_same(row, have) != 0;
    kl_kline winner = wins ? *row : *have;
    const kl_kline *loser = wins ? have : row;
    if (put_is_final(&winner) && put_is_final(loser) && (!same || (loser->flags & KL_REVISED)))
        winner.flags |= KL_REVISED;
    if (same)
        counts->same++;
    else if (wins)
        counts->revised++;
    else
        counts->kept++;
    int changed = wins || winner.flags != have->flags;
    *have = winner;
    return changed;
}

static int put_settle(int32_t kind, uint8_t *have, const uint8_t *row, kl_put_counts *counts) {
    if (kind == KL__KIND_KLINES)
        return put_settle_kline((kl_kline *)(void *)have, (const kl_kline *)(const void *)row, counts);
    int order = kl__row_rank(kind, row, have);
    if (order == 0)
        counts->same++;
    else if (order > 0)
        counts->revised++;
    else
        counts->kept++;
    if (order > 0) memcpy(have, row, kl__row_bytes(kind));
    return order > 0;
}

/* The stored version of a key, or NULL. The blocks have been checked: damage now is fatal for the transaction. */
static kl_status put_stored(put_call *call, kl__merge *merge, const void **at, const uint8_t *row, const void **found) {
    int64_t key = kl__row_key(call->kind, row);
    *found = NULL;
    while (!*at || kl__row_compare(call->kind, *at, row) < 0) {
        kl_status status = KL_OK;
        if (!*at || kl__row_key(call->kind, *at) < key) status = kl__merge_seek(merge, key);
        if (status >= 0) status = kl__merge_next(merge, at);
        if (status == KL_END) return KL_END;
        KL__TRY(status);
    }
    if (kl__row_compare(call->kind, *at, row) == 0) *found = *at;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------ trades without id --- */

enum { PUT_TAIL_ROWS = 65536 }; /* distinct trades of a transaction that are remembered */

/* First remembered trade that is not before `row`. */
static size_t put_tail_find(const kl__writing *w, const kl_trade *row) {
    size_t low = 0, high = w->tail_n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kl__row_compare(KL__KIND_TRADES_CONTENT, &w->tail[middle], row) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Forgets the older half, whole instants of it: no trade may come so late any more. */
static void put_tail_forget(kl__writing *w) {
    size_t cut = w->tail_n / 2;
    while (cut > 0 && w->tail[cut - 1].time_us == w->tail[cut].time_us) cut--;
    if (cut == 0) return;
    w->tail_floor = w->tail[cut - 1].time_us;
    w->tail_n -= cut;
    memmove(w->tail, w->tail + cut, w->tail_n * sizeof *w->tail);
}

/* Numbers equal trades of the transaction 0, 1, 2 ...; so a file that comes again finds its own rows. Rows are sorted.
 */
static kl_status put_number(put_call *call, const uint32_t *order, size_t n) {
    kl__writing *w = &call->s->w;
    for (size_t i = 0; i < n; i++) {
        kl_trade *row = (kl_trade *)(void *)(w->chunk + order[i] * call->stride);
        size_t at = put_tail_find(w, row);
        if (at == w->tail_n || kl__row_compare(call->kind, &w->tail[at], row) != 0) {
            if (w->tail_n >= PUT_TAIL_ROWS) {
                put_tail_forget(w);
                at = put_tail_find(w, row);
            }
            if (row->time_us <= w->tail_floor) return KL_E_ORDER;
            void *tail = w->tail;
            KL__TRY(kl__grow(&call->s->alloc, &tail, &w->tail_capacity, w->tail_n + 1, sizeof *w->tail));
            w->tail = (kl_trade *)tail;
            memmove(w->tail + at + 1, w->tail + at, (w->tail_n++ - at) * sizeof *w->tail);
            w->tail[at] = *row;
            w->tail[at].id = 0; /* here: how many there were */
        }
        row->reserved = (uint32_t)w->tail[at].id++;
    }
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------ chunks --- */

static kl_status put_chunk_room(kl_stored *s, size_t n, size_t stride) {
    void *chunk = s->w.chunk, *sort = s->w.sort;
    KL__TRY(kl__grow(&s->alloc, &chunk, &s->w.chunk_capacity, n, stride));
    s->w.chunk = (uint8_t *)chunk;
    KL__TRY(kl__grow(&s->alloc, &sort, &s->w.sort_capacity, 2 * n, sizeof *s->w.sort));
    s->w.sort = (uint32_t *)sort;
    return KL_OK;
}

/* Merges the `n` new rows of the chunk named by order into the pending ones, from the back. */
static void put_join(put_call *call, const uint32_t *order, size_t n) {
    kl__writing *w = &call->s->w;
    size_t stride = call->stride, a = w->rows_n, b = n, out = w->rows_n + n;
    while (b > 0) {
        const uint8_t *row = w->chunk + order[b - 1] * stride;
        if (a > 0 && kl__row_compare(call->kind, w->rows + (a - 1) * stride, row) > 0) {
            --a, --out;
            memmove(w->rows + out * stride, w->rows + a * stride, stride);
        } else {
            --b, --out;
            memcpy(w->rows + out * stride, row, stride);
        }
    }
    w->rows_n += n;
}

/* Settles the sorted rows of a chunk; those that have to be added are left in order[0 .. *fresh). */
static kl_status put_resolve(put_call *call, kl__merge *merge, uint32_t *order, size_t n, size_t *fresh) {
    kl__writing *w = &call->s->w;
    const void *at = NULL, *found;
    int stored_left = merge != NULL;
    size_t pending = 0, stride = call->stride;
    *fresh = 0;
    for (size_t i = 0, end; i < n; i = end) {
        uint8_t *first = w->chunk + order[i] * stride, *have = NULL;
        for (end = i + 1; end < n && kl__row_compare(call->kind, w->chunk + order[end] * stride, first) == 0;) end++;
        while (pending < w->rows_n && kl__row_compare(call->kind, w->rows + pending * stride, first) < 0) pending++;
        if (pending < w->rows_n && kl__row_compare(call->kind, w->rows + pending * stride, first) == 0)
            have = w->rows + pending * stride; /* changed in place */
        found = NULL;
        if (!have && stored_left) {
            kl_status status = put_stored(call, merge, &at, first, &found);
            KL__TRY(status);
            if (status == KL_END) stored_left = 0;
        }
        int changed = 0;
        union {
            kl_kline kline;
            kl_trade trade;
        } best;
        if (found)
            memcpy(&best, found, stride);
        else if (!have) {
            memcpy(&best, first, stride);
            changed = 1;
            w->totals.rows++;
            call->counts.inserted++;
        }
        uint8_t *target = have ? have : (uint8_t *)&best;
        for (size_t k = i + (!have && !found); k < end; k++)
            changed |= put_settle(call->kind, target, w->chunk + order[k] * stride, &call->counts);
        if (have || !changed) continue;
        memcpy(first, &best, stride);
        order[(*fresh)++] = order[i];
    }
    return KL_OK;
}

static kl_status put_chunk(put_call *call, size_t first, size_t n) {
    kl_stored *s = call->s;
    size_t fresh, low, high;
    KL__TRY(put_chunk_room(s, n, call->stride));
    for (size_t i = 0; i < n; i++) KL__TRY(put_copy(call, first + i, s->w.chunk + i * call->stride));
    uint32_t *order = s->w.sort;
    put_sort(call, order, order + n, n);
    if (call->kind == KL__KIND_TRADES_CONTENT) {
        KL__TRY(put_number(call, order, n));
        put_sort(call, order, order + n, n);
    }
    int64_t from = kl__row_key(call->kind, s->w.chunk + order[0] * call->stride);
    int64_t to = kl__row_key(call->kind, s->w.chunk + order[n - 1] * call->stride);
    kl__merge *merge = NULL;
    kl__blocks_overlap(&s->blocks, from, to, &low, &high);
    if (low < high) {
        KL__TRY(kl__stored_check_range(s, from, to, s->blocks.n));
        KL__TRY(kl__merge_new(s, from, to, s->blocks.n, &s->w.totals.scale, &merge));
    }
    kl_status status = put_resolve(call, merge, order, n, &fresh);
    kl__merge_free(merge);
    KL__TRY(status);
    KL__TRY(put_room(s, s->w.rows_n + fresh, call->stride));
    put_join(call, order, fresh);
    return put_drain(s);
}

static kl_status put_all(put_call *call) {
    for (size_t i = 0; i < call->n;) {
        size_t taken = 0;
        if (call->kind != KL__KIND_TRADES_CONTENT) KL__TRY(put_rising(call, i, &taken));
        i += taken;
        size_t n = call->n - i < KL__BLOCK_ROWS ? call->n - i : KL__BLOCK_ROWS;
        if (n) KL__TRY(put_chunk(call, i, n));
        i += n;
    }
    return KL_OK;
}

kl_status kl__stored_put_rows(kl_stored *s, const void *rows, size_t n, const kl_scale *scale, kl_put_counts *counts,
                              kl_error *error) {
    put_call call;
    kl_scale target;
    kl_i128 peak[3];
    memset(&call, 0, sizeof call);
    call.s = s;
    call.rows = (const uint8_t *)rows;
    call.n = n;
    call.scale = *scale;
    call.scale.reserved = 0;
    if (n == 0) return KL_OK;
    call.kind = s->w.totals.kind;
    call.aggregate = s->w.totals.aggregate;
    if (call.kind == KL__KIND_TRADES_OPEN) {
        call.kind = put_kind_of((const kl_trade *)rows);
        call.aggregate = put_is_aggregate(rows);
    }
    if (call.kind != KL__KIND_KLINES) call.scale.quote = 0;
    call.stride = kl__row_bytes(call.kind);
    if (s->w.rows_n) kl__rows_peak(call.kind, s->w.rows, s->w.rows_n, s->w.totals.peak);
    if (put_scale(&call, &target, peak) < 0)
        return kl__fail(error, KL_E_OVERFLOW, 4, 0, 0, "what is stored does not fit this scale");
    call.rescale = memcmp(&target, &call.scale, sizeof target) != 0;
    for (size_t i = 0; i < n; i++) KL__TRY(put_check_row(&call, i, &target, error));
    kl_status status = KL_OK;
    if (memcmp(&target, &s->w.totals.scale, sizeof target) != 0) {
        while (s->w.rows_n && status >= 0)
            status = kl__stored_stage_rows(s, s->w.rows_n < KL__BLOCK_ROWS ? s->w.rows_n : KL__BLOCK_ROWS);
        s->w.totals.scale = target;
        memcpy(s->w.totals.peak, peak, sizeof peak);
    }
    s->w.totals.kind = call.kind;
    s->w.totals.aggregate = call.aggregate;
    if (status >= 0) status = put_all(&call);
    if (status < 0) {
        s->w.failed = 1;
        return kl__fail(error, status, 0, 0, 0, "%s",
                        status == KL_E_ORDER
                            ? "trades without id come too far out of order of time within a transaction"
                            : kl_status_text(status));
    }
    call.counts.rows = n;
    if (counts) {
        counts->rows += call.counts.rows;
        counts->inserted += call.counts.inserted;
        counts->same += call.counts.same;
        counts->revised += call.counts.revised;
        counts->kept += call.counts.kept;
    }
    return KL_OK;
}
