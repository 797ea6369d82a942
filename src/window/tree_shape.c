/* Mean and sums of the 2nd, 3rd and 4th powers of deviations of a window, for skewness and kurtosis. Nodes are anchored at their
 * newest value as in tree_moments.c, and mean, M2 have the bits of that kind; M3 and M4 join as in shape.h.
 *
 * On hostile data (1e9 + 1e-3 noise, 1e9 spikes, regimes of 1e12 and 1e-3, flat runs, trends), w up to 1000, against arithmetic
 * of 113 bits: skewness sqrt(n)*M3/M2^1.5 off by at most 16 * 2^-53 * max(1, |skewness|), kurtosis n*M4/M2^2 by at most
 * 16 * 2^-53 of itself (measured: 10 and 9), and never beyond what w values can have. It holds while the 4th power of deviations
 * neither underflows nor overflows: std between 1e-70 and 1e70. */
#include "base/fp.h"
#include "window/shape.h"
#include "window/tree_mean.h"

enum {
    TREE_SHAPE_M = 0, TREE_SHAPE_M2 = 1, TREE_SHAPE_M3 = 2, TREE_SHAPE_M4 = 3, TREE_SHAPE_SUM = 4, TREE_SHAPE_FIELDS = 5
};

KL__INLINE kl__shape tree_shape_read(kl__tree *t, uint32_t k, uint64_t i) {
    kl__shape node = {*kl__tree_slot(t, TREE_SHAPE_M, k, i), *kl__tree_slot(t, TREE_SHAPE_M2, k, i),
                      *kl__tree_slot(t, TREE_SHAPE_M3, k, i), *kl__tree_slot(t, TREE_SHAPE_M4, k, i)};
    return node;
}

KL__INLINE void tree_shape_write(kl__tree *t, uint32_t k, const kl__shape *node, double sum) {
    *kl__tree_slot(t, TREE_SHAPE_M, k, t->count) = node->m;
    *kl__tree_slot(t, TREE_SHAPE_M2, k, t->count) = node->m2;
    *kl__tree_slot(t, TREE_SHAPE_M3, k, t->count) = node->m3;
    *kl__tree_slot(t, TREE_SHAPE_M4, k, t->count) = node->m4;
    *kl__tree_slot(t, TREE_SHAPE_SUM, k, t->count) = sum;
}

static void tree_shape_step(kl__tree *t, const double *x, double *stat) {
    const double newest = x[0], *raw = kl__tree_raw(t, 0), zero = newest - newest; /* NaN where it is missing */
    const double *f = kl__tree_f(t), *g = kl__tree_g(t);
    const uint64_t mask = kl__tree_capacity(t) - 1;
    kl__shape node = {zero, zero, zero, zero}, window = node;
    double sum = newest, mean = 0.0;
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1);
        kl__shape older = tree_shape_read(t, k, t->count);
        double older_sum = *kl__tree_slot(t, TREE_SHAPE_SUM, k, t->count);
        tree_shape_write(t, k, &node, sum);
        if (t->w & size) {
            kl__shape piece = tree_shape_read(t, k, t->count - newer);
            double piece_mean = *kl__tree_slot(t, TREE_SHAPE_SUM, k, t->count - newer) * tree_mean_scale(k);
            if (newer) {
                double way = (raw[(t->count - newer) & mask] - newest) + (piece.m - window.m);
                window = kl__shape_join(window, piece, way, kl__shape_factors_of((double)newer, (double)size, f[k], g[k]));
                mean = mean + (piece_mean - mean) * f[k];
            } else {
                window = piece, mean = piece_mean;
            }
        }
        if (k == t->top) break;
        node = kl__shape_up(node, older, (raw[(t->count - size) & mask] - newest) + (older.m - node.m), (double)size);
        sum = sum + older_sum;
    }
    stat[0] = mean + 0.0, stat[1] = window.m2, stat[2] = window.m3;
    stat[3] = kl__shape_hold(window.m2, window.m4, (double)t->w, kl__shape_limit((double)t->w));
}

/* Nodes are kept where their oldest value stands; x[j + size - 1] is the newest value of one. */
KL__INLINE void tree_shape_first(const double *restrict x, double *restrict m, double *restrict m2, double *restrict m3,
                                 double *restrict m4, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double way = x[j] - x[j + 1], square = way * way;
        m[j] = way * 0.5;
        m2[j] = square * 0.5;
        m3[j] = way - way;
        m4[j] = square * (square * 0.125);
    }
}

KL__INLINE void tree_shape_up(const double *restrict x, double *restrict m, double *restrict m2, double *restrict m3,
                              double *restrict m4, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) {
        kl__shape newer = {m[j + half], m2[j + half], m3[j + half], m4[j + half]}, older = {m[j], m2[j], m3[j], m4[j]};
        double way = (x[j + half - 1] - x[j + 2 * half - 1]) + (older.m - newer.m);
        kl__shape node = kl__shape_up(newer, older, way, (double)half);
        m[j] = node.m, m2[j] = node.m2, m3[j] = node.m3, m4[j] = node.m4;
    }
}

/* newest and older: the newest values of the window and of the piece. */
KL__INLINE void tree_shape_join(const double *restrict newest, const double *restrict older, const double *restrict m,
                                const double *restrict m2, const double *restrict m3, const double *restrict m4, size_t n,
                                kl__shape_factors f, double *restrict window_m, double *restrict window_m2,
                                double *restrict window_m3, double *restrict window_m4) {
    for (size_t j = 0; j < n; j++) {
        kl__shape window = {window_m[j], window_m2[j], window_m3[j], window_m4[j]}, piece = {m[j], m2[j], m3[j], m4[j]};
        double way = (older[j] - newest[j]) + (piece.m - window.m);
        window = kl__shape_join(window, piece, way, f);
        window_m[j] = window.m, window_m2[j] = window.m2, window_m3[j] = window.m3, window_m4[j] = window.m4;
    }
}

KL__INLINE void tree_shape_hold(const double *restrict m2, double *restrict m4, size_t n, double w) {
    const double limit = kl__shape_limit(w);
    for (size_t j = 0; j < n; j++) m4[j] = kl__shape_hold(m2[j], m4[j], w, limit);
}

KL__INLINE void tree_shape_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double m[KL__TREE_SPAN], m2[KL__TREE_SPAN], m3[KL__TREE_SPAN], m4[KL__TREE_SPAN], window[4][KL__TREE_TILE];
    const double *f = kl__tree_f((kl__tree *)(uintptr_t)t), *g = kl__tree_g((kl__tree *)(uintptr_t)t);
    const double *x = span[0], *newest = x + t->w - 1;
    double *wm = window[0], *wm2 = stat[1] ? stat[1] : window[1], *wm3 = stat[2] ? stat[2] : window[2],
           *wm4 = stat[3] ? stat[3] : window[3];
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1), at = t->w & ~(2 * size - 1);
        if (k == 0) {
            if (t->w & 1)
                for (size_t j = 0; j < n; j++) wm[j] = wm2[j] = wm3[j] = wm4[j] = newest[j] - newest[j]; /* NaN where missing */
        } else if ((t->w & size) && newer) {
            tree_shape_join(newest, newest - newer, m + at, m2 + at, m3 + at, m4 + at, n,
                            kl__shape_factors_of((double)newer, (double)size, f[k], g[k]), wm, wm2, wm3, wm4);
        } else if (t->w & size) {
            for (size_t j = 0; j < n; j++) wm[j] = m[at + j], wm2[j] = m2[at + j], wm3[j] = m3[at + j], wm4[j] = m4[at + j];
        }
        if (k == t->top) break;
        if (k == 0) tree_shape_first(x, m, m2, m3, m4, n + t->w - 2);
        else tree_shape_up(x, m, m2, m3, m4, n + t->w - 2 * size, size);
    }
    tree_shape_hold(wm2, wm4, n, (double)t->w);
    if (stat[0]) kl__tree_mean_tile(t, span, n, stat); /* uses the span up */
}

KL__SIMD_EACH(tree_shape_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat), (t, span, n, stat))

const kl__tree_kind kl__tree_shape = {1, TREE_SHAPE_FIELDS, 4, tree_shape_step, KL__SIMD_TABLE(tree_shape_tile)};
