/* Rows of our own in gaps, always marked, and out again. */
#include "base/size.h"
#include "base/wide.h"
#include "clean/bucket.h"
#include "kline/clean.h"
#include <string.h>

/* bars that are absent between two neighbouring rows; 0 where the run is too long to be filled. */
static kl_status fill_run(kl__bucket *bucket, kl_time before, kl_time open, uint64_t max_run, uint64_t *run) {
    KL__TRY(kl__bucket_at(bucket, before));
    kl_time due = bucket->next;
    KL__TRY(kl__bucket_at(bucket, open));
    *run = 0;
    if (KL__LIKELY(bucket->open <= due)) return KL_OK;
    int64_t missing;
    KL__TRY(kl_interval_count(&bucket->interval, due, bucket->open, &missing));
    if (max_run == 0 || (uint64_t)missing <= max_run) *run = (uint64_t)missing;
    return KL_OK;
}

static void fill_row(kl_kline *row, const kl__bucket *bucket, const kl_kline *before, int32_t mode) {
    memset(row, 0, sizeof *row);
    row->open_time_us = bucket->open;
    row->close_time_us = bucket->next - 1;
    row->first_trade_id = row->last_trade_id = -1;
    row->flags = KL_SYNTHETIC | KL_CLOSED;
    if (mode != KL_FILL_PREVIOUS) return;
    const uint32_t zeros = KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_BASE | KL_HAS_TAKER_QUOTE;
    row->known = KL_HAS_VOLUME | KL_HAS_TRADE_COUNT | (before->known & zeros);
    if (!(before->known & KL_HAS_CLOSE)) return;
    row->known |= KL_HAS_OHLC;
    row->open = row->high = row->low = row->close = before->close;
}

/* rows to be made; also checks the order. */
static kl_status fill_count(const kl_series *series, uint64_t max_run, uint64_t *count, kl_error *error) {
    kl__bucket bucket;
    kl__bucket_init(&bucket, &series->key.interval);
    *count = 0;
    for (size_t i = 1; i < series->n; i++) {
        uint64_t run;
        if (series->rows[i].open_time_us <= series->rows[i - 1].open_time_us)
            return kl__fail(error, KL_E_ORDER, 1, (int64_t)i + 1, 1, "only a sorted series without duplicates can be filled");
        kl_status status = fill_run(&bucket, series->rows[i - 1].open_time_us, series->rows[i].open_time_us, max_run, &run);
        if (status < 0) return kl__fail(error, status, 1, (int64_t)i + 1, 1, "the interval cannot be used");
        *count += run;
    }
    return KL_OK;
}

kl_status kl_series_fill(kl_series *series, int32_t mode, uint64_t max_run, uint64_t *filled, kl_error *error) {
    uint64_t count;
    size_t total, bytes;
    if (!series || mode < KL_FILL_NONE || mode > KL_FILL_UNKNOWN)
        return kl__fail(error, KL_E_ARG, series ? 2 : 1, 0, 0, "series is missing or mode unknown");
    KL__TRY(fill_count(series, max_run, &count, error));
    if (mode == KL_FILL_NONE) count = 0;
    if (filled) *filled = count;
    if (count == 0) return KL_OK;
    if (count > SIZE_MAX || kl__size_add(series->n, (size_t)count, &total) || kl__size_mul(total, sizeof(kl_kline), &bytes))
        return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "the gaps are too long to be filled");
    kl_kline *rows = (kl_kline *)series->alloc.take(series->alloc.ctx, bytes);
    if (!rows) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for %zu rows", total);
    kl__bucket bucket;
    kl__bucket_init(&bucket, &series->key.interval);
    size_t out = 0;
    for (size_t i = 0; i < series->n; i++) {
        uint64_t run = 0;
        if (i) (void)fill_run(&bucket, series->rows[i - 1].open_time_us, series->rows[i].open_time_us, max_run, &run);
        if (run) (void)kl__bucket_at(&bucket, series->rows[i - 1].open_time_us);
        for (; run; run--) {
            (void)kl__bucket_at(&bucket, bucket.next);
            fill_row(&rows[out++], &bucket, &series->rows[i - 1], mode);
        }
        rows[out++] = series->rows[i];
    }
    series->alloc.give(series->alloc.ctx, series->rows, series->capacity * sizeof(kl_kline));
    series->rows = rows;
    series->n = series->capacity = total;
    return KL_OK;
}

void kl_series_unfill(kl_series *series, uint64_t *removed) {
    size_t kept = 0;
    if (!series) return;
    for (size_t i = 0; i < series->n; i++) {
        if (series->rows[i].flags & KL_SYNTHETIC) continue;
        if (kept != i) series->rows[kept] = series->rows[i];
        kept++;
    }
    if (removed) *removed = series->n - kept;
    series->n = kept;
}
