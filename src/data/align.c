/* Many series on one axis of times: union and intersection of open times, and rows and columns of a series put on them. */
#include "base/check.h"
#include "kline/data.h"
#include <math.h>

/* 0 where all rise strictly, otherwise the index of the first that does not. */
static size_t align_disorder(const kl_time *times, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (times[i] <= times[i - 1]) return i;
    return 0;
}

/* First of times[0..n) that is not below `time`. */
static size_t align_find(const kl_time *times, size_t n, kl_time time) {
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (times[low + half] < time) low += half + 1, n -= half + 1;
        else n = half;
    }
    return low;
}

static kl_status align_check(const kl_columns *series, size_t n_series, kl_error *error) {
    for (size_t s = 0; s < n_series; s++) {
        if (series[s].n > 0 && !series[s].open_time_us)
            return kl__fail(error, KL_E_ARG, 1, 0, (int64_t)s + 1, "a series has no open times");
        if (series[s].n > 0 && series[s].open_time_us[0] == KL_TIME_NONE)
            return kl__fail(error, KL_E_TIME, 1, 1, (int64_t)s + 1, "a row has no open time");
        size_t at = align_disorder(series[s].open_time_us, series[s].n);
        if (at > 0)
            return kl__fail(error, KL_E_ORDER, 1, (int64_t)at + 1, (int64_t)s + 1,
                            "the open times of a series do not rise strictly");
    }
    return KL_OK;
}

/* Passes `time` in each series that is at it, and gives the least of the times that come next; 0 where all have ended. */
static int align_next_any(const kl_columns *series, size_t n_series, size_t *at, kl_time time, kl_time *next) {
    kl_time least = INT64_MAX;
    int any = 0;
    for (size_t s = 0; s < n_series; s++) {
        if (at[s] < series[s].n && series[s].open_time_us[at[s]] == time) at[s]++;
        if (at[s] == series[s].n) continue;
        if (series[s].open_time_us[at[s]] < least) least = series[s].open_time_us[at[s]];
        any = 1;
    }
    *next = least;
    return any;
}

/* Takes the next time that all series have; 0 where one of them has ended before. */
static int align_next_all(const kl_columns *series, size_t n_series, size_t *at, kl_time *next) {
    size_t agreed = 0;
    if (at[0] == series[0].n) return 0;
    kl_time time = series[0].open_time_us[at[0]];
    for (size_t s = 0; agreed < n_series; s = s + 1 < n_series ? s + 1 : 0) {
        while (at[s] < series[s].n && series[s].open_time_us[at[s]] < time) at[s]++;
        if (at[s] == series[s].n) return 0;
        agreed = series[s].open_time_us[at[s]] == time ? agreed + 1 : 1;
        time = series[s].open_time_us[at[s]];
    }
    for (size_t s = 0; s < n_series; s++) at[s]++;
    *next = time;
    return 1;
}

kl_status kl_align_times(const kl_columns *series, size_t n_series, int32_t how, size_t *scratch, kl_time *times, size_t capacity,
                         size_t *n, kl_error *error) {
    if (((!series || !scratch) && n_series > 0) || !n || (!times && capacity > 0))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "series, scratch, times and their number are needed");
    if (how != KL_ALIGN_ANY && how != KL_ALIGN_ALL) return kl__fail(error, KL_E_ARG, 3, 0, 0, "%d is no way to align", (int)how);
    KL__TRY(align_check(series, n_series, error));
    size_t count = 0;
    kl_time next = KL_TIME_NONE; /* no row opens there */
    for (size_t s = 0; s < n_series; s++) scratch[s] = 0;
    while (n_series > 0 && (how == KL_ALIGN_ANY ? align_next_any(series, n_series, scratch, next, &next)
                                                : align_next_all(series, n_series, scratch, &next))) {
        if (count < capacity) times[count] = next;
        count++;
    }
    *n = count;
    if (times && count > capacity)
        return kl__fail(error, KL_E_SIZE, 6, 0, 0, "there are %llu times, and room for fewer", (unsigned long long)count);
    return KL_OK;
}

kl_status kl_align_grid(const kl_interval *interval, kl_time from, kl_time to, kl_time *times, size_t capacity, size_t *n,
                        kl_error *error) {
    int64_t count, first = 0;
    if (!interval || !n || (!times && capacity > 0))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "an interval, times and their number are needed");
    kl_status status = kl_interval_count(interval, from, to, &count);
    kl_time open = from, last;
    /* the ends are tried first, so that nothing between them can fail */
    if (status >= 0 && count > 0) status = kl_interval_floor(interval, from, &open);
    if (status >= 0 && count > 0 && open < from) status = kl_interval_next(interval, open, &open);
    if (status >= 0 && count > 0) status = kl_interval_index(interval, open, &first);
    if (status >= 0 && count > 0) status = kl_interval_open(interval, first + (count - 1), &last);
    if (status < 0) return kl__fail(error, status, 1, 0, 0, "the grid cannot be made: %s", kl_status_text(status));
    if ((uint64_t)count > SIZE_MAX) return kl__fail(error, KL_E_OVERFLOW, 0, 0, 0, "the grid has more times than memory has places");
    size_t all = (size_t)count, made = all < capacity ? all : capacity;
    for (size_t i = 0; i < made; i++) KL__TRY(kl_interval_open(interval, first + (int64_t)i, &times[i]));
    *n = all;
    if (times && all > capacity)
        return kl__fail(error, KL_E_SIZE, 5, 0, 0, "there are %llu times, and room for fewer", (unsigned long long)all);
    return KL_OK;
}

/* The rows of the series that can meet one of the times; checks the order of both. */
static kl_status align_span(const kl_columns *series, const kl_time *times, size_t n, size_t *begin, size_t *end, kl_error *error) {
    *begin = *end = 0;
    size_t at = align_disorder(times, n);
    if (at > 0) return kl__fail(error, KL_E_ORDER, 2, (int64_t)at + 1, 0, "the times to align to do not rise strictly");
    if (n == 0 || series->n == 0) return KL_OK;
    *begin = align_find(series->open_time_us, series->n, times[0]);
    *end = *begin + align_find(series->open_time_us + *begin, series->n - *begin, times[n - 1]);
    if (*end < series->n) ++*end;
    at = align_disorder(series->open_time_us + *begin, *end - *begin);
    if (at > 0)
        return kl__fail(error, KL_E_ORDER, 1, (int64_t)(*begin + at) + 1, 0, "the open times of a series do not rise strictly");
    return KL_OK;
}

int64_t kl_align_rows(const kl_columns *series, const kl_time *times, size_t n, int64_t *rows, kl_error *error) {
    size_t row, end;
    int64_t found = 0;
    if (!series || (series->n > 0 && !series->open_time_us) || ((!times || !rows) && n > 0))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "a series with open times, times and room for rows are needed");
    KL__TRY(align_span(series, times, n, &row, &end, error));
    for (size_t i = 0; i < n; i++) {
        while (row < end && series->open_time_us[row] < times[i]) row++;
        int here = row < end && series->open_time_us[row] == times[i];
        rows[i] = here ? (int64_t)row : -1;
        found += here;
    }
    return found;
}

int64_t kl_align_column(const kl_columns *series, const double *column, const kl_time *times, size_t n, double *out, size_t stride,
                        kl_error *error) {
    size_t row, end;
    int64_t found = 0;
    if (!series || (series->n > 0 && (!series->open_time_us || !column)) || ((!times || !out) && n > 0) || stride == 0)
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "a series with open times, a column, times, room and a stride are needed");
    KL__TRY(align_span(series, times, n, &row, &end, error));
    for (size_t i = 0; i < n; i++) {
        while (row < end && series->open_time_us[row] < times[i]) row++;
        int here = row < end && series->open_time_us[row] == times[i];
        out[i * stride] = here ? column[row] : (double)NAN;
        found += here;
    }
    return found;
}
