/* A growable series of exact candles. */
#include "base/size.h"
#include "data/grow.h"
#include "data/scale.h"
#include <stddef.h>
#include <string.h>

kl_status kl_series_init(kl_series *series, const kl_alloc *alloc) {
    if (!series) return KL_E_ARG;
    memset(series, 0, sizeof *series);
    series->alloc = *(alloc ? alloc : kl_alloc_libc());
    return KL_OK;
}

void kl_series_free(kl_series *series) {
    if (!series) return;
    if (series->rows) series->alloc.give(series->alloc.ctx, series->rows, series->capacity * sizeof *series->rows);
    series->rows = NULL;
    series->n = series->capacity = 0;
}

static kl_status series_room(kl_series *series, size_t need) {
    void *memory = series->rows;
    KL__TRY(kl__grow(&series->alloc, &memory, &series->capacity, need, sizeof *series->rows));
    series->rows = (kl_kline *)memory;
    return KL_OK;
}

kl_status kl_series_reserve(kl_series *series, size_t n) { return series ? series_room(series, n) : KL_E_ARG; }

static int32_t series_finer(int32_t a, int32_t b) { return a > b ? a : b; }

/* The first row, from 1, that says more than the scale of the series holds. */
static int64_t series_first_finer(const kl_kline *rows, size_t n, const kl_scale *scale, const kl_scale *held) {
    for (size_t i = 0; i < n; i++) {
        kl_kline copy = rows[i];
        if (kl_kline_rescale(&copy, scale, held) == KL_E_SCALE) return (int64_t)i + 1;
    }
    return 1;
}

kl_status kl_series_append(kl_series *series, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    size_t total;
    if (!series || (!rows && n > 0) || !kl__scale_valid(scale))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "a series, rows and their scale are needed");
    if (n == 0) return KL_OK;
    if (kl__size_add(series->n, n, &total) || series_room(series, total) < 0)
        return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for the rows of a series");
    kl_scale to = series->scale;
    to.price = series_finer(to.price, scale->price);
    to.volume = series_finer(to.volume, scale->volume);
    to.quote = series_finer(to.quote, scale->quote);
    /* the new rows are made behind the end, where nobody looks until n moves */
    memcpy(series->rows + series->n, rows, n * sizeof *rows);
    if (memcmp(&to, scale, offsetof(kl_scale, reserved)) != 0) {
        for (size_t i = 0; i < n; i++) {
            kl_status status = kl_kline_rescale(series->rows + series->n + i, scale, &to);
            if (status < 0)
                return kl__fail(error, status, 0, (int64_t)i + 1, 0, "a number does not fit the finer scale of the series");
        }
    }
    if (memcmp(&to, &series->scale, offsetof(kl_scale, reserved)) != 0) {
        for (size_t i = 0; i < series->n; i++) { /* all must fit before any changes */
            kl_kline copy = series->rows[i];
            kl_status status = kl_kline_rescale(&copy, &series->scale, &to);
            if (status < 0)
                return kl__fail(error, status, 0, series_first_finer(rows, n, scale, &series->scale), 0,
                                "it brings a finer scale, which row %zu of the series does not fit", i + 1);
        }
        for (size_t i = 0; i < series->n; i++) kl_kline_rescale(series->rows + i, &series->scale, &to);
        series->scale = to;
    }
    series->n = total;
    return KL_OK;
}

int32_t kl_series_is_sorted(const kl_series *series) {
    if (!series) return 0;
    for (size_t i = 1; i < series->n; i++)
        if (series->rows[i].open_time_us <= series->rows[i - 1].open_time_us) return 0;
    return 1;
}

size_t kl_series_find(const kl_series *series, kl_time time) {
    size_t low = 0, count = series ? series->n : 0;
    while (count > 0) {
        size_t half = count / 2;
        if (series->rows[low + half].open_time_us < time) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

void kl_series_trim(kl_series *series) {
    if (!series) return;
    kl_scale used = {0, 0, 0, series->scale.reserved}, full = series->scale;
    for (size_t i = 0; i < series->n; i++) {
        const kl_kline *row = series->rows + i;
        const int64_t prices[] = {row->open, row->high, row->low, row->close};
        for (size_t k = 0; k < 4 && used.price < full.price; k++)
            used.price = series_finer(used.price, kl__scale_used_i64(prices[k], full.price));
        if (used.volume < full.volume) {
            used.volume = series_finer(used.volume, kl__scale_used_wide(&row->volume, full.volume));
            used.volume = series_finer(used.volume, kl__scale_used_wide(&row->taker_buy_base, full.volume));
        }
        if (used.quote < full.quote) {
            used.quote = series_finer(used.quote, kl__scale_used_wide(&row->quote_volume, full.quote));
            used.quote = series_finer(used.quote, kl__scale_used_wide(&row->taker_buy_quote, full.quote));
        }
    }
    for (size_t i = 0; i < series->n; i++) kl_kline_rescale(series->rows + i, &full, &used);
    series->scale = used;
}
