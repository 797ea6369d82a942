/* One version per candle, streaming: the newest key is held back until the next one comes. */
#include "clean/dedup.h"
#include "base/check.h"
#include <string.h>

struct kl_dedup {
    kl_kline_sink next;
    kl_change_sink changes;
    kl_dedup_counts counts;
    kl_kline held;
    kl_scale scale; /* of held */
    int64_t held_line;
    int32_t policy, has_held;
};

static int dedup_is_final(const kl_kline *row) { return (row->flags & (KL_CLOSED | KL_SYNTHETIC)) == KL_CLOSED; }

kl_status kl__dedup_settle(kl_kline *held, const kl_kline *row, int32_t policy, const kl_scale *scale,
                           const kl_change_sink *changes, kl_dedup_counts *counts) {
    int row_wins = policy == KL_DEDUP_LAST || (policy == KL_DEDUP_RANK && kl_kline_rank(row, held) > 0);
    int same = kl_kline_same(row, held) != 0;
    kl_kline winner = row_wins ? *row : *held;
    const kl_kline *loser = row_wins ? held : row;
    int revised = !same && dedup_is_final(row) && dedup_is_final(held);
    /* an equal version that lost brings its mark along, so that the mark does not depend on the order of arrival */
    if (revised || (same && (loser->flags & KL_REVISED) && dedup_is_final(&winner))) winner.flags |= KL_REVISED;
    if (!same && changes && changes->changed) KL__TRY(changes->changed(changes->ctx, &winner, loser, scale));
    if (same)
        counts->same++;
    else if (row_wins)
        counts->replaced++;
    else
        counts->kept++;
    counts->revisions += (uint64_t)revised;
    *held = winner;
    return KL_OK;
}

size_t kl_dedup_size(void) { return sizeof(kl_dedup); }

kl_status kl_dedup_init(void *memory, size_t bytes, int32_t policy, const kl_kline_sink *next, const kl_change_sink *changes,
                        kl_dedup **dedup) {
    if (!memory || !next || !next->klines || !dedup || policy < KL_DEDUP_RANK || policy > KL_DEDUP_LAST) return KL_E_ARG;
    if (bytes < sizeof(kl_dedup)) return KL_E_SIZE;
    kl_dedup *d = (kl_dedup *)memory;
    memset(d, 0, sizeof *d);
    d->policy = policy;
    d->next = *next;
    if (changes) d->changes = *changes;
    *dedup = d;
    return KL_OK;
}

static int32_t dedup_max(int32_t a, int32_t b) { return a > b ? a : b; }

/* brings held row and batch to one scale, the finer one of each column. */
static kl_status dedup_align_scales(kl_dedup *d, kl_kline_batch *batch, kl_error *error) {
    kl_scale common = batch->scale;
    if (!memcmp(&common, &d->scale, sizeof common)) return KL_OK;
    common.price = dedup_max(common.price, d->scale.price);
    common.volume = dedup_max(common.volume, d->scale.volume);
    common.quote = dedup_max(common.quote, d->scale.quote);
    kl_kline held = d->held;
    kl_status status = kl_kline_rescale(&held, &d->scale, &common);
    if (status < 0) return kl__fail(error, status, 0, d->held_line, 0, "a row does not fit the finer scale");
    for (size_t i = 0; i < batch->n; i++) {
        status = kl_kline_rescale(&batch->rows[i], &batch->scale, &common);
        if (status < 0)
            return kl__fail(error, status, 0, batch->source_row ? batch->source_row[i] : (int64_t)i + 1, 0,
                            "a row does not fit the finer scale");
    }
    d->held = held;
    d->scale = batch->scale = common;
    return KL_OK;
}

static kl_status dedup_hand_on_held(kl_dedup *d) {
    kl_kline_batch one;
    one.rows = &d->held;
    one.source_row = &d->held_line;
    one.n = 1;
    one.scale = d->scale;
    d->has_held = 0;
    d->counts.unique++;
    return d->next.klines(d->next.ctx, &one);
}

KL__INLINE void dedup_move(kl_kline_batch *batch, size_t to, size_t from) {
    if (KL__LIKELY(to == from)) return;
    batch->rows[to] = batch->rows[from];
    if (batch->source_row) batch->source_row[to] = batch->source_row[from];
}

/* rows[last] is the newest key, rows[from] steps back: it goes out before. */
static void dedup_insert_late(kl_kline_batch *batch, size_t last, size_t from) {
    kl_kline late = batch->rows[from];
    int64_t line = batch->source_row ? batch->source_row[from] : 0;
    dedup_move(batch, last + 1, last);
    batch->rows[last] = late;
    if (batch->source_row) batch->source_row[last] = line;
}

/* the first row meets the one held from the batch before; *start: the rows already handled. */
static kl_status dedup_first(kl_dedup *d, kl_kline_batch *batch, kl_error *error) {
    KL__TRY(dedup_align_scales(d, batch, error));
    if (batch->rows[0].open_time_us > d->held.open_time_us) return dedup_hand_on_held(d);
    /* equal or earlier: the held row takes part in the batch as if it stood in front of it */
    if (batch->rows[0].open_time_us < d->held.open_time_us) {
        size_t late = 1;
        while (late < batch->n && batch->rows[late].open_time_us < d->held.open_time_us) late++;
        kl_kline_batch front = *batch;
        front.n = late;
        d->counts.out_of_order += late;
        d->counts.unique += late;
        KL__TRY(d->next.klines(d->next.ctx, &front));
        batch->rows += late;
        if (batch->source_row) batch->source_row += late;
        batch->n -= late;
        return batch->n ? dedup_first(d, batch, error) : KL_OK;
    }
    KL__TRY(kl__dedup_settle(&d->held, &batch->rows[0], d->policy, &d->scale, &d->changes, &d->counts));
    batch->rows[0] = d->held;
    d->has_held = 0;
    return KL_OK;
}

kl_status kl_dedup_push(kl_dedup *dedup, kl_kline_batch *given, kl_error *error) {
    kl_dedup *d = dedup;
    if (!d || !given || (given->n && !given->rows)) return kl__fail(error, KL_E_ARG, 2, 0, 0, "batch is missing");
    if (given->n == 0) return KL_OK;
    d->counts.rows += given->n;
    kl_kline_batch batch = *given;
    if (d->has_held) KL__TRY(dedup_first(d, &batch, error));
    if (batch.n == 0) return KL_OK;
    size_t last = 0;
    kl_time newest = batch.rows[0].open_time_us;
    for (size_t i = 1; i < batch.n; i++) {
        kl_time open = batch.rows[i].open_time_us;
        if (KL__LIKELY(open > newest)) {
            newest = open;
            dedup_move(&batch, ++last, i);
        } else if (open == newest) {
            KL__TRY(kl__dedup_settle(&batch.rows[last], &batch.rows[i], d->policy, &batch.scale, &d->changes, &d->counts));
        } else {
            dedup_insert_late(&batch, last++, i);
            d->counts.out_of_order++;
        }
    }
    d->held = batch.rows[last];
    d->held_line = batch.source_row ? batch.source_row[last] : 0;
    d->scale = batch.scale;
    d->has_held = 1;
    d->counts.unique += last;
    batch.n = last;
    return last ? d->next.klines(d->next.ctx, &batch) : KL_OK;
}

kl_status kl_dedup_finish(kl_dedup *dedup, kl_error *error) {
    if (!dedup) return kl__fail(error, KL_E_ARG, 1, 0, 0, "dedup is missing");
    return dedup->has_held ? dedup_hand_on_held(dedup) : KL_OK;
}

void kl_dedup_counts_get(const kl_dedup *dedup, kl_dedup_counts *counts) {
    if (dedup && counts) *counts = dedup->counts;
}
