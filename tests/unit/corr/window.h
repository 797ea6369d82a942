/* The rolling matrix as its definition says, and histories to try it on. */
#ifndef KL_TEST_CORR_WINDOW_H
#define KL_TEST_CORR_WINDOW_H
#include "../window/hostile.h"
#include "kline/corr.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* One side of a window: n items in the order fed, `step` apart; k: symbol. */
typedef struct window_side {
    double anchor[2], sum[2], sum_rest[2], mean[2], m2[2], m2_rest[2], c;
} window_side;

static inline void window_two_sum(double *sum, double *rest, double x) {
    double all = *sum + x, part = all - *sum;
    *rest += (*sum - (all - part)) + (x - part);
    *sum = all;
}

static inline window_side window_feed(const double *const *x, size_t n, ptrdiff_t step) {
    window_side s;
    memset(&s, 0, sizeof s);
    for (size_t i = 1; i <= n; i++) {
        double q[2], c = i > 1 ? 1.0 / ((double)i * (double)(i - 1)) : 0.0;
        for (int k = 0; k < 2; k++) {
            double value = x[k][(ptrdiff_t)(i - 1) * step];
            if (i == 1) s.anchor[k] = value;
            window_two_sum(&s.sum[k], &s.sum_rest[k], value - s.anchor[k]);
            double total = s.sum[k] + s.sum_rest[k];
            q[k] = (value - s.anchor[k]) * (double)i - total;
            window_two_sum(&s.m2[k], &s.m2_rest[k], (c * q[k]) * q[k]);
            s.mean[k] = total * (1.0 / (double)i);
        }
        s.c = s.c + (c * q[0]) * q[1];
    }
    return s;
}

/* The definition: x and y are the values of the lower and the higher symbol in the window, oldest first; p: place of the last in its block.
 * m2[2]: squared deviations; the co-moment comes back. Any hole makes it NaN. */
static inline double window_comoment(const double *x, const double *y, size_t rows, size_t p, double *m2) {
    const double *newest[2] = {x + (rows - 2 - p), y + (rows - 2 - p)}, *oldest[2] = {x + (rows - 1 - p), y + (rows - 1 - p)};
    window_side prefix = window_feed(oldest, p + 1, 1), suffix = window_feed(newest, rows - 1 - p, -1);
    double g = (double)(rows - 1 - p) * (double)(p + 1) / (double)rows, way[2] = {0.0, 0.0};
    for (int k = 0; k < 2; k++) {
        if (p + 1 < rows) way[k] = (prefix.anchor[k] - suffix.anchor[k]) + (prefix.mean[k] - suffix.mean[k]);
        m2[k] = ((suffix.m2[k] + suffix.m2_rest[k]) + (prefix.m2[k] + prefix.m2_rest[k])) + (g * way[k]) * way[k];
    }
    return (prefix.c + suffix.c) + (g * way[0]) * way[1];
}

static inline double window_r(const double *x, const double *y, size_t rows, size_t p) {
    double m2[2], c = window_comoment(x, y, rows, p, m2);
    if (!(m2[0] >= 0x1p-1000) || !(m2[1] >= 0x1p-1000)) return (double)NAN;
    double r = (c * (1.0 / sqrt(m2[0]))) * (1.0 / sqrt(m2[1]));
    return r > 1 ? 1.0 : r < -1 ? -1.0 : r;
}

/* The same number, or both unknown. */
static inline int window_same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

static inline size_t window_place(int64_t index, size_t rows) {
    int64_t p = index % (int64_t)rows;
    return (size_t)(p < 0 ? p + (int64_t)rows : p);
}

/* A history of `symbols` columns, row after row, that move together; from `kind` of hostile.h, one value of `holes` missing. */
static inline void window_history(int kind, uint64_t seed, unsigned holes, double *x, size_t n, size_t symbols) {
    double *one = (double *)malloc(n * sizeof *one), *market = (double *)malloc(n * sizeof *market);
    hostile_fill(kind, seed, 0, market, n);
    for (size_t i = 0; i < symbols; i++) {
        hostile_fill(kind, seed + 1 + i, 0, one, n);
        for (size_t t = 0; t < n; t++) {
            double *to = &x[t * symbols + i];
            *to = i % 3 == 0 ? one[t] : i % 3 == 1 ? market[t] + 0.25 * one[t] : 0.5 * one[t] - market[t];
            if (holes && random_below(&seed, holes) == 0)
                *to = random_below(&seed, 3) == 0 ? (double)NAN : random_below(&seed, 2) ? HUGE_VAL : -0x1p500;
        }
    }
    free(one);
    free(market);
}

static inline double window_known(double x) { return fabs(x) < 0x1p500 ? x : (double)NAN; }

/* The window of symbol i that ends with row t, oldest first, NaN in front of row 0. */
static inline void window_take(const double *x, size_t symbols, size_t i, ptrdiff_t t, size_t rows, double *out) {
    for (size_t k = 0; k < rows; k++) {
        ptrdiff_t at = t - (ptrdiff_t)(rows - 1) + (ptrdiff_t)k;
        out[k] = at < 0 ? (double)NAN : window_known(x[(size_t)at * symbols + i]);
    }
}

static inline kl_corr *window_corr(size_t symbols, size_t rows, size_t min_count) {
    kl_corr_spec spec;
    kl_error error;
    kl_corr *corr = NULL;
    size_t bytes = 0;
    assert_int_equal(kl_corr_spec_init(&spec, (int64_t)symbols, (int64_t)rows), KL_OK);
    if (min_count) spec.flags = KL_CORR_PAIRWISE, spec.min_count = (int64_t)min_count;
    assert_int_equal(kl_corr_size(&spec, &bytes, &error), KL_OK);
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_non_null(memory);
    assert_int_equal(kl_corr_init(memory, bytes, &spec, &corr, &error), KL_OK);
    return corr;
}

#endif
