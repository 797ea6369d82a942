/* Holes between neighbouring bars, by arithmetic on the interval's grid, and holes between trade ids. */
#include "clean/gaps.h"
#include <string.h>

size_t kl_gap_finder_size(void) { return sizeof(kl_gap_finder); }

kl_status kl_gap_finder_init(void *memory, size_t bytes, const kl_interval *interval, const kl_kline_sink *next,
                             const kl_gap_sink *gaps, kl_gap_finder **finder) {
    if (!memory || !interval || !finder) return KL_E_ARG;
    if (bytes < sizeof(kl_gap_finder)) return KL_E_SIZE;
    kl_time open;
    KL__TRY(kl_interval_floor(interval, KL_TIME_MIN, &open));
    kl_gap_finder *f = (kl_gap_finder *)memory;
    memset(f, 0, sizeof *f);
    kl__bucket_init(&f->bucket, interval);
    if (next) f->next = *next;
    if (gaps) f->sink = *gaps;
    f->newest = KL_TIME_NONE;
    *finder = f;
    return KL_OK;
}

/* the bars between the newest row's bucket and the one of `open`. */
kl_status kl__gap_step(kl_gap_finder *f, kl_time open) {
    kl_time due = f->bucket.next;
    int first = f->newest == KL_TIME_NONE;
    KL__TRY(kl__bucket_at(&f->bucket, open));
    f->newest = open;
    if (KL__LIKELY(first || f->bucket.open <= due)) return KL_OK;
    kl_gap gap;
    gap.from = due;
    gap.to = f->bucket.open;
    KL__TRY(kl_interval_count(&f->bucket.interval, gap.from, gap.to, &gap.missing));
    f->gaps++;
    f->missing += (uint64_t)gap.missing;
    return f->sink.gap ? f->sink.gap(f->sink.ctx, &gap) : KL_OK;
}

static kl_status gap_rows(kl_gap_finder *f, const kl_kline *rows, size_t n, const int64_t *lines, kl_error *error) {
    for (size_t i = 0; i < n; i++) {
        int64_t line = lines ? lines[i] : (int64_t)i + 1;
        if (KL__UNLIKELY(rows[i].open_time_us <= f->newest))
            return kl__fail(error, KL_E_ORDER, 0, line, 1, "gaps are found between rows of rising open time");
        kl_status status = kl__gap_step(f, rows[i].open_time_us);
        if (KL__UNLIKELY(status < 0)) return kl__fail(error, status, 0, line, 1, "%s", kl_status_text(status));
    }
    return KL_OK;
}

kl_status kl_gap_finder_push(kl_gap_finder *finder, kl_kline_batch *batch, kl_error *error) {
    if (!finder || !batch || (batch->n && !batch->rows)) return kl__fail(error, KL_E_ARG, 2, 0, 0, "batch is missing");
    KL__TRY(gap_rows(finder, batch->rows, batch->n, batch->source_row, error));
    return batch->n && finder->next.klines ? finder->next.klines(finder->next.ctx, batch) : KL_OK;
}

void kl_gap_finder_counts(const kl_gap_finder *finder, uint64_t *gaps, uint64_t *missing) {
    if (!finder) return;
    if (gaps) *gaps = finder->gaps;
    if (missing) *missing = finder->missing;
}

kl_status kl_series_gaps(const kl_series *series, const kl_gap_sink *gaps, uint64_t *n_gaps, uint64_t *missing, kl_error *error) {
    kl_gap_finder memory, *finder;
    if (!series) return kl__fail(error, KL_E_ARG, 1, 0, 0, "series is missing");
    kl_status status = kl_gap_finder_init(&memory, sizeof memory, &series->key.interval, NULL, gaps, &finder);
    if (status < 0) return kl__fail(error, status, 1, 0, 0, "the series' interval cannot be used");
    KL__TRY(gap_rows(finder, series->rows, series->n, NULL, error));
    kl_gap_finder_counts(finder, n_gaps, missing);
    return KL_OK;
}

kl_status kl__id_gap_step(kl__id_gaps *ids, const kl_trade *t, const kl_gap_sink *sink) {
    int ranged = t->first_id >= 0 && t->last_id >= t->first_id;
    if ((t->flags & KL_TRADE_NEUTRALISED) || (!ranged && t->id < 0)) return KL_OK;
    int64_t first = ranged ? t->first_id : t->id, last = ranged ? t->last_id : t->id, before = ids->last_seen;
    if (first < ids->first_seen) return KL_E_ORDER;
    ids->first_seen = first;
    if (last > ids->last_seen) ids->last_seen = last;
    if (before < 0 || first <= before || first - before == 1) return KL_OK;
    kl_gap gap;
    gap.from = before + 1;
    gap.to = first;
    gap.missing = first - gap.from;
    ids->gaps++;
    ids->missing += (uint64_t)gap.missing;
    return sink && sink->gap ? sink->gap(sink->ctx, &gap) : KL_OK;
}

kl_status kl_trades_gaps(const kl_trades *trades, const kl_gap_sink *gaps, uint64_t *n_gaps, uint64_t *missing, kl_error *error) {
    if (!trades) return kl__fail(error, KL_E_ARG, 1, 0, 0, "trades are missing");
    kl__id_gaps ids = {-1, -1, 0, 0};
    for (size_t i = 0; i < trades->n; i++) {
        kl_status status = kl__id_gap_step(&ids, &trades->rows[i], gaps);
        if (status < 0) return kl__fail(error, status, 1, (int64_t)i + 1, 1, "%s", kl_status_text(status));
    }
    if (n_gaps) *n_gaps = ids.gaps;
    if (missing) *missing = ids.missing;
    return KL_OK;
}
