/* One version per candle over a whole series, whatever the order of arrival. */
#include "base/size.h"
#include "clean/dedup.h"
#include "clean/sort.h"
#include <string.h>

/* keys of the rows, sorted; *keys has room for twice n keys, of which the second half was scratch. */
static kl_status dedup_sorted_keys(const kl_series *series, kl__sort_key **keys, size_t *bytes, kl_error *error) {
    if (kl__size_mul(series->n, 2 * sizeof(kl__sort_key), bytes))
        return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "the series is too long to sort");
    *keys = (kl__sort_key *)series->alloc.take(series->alloc.ctx, *bytes);
    if (!*keys) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory to sort %zu rows", series->n);
    for (size_t i = 0; i < series->n; i++) {
        (*keys)[i].major = series->rows[i].open_time_us;
        (*keys)[i].minor = 0;
        (*keys)[i].index = i;
    }
    kl__sort_keys(*keys, *keys + series->n, series->n);
    return KL_OK;
}

static size_t dedup_unique(const kl__sort_key *keys, size_t n) {
    size_t unique = n > 0;
    for (size_t i = 1; i < n; i++) unique += keys[i].major != keys[i - 1].major;
    return unique;
}

static kl_status dedup_collect(const kl_series *series, const kl__sort_key *keys, int32_t policy, const kl_change_sink *changes,
                               kl_kline *out, kl_dedup_counts *counts) {
    size_t last = 0;
    for (size_t i = 0; i < series->n; i++) {
        const kl_kline *row = &series->rows[keys[i].index];
        if (i == 0)
            out[0] = *row;
        else if (row->open_time_us != out[last].open_time_us)
            out[++last] = *row;
        else
            KL__TRY(kl__dedup_settle(&out[last], row, policy, &series->scale, changes, counts));
    }
    counts->unique = last + 1;
    return KL_OK;
}

static kl_status dedup_rebuild(kl_series *series, const kl__sort_key *keys, int32_t policy, const kl_change_sink *changes,
                               kl_dedup_counts *counts, kl_error *error) {
    size_t unique = dedup_unique(keys, series->n), bytes;
    if (kl__size_mul(unique, sizeof(kl_kline), &bytes)) return kl__fail(error, KL_E_OVERFLOW, 1, 0, 0, "the series is too long");
    kl_kline *rows = (kl_kline *)series->alloc.take(series->alloc.ctx, bytes);
    if (!rows) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for %zu rows", unique);
    kl_status status = dedup_collect(series, keys, policy, changes, rows, counts);
    if (status < 0) {
        series->alloc.give(series->alloc.ctx, rows, bytes);
        return status;
    }
    series->alloc.give(series->alloc.ctx, series->rows, series->capacity * sizeof(kl_kline));
    series->rows = rows;
    series->n = series->capacity = unique;
    return KL_OK;
}

kl_status kl_series_dedup(kl_series *series, int32_t policy, const kl_change_sink *changes, kl_dedup_counts *counts,
                          kl_error *error) {
    if (!series || policy < KL_DEDUP_RANK || policy > KL_DEDUP_LAST)
        return kl__fail(error, KL_E_ARG, series ? 2 : 1, 0, 0, "series is missing or policy unknown");
    kl_dedup_counts made;
    memset(&made, 0, sizeof made);
    made.rows = series->n;
    int rising = 1;
    for (size_t i = 1; i < series->n; i++) {
        made.out_of_order += series->rows[i].open_time_us < series->rows[i - 1].open_time_us;
        rising &= series->rows[i].open_time_us > series->rows[i - 1].open_time_us;
    }
    if (rising) {
        made.unique = series->n;
    } else {
        kl__sort_key *keys;
        size_t bytes = 0;
        KL__TRY(dedup_sorted_keys(series, &keys, &bytes, error));
        kl_status status = dedup_rebuild(series, keys, policy, changes, &made, error);
        series->alloc.give(series->alloc.ctx, keys, bytes);
        KL__TRY(status);
    }
    if (counts) *counts = made;
    return KL_OK;
}
