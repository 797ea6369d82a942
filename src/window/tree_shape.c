/* Mean and sums of the 2nd, 3rd and 4th powers of deviations of a window, for skewness and kurtosis. Nodes are anchored at their
 * newest value as in tree_moments.c, and mean, M2 have the bits of that kind; M3 and M4 join as in shape.h.
 *
 * On hostile data (1e9 + 1e-3 noise, 1e9 spikes, regimes of 1e12 and 1e-3, flat runs, trends), w up to 8191, against arithmetic
 * of 113 bits: skewness sqrt(n)*M3/M2^1.5 off by at most 16 * 2^-53 * max(1, |skewness|), kurtosis n*M4/M2^2 by at most
 * 16 * 2^-53 of itself (measured: 10 and 9), and never beyond what w values can have. It holds while the 4th power of deviations
 * neither underflows nor overflows: std between 1e-75 and 1e73; roll_kinds.c makes unknown what is further out. */
#include "base/fp.h"
#include "window/shape.h"
#include "window/tree_mean.h"

enum {
    TREE_SHAPE_SUM = 0, TREE_SHAPE_M2 = 1, TREE_SHAPE_M3 = 2, TREE_SHAPE_M4 = 3, TREE_SHAPE_M = 4, TREE_SHAPE_FIELDS = 5
};

KL__INLINE kl__shape tree_shape_read(kl__tree *t, uint32_t top, uint32_t k, size_t i) {
    const double *slot = kl__tree_slot_at(t, top, 1, k, i);
    const size_t capacity = (size_t)2 << top;
    kl__shape node = {slot[TREE_SHAPE_M * capacity], slot[TREE_SHAPE_M2 * capacity], slot[TREE_SHAPE_M3 * capacity],
                      slot[TREE_SHAPE_M4 * capacity]};
    return node;
}

KL__INLINE void tree_shape_write(kl__tree *t, uint32_t top, uint32_t k, const kl__shape *node) {
    double *slot = kl__tree_slot_at(t, top, 1, k, (size_t)t->count);
    const size_t capacity = (size_t)2 << top;
    slot[TREE_SHAPE_M * capacity] = node->m, slot[TREE_SHAPE_M2 * capacity] = node->m2;
    slot[TREE_SHAPE_M3 * capacity] = node->m3, slot[TREE_SHAPE_M4 * capacity] = node->m4;
}

/* sums: a constant; 0 where the mean is not wanted. */
KL__INLINE void tree_shape_one(kl__tree *t, const double *x, double *stat, uint32_t top, int sums) {
    const double newest = x[0], *raw = kl__tree_raw_at(t, top, 0), zero = newest - newest; /* NaN where it is missing */
    const double *f = kl__tree_f(t), *g = kl__tree_g_at(t, top);
    const size_t i = (size_t)t->count, w = t->w, mask = ((size_t)2 << top) - 1;
    kl__shape node = {zero, zero, zero, zero}, window = node;
    double sum = newest, mean = 0.0;
    KL__TREE_UNROLL
    for (uint32_t k = 0; k <= top; k++) {
        const size_t size = (size_t)1 << k, newer = w & (size - 1);
        const kl__shape older = tree_shape_read(t, top, k, i);
        double *slot = kl__tree_slot_at(t, top, 1 + TREE_SHAPE_SUM, k, i), older_sum = 0.0;
        tree_shape_write(t, top, k, &node);
        if (sums) older_sum = *slot, *slot = sum;
        if (w & size) {
            const kl__shape piece = tree_shape_read(t, top, k, i - newer);
            const double piece_mean = sums ? *kl__tree_slot_at(t, top, 1 + TREE_SHAPE_SUM, k, i - newer) * tree_mean_scale(k) : 0.0;
            if (newer) {
                double way = (raw[(i - newer) & mask] - newest) + (piece.m - window.m);
                window = kl__shape_join(window, piece, way, kl__shape_factors_of((double)newer, (double)size, f[k], g[k]));
                mean = mean + (piece_mean - mean) * f[k];
            } else {
                window = piece, mean = piece_mean;
            }
        }
        if (k < top) {
            node = kl__shape_up(node, older, (raw[(i - size) & mask] - newest) + (older.m - node.m), (double)size);
            sum = sum + older_sum;
        }
    }
    stat[0] = mean + 0.0, stat[1] = window.m2, stat[2] = window.m3;
    stat[3] = kl__shape_hold(window.m2, window.m4, (double)t->w, kl__shape_limit((double)t->w));
}
static void tree_shape_step(kl__tree *t, const double *x, double *stat) {
    if (t->spare & 1) KL__TREE_BY_TOP(tree_shape_one, t, x, stat, 0)
    else KL__TREE_BY_TOP(tree_shape_one, t, x, stat, 1)
}

KL__INLINE void tree_shape_leaf_rows(const double *restrict x, double *restrict m, double *restrict m2, double *restrict m3,
                                     double *restrict m4, size_t n) {
    KL__TREE_EACH(j, n) m[j] = m2[j] = m3[j] = m4[j] = x[j] - x[j]; /* NaN where it is missing */
}

KL__INLINE void tree_shape_up_rows(const double *restrict x, const double *restrict x_old, const double *const *a,
                                   const double *const *b, double *restrict m, double *restrict m2, double *restrict m3,
                                   double *restrict m4, size_t n, double half) {
    const double *restrict am = a[TREE_SHAPE_M], *restrict am2 = a[TREE_SHAPE_M2], *restrict am3 = a[TREE_SHAPE_M3],
                 *restrict am4 = a[TREE_SHAPE_M4];
    const double *restrict bm = b[TREE_SHAPE_M], *restrict bm2 = b[TREE_SHAPE_M2], *restrict bm3 = b[TREE_SHAPE_M3],
                 *restrict bm4 = b[TREE_SHAPE_M4];
    KL__TREE_EACH(j, n) {
        kl__shape newer = {am[j], am2[j], am3[j], am4[j]}, older = {bm[j], bm2[j], bm3[j], bm4[j]};
        kl__shape node = kl__shape_up(newer, older, (x_old[j] - x[j]) + (older.m - newer.m), half);
        m[j] = node.m, m2[j] = node.m2, m3[j] = node.m3, m4[j] = node.m4;
    }
}

KL__INLINE void tree_shape_join_rows(const double *restrict x, const double *restrict x_old, const double *const *b,
                                     double *restrict m, double *restrict m2, double *restrict m3, double *restrict m4, size_t n,
                                     kl__shape_factors f) {
    const double *restrict bm = b[TREE_SHAPE_M], *restrict bm2 = b[TREE_SHAPE_M2], *restrict bm3 = b[TREE_SHAPE_M3],
                 *restrict bm4 = b[TREE_SHAPE_M4];
    KL__TREE_EACH(j, n) {
        kl__shape window = {m[j], m2[j], m3[j], m4[j]}, piece = {bm[j], bm2[j], bm3[j], bm4[j]};
        window = kl__shape_join(window, piece, (x_old[j] - x[j]) + (piece.m - window.m), f);
        m[j] = window.m, m2[j] = window.m2, m3[j] = window.m3, m4[j] = window.m4;
    }
}

KL__INLINE void tree_shape_hold_rows(const double *restrict m2, double *restrict m4, size_t n, double w, double limit) {
    KL__TREE_EACH(j, n) m4[j] = kl__shape_hold(m2[j], m4[j], w, limit);
}

KL__INLINE void tree_shape_last(const kl__tree_rows *r) {
    if (r->last) tree_shape_hold_rows(r->out[TREE_SHAPE_M2], r->out[TREE_SHAPE_M4], r->n, (double)r->w, kl__shape_limit((double)r->w));
}

KL__INLINE void tree_shape_leaf_body(const kl__tree_rows *r) {
    tree_shape_leaf_rows(r->x[0], r->out[TREE_SHAPE_M], r->out[TREE_SHAPE_M2], r->out[TREE_SHAPE_M3], r->out[TREE_SHAPE_M4], r->n);
    if (r->out[TREE_SHAPE_SUM]) kl__tree_mean_leaf(r, TREE_SHAPE_SUM);
}
KL__INLINE void tree_shape_up_body(const kl__tree_rows *r) {
    tree_shape_up_rows(r->x[0], r->x_old[0], r->a, r->b, r->out[TREE_SHAPE_M], r->out[TREE_SHAPE_M2], r->out[TREE_SHAPE_M3],
                       r->out[TREE_SHAPE_M4], r->n, (double)((size_t)1 << r->k));
    if (r->out[TREE_SHAPE_SUM]) kl__tree_mean_up(r, TREE_SHAPE_SUM);
}
KL__INLINE void tree_shape_begin_body(const kl__tree_rows *r) {
    for (size_t f = TREE_SHAPE_M2; f < TREE_SHAPE_FIELDS; f++) kl__tree_copy_rows(r->b[f], r->out[f], r->n);
    if (r->out[TREE_SHAPE_SUM]) kl__tree_mean_begin(r, TREE_SHAPE_SUM);
    tree_shape_last(r);
}
KL__INLINE void tree_shape_join_body(const kl__tree_rows *r) {
    const double size = (double)((size_t)1 << r->k), newer = (double)(r->w & (((size_t)1 << r->k) - 1));
    tree_shape_join_rows(r->x[0], r->x_old[0], r->b, r->out[TREE_SHAPE_M], r->out[TREE_SHAPE_M2], r->out[TREE_SHAPE_M3],
                         r->out[TREE_SHAPE_M4], r->n, kl__shape_factors_of(newer, size, r->f, r->g));
    if (r->out[TREE_SHAPE_SUM]) kl__tree_mean_join(r, TREE_SHAPE_SUM);
    tree_shape_last(r);
}
KL__TREE_LOOPS(tree_shape)

const kl__tree_kind kl__tree_shape = {1, TREE_SHAPE_FIELDS, 4, 1, 1, tree_shape_step, KL__TREE_TABLE(tree_shape), NULL, {0}, {0}};
