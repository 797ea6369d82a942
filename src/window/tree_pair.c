/* Means, squared deviations and their product for two series: tree_moments.c twice, with its bits for each series, and
 *     C = (C_A + C_B) + (Dx*Dy) * (nA*nB/n),
 * so that the C of a series with itself is its M2. A bar where either value is missing is missing in both. */
#include "base/fp.h"
#include "window/tree_mean.h"

/* x, y of all but the product */
enum { TREE_PAIR_SUM = 0, TREE_PAIR_M2 = 2, TREE_PAIR_C = 4, TREE_PAIR_M = 5, TREE_PAIR_FIELDS = 7 };
enum { TREE_PAIR_PART = 64 }; /* rows */

/* The window's next piece, or the node's older half; f: share of the older, g: nA*nB/n. Sums are left alone. */
KL__INLINE void tree_pair_merge(double *a, const double *b, double way_x, double way_y, double f, double g) {
    way_x = way_x + (b[TREE_PAIR_M] - a[TREE_PAIR_M]);
    way_y = way_y + (b[TREE_PAIR_M + 1] - a[TREE_PAIR_M + 1]);
    a[TREE_PAIR_M] = a[TREE_PAIR_M] + way_x * f;
    a[TREE_PAIR_M + 1] = a[TREE_PAIR_M + 1] + way_y * f;
    a[TREE_PAIR_M2] = (a[TREE_PAIR_M2] + b[TREE_PAIR_M2]) + (way_x * way_x) * g;
    a[TREE_PAIR_M2 + 1] = (a[TREE_PAIR_M2 + 1] + b[TREE_PAIR_M2 + 1]) + (way_y * way_y) * g;
    a[TREE_PAIR_C] = (a[TREE_PAIR_C] + b[TREE_PAIR_C]) + (way_x * way_y) * g;
}

/* from: a constant, the first field that is wanted: 0 or that behind the sums. */
KL__INLINE void tree_pair_one(kl__tree *t, const double *x, double *stat, uint32_t top, size_t from) {
    const double *f = kl__tree_f(t), *g = kl__tree_g_at(t, top), *raw_x = kl__tree_raw_at(t, top, 0), *raw_y = kl__tree_raw_at(t, top, 1);
    const double zero = (x[0] - x[0]) + (x[1] - x[1]); /* NaN where either is missing */
    const size_t i = (size_t)t->count, w = t->w, mask = ((size_t)2 << top) - 1;
    double node[TREE_PAIR_FIELDS] = {x[0] + zero, x[1] + zero, zero, zero, zero, zero, zero}, window[TREE_PAIR_FIELDS] = {0};
    KL__TREE_UNROLL
    for (uint32_t k = 0; k <= top; k++) {
        const size_t size = (size_t)1 << k, newer = w & (size - 1), at = (i - newer) & mask, before = (i - size) & mask;
        double older[TREE_PAIR_FIELDS] = {0}, piece[TREE_PAIR_FIELDS] = {0};
        for (size_t s = from; s < TREE_PAIR_FIELDS; s++) {
            double *slot = kl__tree_slot_at(t, top, 2 + s, k, i);
            older[s] = *slot, *slot = node[s];
        }
        if (w & size) {
            for (size_t s = from; s < TREE_PAIR_FIELDS; s++) piece[s] = *kl__tree_slot_at(t, top, 2 + s, k, i - newer);
            for (size_t s = from; s < TREE_PAIR_SUM + 2; s++) piece[s] *= tree_mean_scale(k);
            if (newer) {
                tree_pair_merge(window, piece, raw_x[at] - x[0], raw_y[at] - x[1], f[k], g[k]);
                for (size_t s = from; s < TREE_PAIR_SUM + 2; s++) window[s] = window[s] + (piece[s] - window[s]) * f[k];
            } else {
                for (size_t s = from; s < TREE_PAIR_FIELDS; s++) window[s] = piece[s];
            }
        }
        if (k < top) {
            tree_pair_merge(node, older, raw_x[before] - x[0], raw_y[before] - x[1], 0.5, (double)size * 0.5);
            for (size_t s = from; s < TREE_PAIR_SUM + 2; s++) node[s] += older[s];
        }
    }
    stat[0] = window[TREE_PAIR_SUM] + 0.0, stat[1] = window[TREE_PAIR_SUM + 1] + 0.0;
    stat[2] = window[TREE_PAIR_M2], stat[3] = window[TREE_PAIR_M2 + 1], stat[4] = window[TREE_PAIR_C];
}
static void tree_pair_step(kl__tree *t, const double *x, double *stat) {
    if ((t->spare & 3) == 3) KL__TREE_BY_TOP(tree_pair_one, t, x, stat, TREE_PAIR_M2)
    else KL__TREE_BY_TOP(tree_pair_one, t, x, stat, 0)
}

KL__INLINE void tree_pair_leaf_rows(const double *restrict x, const double *restrict y, double *const *out, size_t n) {
    double *restrict mx = out[TREE_PAIR_M], *restrict my = out[TREE_PAIR_M + 1], *restrict m2x = out[TREE_PAIR_M2],
           *restrict m2y = out[TREE_PAIR_M2 + 1], *restrict c = out[TREE_PAIR_C];
    KL__TREE_EACH(j, n) mx[j] = my[j] = m2x[j] = m2y[j] = c[j] = (x[j] - x[j]) + (y[j] - y[j]); /* NaN where either is missing */
}

KL__INLINE void tree_pair_sum_rows(const double *restrict x, const double *restrict other, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = x[j] + (other[j] - other[j]);
}

/* M and M2 of one series, and its way. */
KL__INLINE void tree_pair_one_rows(const double *restrict x, const double *restrict x_old, const double *restrict am,
                                   const double *restrict am2, const double *restrict bm, const double *restrict bm2,
                                   double *restrict m, double *restrict m2, double *restrict way, size_t n, double f, double g) {
    KL__TREE_EACH(j, n) {
        double d = (x_old[j] - x[j]) + (bm[j] - am[j]);
        way[j] = d;
        m[j] = am[j] + d * f;
        m2[j] = (am2[j] + bm2[j]) + (d * d) * g;
    }
}

KL__INLINE void tree_pair_product_rows(const double *restrict ac, const double *restrict bc, const double *restrict way_x,
                                       const double *restrict way_y, double *restrict c, size_t n, double g) {
    KL__TREE_EACH(j, n) c[j] = (ac[j] + bc[j]) + (way_x[j] * way_y[j]) * g;
}

/* The same where a is what comes out. */
KL__INLINE void tree_pair_one_more_rows(const double *restrict x, const double *restrict x_old, const double *restrict bm,
                                        const double *restrict bm2, double *restrict m, double *restrict m2, double *restrict way,
                                        size_t n, double f, double g) {
    KL__TREE_EACH(j, n) {
        double d = (x_old[j] - x[j]) + (bm[j] - m[j]);
        way[j] = d;
        m[j] = m[j] + d * f;
        m2[j] = (m2[j] + bm2[j]) + (d * d) * g;
    }
}

KL__INLINE void tree_pair_product_more_rows(const double *restrict bc, const double *restrict way_x, const double *restrict way_y,
                                            double *restrict c, size_t n, double g) {
    KL__TREE_EACH(j, n) c[j] = (c[j] + bc[j]) + (way_x[j] * way_y[j]) * g;
}

KL__INLINE void tree_pair_leaf_body(const kl__tree_rows *r) {
    tree_pair_leaf_rows(r->x[0], r->x[1], r->out, r->n);
    for (size_t s = 0; s < 2; s++)
        if (r->out[TREE_PAIR_SUM + s]) tree_pair_sum_rows(r->x[s], r->x[1 - s], r->out[TREE_PAIR_SUM + s], r->n);
}
KL__INLINE void tree_pair_up_body(const kl__tree_rows *r) {
    const double g = (double)((size_t)1 << r->k) * 0.5;
    double way[2][TREE_PAIR_PART];
    for (size_t at = 0, n; at < r->n; at += n) {
        n = r->n - at < TREE_PAIR_PART ? r->n - at : TREE_PAIR_PART;
        for (size_t s = 0; s < 2; s++)
            tree_pair_one_rows(r->x[s] + at, r->x_old[s] + at, r->a[TREE_PAIR_M + s] + at, r->a[TREE_PAIR_M2 + s] + at,
                               r->b[TREE_PAIR_M + s] + at, r->b[TREE_PAIR_M2 + s] + at, r->out[TREE_PAIR_M + s] + at,
                               r->out[TREE_PAIR_M2 + s] + at, way[s], n, 0.5, g);
        tree_pair_product_rows(r->a[TREE_PAIR_C] + at, r->b[TREE_PAIR_C] + at, way[0], way[1], r->out[TREE_PAIR_C] + at, n, g);
    }
    for (size_t s = 0; s < 2; s++)
        if (r->out[TREE_PAIR_SUM + s]) kl__tree_mean_up(r, TREE_PAIR_SUM + s);
}
KL__INLINE void tree_pair_begin_body(const kl__tree_rows *r) {
    for (size_t f = TREE_PAIR_M2; f < TREE_PAIR_FIELDS; f++) kl__tree_copy_rows(r->b[f], r->out[f], r->n);
    for (size_t s = 0; s < 2; s++)
        if (r->out[TREE_PAIR_SUM + s]) kl__tree_mean_begin(r, TREE_PAIR_SUM + s);
}
KL__INLINE void tree_pair_join_body(const kl__tree_rows *r) {
    double way[2][TREE_PAIR_PART];
    for (size_t at = 0, n; at < r->n; at += n) {
        n = r->n - at < TREE_PAIR_PART ? r->n - at : TREE_PAIR_PART;
        for (size_t s = 0; s < 2; s++)
            tree_pair_one_more_rows(r->x[s] + at, r->x_old[s] + at, r->b[TREE_PAIR_M + s] + at, r->b[TREE_PAIR_M2 + s] + at,
                                    r->out[TREE_PAIR_M + s] + at, r->out[TREE_PAIR_M2 + s] + at, way[s], n, r->f, r->g);
        tree_pair_product_more_rows(r->b[TREE_PAIR_C] + at, way[0], way[1], r->out[TREE_PAIR_C] + at, n, r->g);
    }
    for (size_t s = 0; s < 2; s++)
        if (r->out[TREE_PAIR_SUM + s]) kl__tree_mean_join(r, TREE_PAIR_SUM + s);
}
KL__TREE_LOOPS(tree_pair)

const kl__tree_kind kl__tree_pair = {2, TREE_PAIR_FIELDS, 5, 1, 2, tree_pair_step, KL__TREE_TABLE(tree_pair), NULL, {0}, {0}};
