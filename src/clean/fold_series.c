/* Whole series through a fold. */
#include "base/size.h"
#include "clean/fold.h"
#include "clean/sort.h"
#include <string.h>

static kl_status fold_series_candle(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    (void)info;
    return kl_series_append((kl_series *)ctx, row, 1, scale, NULL);
}

/* a fold into `out` in the given memory, which holds one without lateness. */
static kl_status fold_series_begin(const kl_interval *from, const kl_interval *to, kl_series *out, int64_t *memory, size_t bytes,
                                   kl_fold **fold, kl_error *error) {
    kl_fold_options options;
    kl_fold_options_init(&options);
    if (from) options.from = *from;
    options.to = *to;
    options.sink.ctx = out;
    options.sink.candle = fold_series_candle;
    kl_status status = kl_fold_init(memory, bytes, &options, fold);
    return status < 0 ? kl__fail(error, status, 2, 0, 0, "these rows cannot be folded into that interval") : KL_OK;
}

/* the result takes the place of what out held before. */
static void fold_series_end(const kl_series_key *key, const kl_interval *to, kl_series *made, kl_series *out) {
    made->key = *key;
    made->key.interval = *to;
    kl_series_free(out);
    *out = *made;
}

kl_status kl_series_fold(const kl_series *series, const kl_interval *to, kl_series *out, kl_error *error) {
    if (!series || !to || !out || series == out) return kl__fail(error, KL_E_ARG, 0, 0, 0, "an argument is missing");
    if (!series->key.interval.unit) return kl__fail(error, KL_E_INTERVAL, 1, 0, 0, "the series does not say its interval");
    int64_t memory[(sizeof(kl_fold) + 2 * sizeof(kl__fold_bucket)) / 8 + 1];
    kl_fold *fold;
    kl_series made;
    KL__TRY(kl_series_init(&made, &out->alloc));
    kl_status status = fold_series_begin(&series->key.interval, to, &made, memory, sizeof memory, &fold, error);
    if (status >= 0) status = kl_fold_klines(fold, series->rows, series->n, &series->scale, error);
    if (status >= 0) status = kl_fold_finish(fold, error);
    if (status < 0) {
        kl_series_free(&made);
        return status;
    }
    if (!made.n) made.scale = series->scale;
    fold_series_end(&series->key, to, &made, out);
    return KL_OK;
}

/* trades that are out of order go in by time, through a small buffer; arrival settles what time and id do not. */
static kl_status fold_unsorted(const kl_trades *trades, kl_fold *fold, kl_error *error) {
    size_t n = trades->n, bytes;
    if (kl__size_mul(n, 2 * sizeof(kl__sort_key), &bytes)) return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "there are too many trades");
    kl__sort_key *keys = (kl__sort_key *)trades->alloc.take(trades->alloc.ctx, bytes);
    if (!keys) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory to sort %zu trades", n);
    for (size_t i = 0; i < n; i++) {
        keys[i].major = trades->rows[i].time_us;
        keys[i].minor = 0;
        keys[i].index = i;
    }
    kl__sort_keys(keys, keys + n, n);
    kl_status status = KL_OK;
    for (size_t i = 0; i < n && status >= 0; i++) {
        status = kl_fold_trades(fold, &trades->rows[keys[i].index], 1, &trades->scale, error);
        if (status < 0 && error) error->row = (int64_t)keys[i].index + 1;
    }
    trades->alloc.give(trades->alloc.ctx, keys, bytes);
    return status;
}

kl_status kl_trades_fold(const kl_trades *trades, const kl_interval *to, kl_series *out, kl_error *error) {
    if (!trades || !to || !out) return kl__fail(error, KL_E_ARG, 0, 0, 0, "an argument is missing");
    int64_t memory[(sizeof(kl_fold) + 2 * sizeof(kl__fold_bucket)) / 8 + 1];
    kl_fold *fold;
    kl_series made;
    KL__TRY(kl_series_init(&made, &out->alloc));
    int sorted = 1;
    for (size_t i = 1; i < trades->n; i++) sorted &= trades->rows[i].time_us >= trades->rows[i - 1].time_us;
    kl_status status = fold_series_begin(NULL, to, &made, memory, sizeof memory, &fold, error);
    if (status >= 0)
        status = sorted ? kl_fold_trades(fold, trades->rows, trades->n, &trades->scale, error) : fold_unsorted(trades, fold, error);
    if (status >= 0) status = kl_fold_finish(fold, error);
    if (status < 0) {
        kl_series_free(&made);
        return status;
    }
    fold_series_end(&trades->key, to, &made, out);
    return KL_OK;
}
