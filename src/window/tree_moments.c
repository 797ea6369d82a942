/* Mean and squared deviations of a window. A node is {K = its newest value, m = mean - K, M2 = sum of (x - mean)^2}; K is read
 * from the raw values. merge(A newer, B older):
 *     D = (K_B - K_A) + (m_B - m_A);  m = m_A + D * (nB/n);  M2 = (M2_A + M2_B) + (D*D) * (nA*nB/n).
 * Nothing is ever subtracted that was added, equal values give M2 = 0 exactly, and M2 is never negative.
 * The mean that comes out is that of tree_mean.c, from sums beside: K + m may be off by 2.3 ulp of the greatest value where
 * prices change by magnitudes inside the window. */
#include "base/fp.h"
#include "window/tree_mean.h"

enum { TREE_MOMENTS_SUM = 0, TREE_MOMENTS_M2 = 1, TREE_MOMENTS_M = 2, TREE_MOMENTS_FIELDS = 3 };

typedef struct {
    double m, m2, sum;
} tree_moments_node;

/* sums: a constant; 0 where the mean is not wanted. */
KL__INLINE void tree_moments_one(kl__tree *t, const double *x, double *stat, uint32_t top, int sums) {
    enum { M = TREE_MOMENTS_M, M2 = TREE_MOMENTS_M2, SUM = TREE_MOMENTS_SUM };
    const size_t i = (size_t)t->count, w = t->w, capacity = (size_t)2 << top, mask = capacity - 1;
    const double newest = x[0], zero = newest - newest; /* NaN where it is missing */
    const double *f = kl__tree_f(t), *g = kl__tree_g_at(t, top), *raw = kl__tree_raw_at(t, top, 0);
    double *nodes = kl__tree_raw_at(t, top, 1); /* the ring of a level of `size` begins at `size` */
    tree_moments_node node = {zero, zero, newest}, window = {0.0, 0.0, 0.0};
    KL__TREE_UNROLL
    for (uint32_t k = 0; k <= top; k++) {
        const size_t size = (size_t)1 << k, newer = w & (size - 1);
        double *slot = nodes + size + (i & (size - 1));
        const tree_moments_node older = {slot[M * capacity], slot[M2 * capacity], sums ? slot[SUM * capacity] : 0.0};
        slot[M * capacity] = node.m, slot[M2 * capacity] = node.m2;
        if (sums) slot[SUM * capacity] = node.sum;
        if (w & size) {
            if (newer) { /* the window's next piece; window.sum is a mean */
                const double *piece = nodes + size + ((i - newer) & (size - 1));
                const double way = (raw[(i - newer) & mask] - newest) + (piece[M * capacity] - window.m);
                window.m = window.m + way * f[k];
                window.m2 = (window.m2 + piece[M2 * capacity]) + (way * way) * g[k];
                if (sums) window.sum = window.sum + (piece[SUM * capacity] * tree_mean_scale(k) - window.sum) * f[k];
            } else {
                window.m = node.m, window.m2 = node.m2, window.sum = node.sum * tree_mean_scale(k);
            }
        }
        if (k < top) {
            const double way = (raw[(i - size) & mask] - newest) + (older.m - node.m);
            node.m = node.m + way * 0.5;
            node.m2 = (node.m2 + older.m2) + (way * way) * ((double)size * 0.5);
            if (sums) node.sum = node.sum + older.sum;
        }
    }
    stat[0] = window.sum + 0.0, stat[1] = window.m2, stat[2] = window.m + 0.0;
}

static void tree_moments_step(kl__tree *t, const double *x, double *stat) {
    if (t->spare & 1) KL__TREE_BY_TOP(tree_moments_one, t, x, stat, 0)
    else KL__TREE_BY_TOP(tree_moments_one, t, x, stat, 1)
}

KL__INLINE void tree_moments_leaf_rows(const double *restrict x, double *restrict m, double *restrict m2, size_t n) {
    KL__TREE_EACH(j, n) m[j] = m2[j] = x[j] - x[j]; /* NaN where it is missing */
}

KL__INLINE void tree_moments_up_rows(const double *restrict x, const double *restrict x_old, const double *restrict am,
                                     const double *restrict am2, const double *restrict bm, const double *restrict bm2,
                                     double *restrict m, double *restrict m2, size_t n, double weight) {
    KL__TREE_EACH(j, n) {
        double way = (x_old[j] - x[j]) + (bm[j] - am[j]);
        m[j] = am[j] + way * 0.5;
        m2[j] = (am2[j] + bm2[j]) + (way * way) * weight;
    }
}

/* + 0.0: no -0.0 */
KL__INLINE void tree_moments_begin_rows(const double *restrict from, double *restrict to, size_t n) {
    KL__TREE_EACH(j, n) to[j] = from[j] + 0.0;
}

KL__INLINE void tree_moments_join_rows(const double *restrict x, const double *restrict x_old, const double *restrict bm,
                                       const double *restrict bm2, double *restrict m, double *restrict m2, size_t n, double f,
                                       double g) {
    KL__TREE_EACH(j, n) {
        double way = (x_old[j] - x[j]) + (bm[j] - m[j]);
        m[j] = (m[j] + way * f) + 0.0;
        m2[j] = (m2[j] + bm2[j]) + (way * way) * g;
    }
}

/* `half` and `weight` of the halves, f and g of the piece that they make. */
KL__INLINE void tree_moments_close_rows(const double *restrict x, const double *restrict x_old, const double *restrict x_far,
                                        const double *restrict am, const double *restrict am2, const double *restrict bm,
                                        const double *restrict bm2, double *restrict m, double *restrict m2, size_t n,
                                        double weight, double f, double g) {
    KL__TREE_EACH(j, n) {
        double way = (x_far[j] - x_old[j]) + (bm[j] - am[j]);
        double piece = am[j] + way * 0.5, piece2 = (am2[j] + bm2[j]) + (way * way) * weight;
        way = (x_old[j] - x[j]) + (piece - m[j]);
        m[j] = (m[j] + way * f) + 0.0;
        m2[j] = (m2[j] + piece2) + (way * way) * g;
    }
}

KL__INLINE void tree_moments_close_first_rows(const double *restrict x, const double *restrict x_old, const double *restrict x_far,
                                              const double *restrict first, const double *restrict first2,
                                              const double *restrict am, const double *restrict am2, const double *restrict bm,
                                              const double *restrict bm2, double *restrict m, double *restrict m2, size_t n,
                                              double weight, double f, double g) {
    KL__TREE_EACH(j, n) {
        double way = (x_far[j] - x_old[j]) + (bm[j] - am[j]);
        double piece = am[j] + way * 0.5, piece2 = (am2[j] + bm2[j]) + (way * way) * weight;
        way = (x_old[j] - x[j]) + (piece - first[j]);
        m[j] = (first[j] + way * f) + 0.0;
        m2[j] = (first2[j] + piece2) + (way * way) * g;
    }
}

KL__INLINE void tree_moments_leaf_body(const kl__tree_rows *r) {
    tree_moments_leaf_rows(r->x[0], r->out[TREE_MOMENTS_M], r->out[TREE_MOMENTS_M2], r->n);
    if (r->out[TREE_MOMENTS_SUM]) kl__tree_mean_leaf(r, TREE_MOMENTS_SUM);
}
KL__INLINE void tree_moments_up_body(const kl__tree_rows *r) {
    tree_moments_up_rows(r->x[0], r->x_old[0], r->a[TREE_MOMENTS_M], r->a[TREE_MOMENTS_M2], r->b[TREE_MOMENTS_M],
                         r->b[TREE_MOMENTS_M2], r->out[TREE_MOMENTS_M], r->out[TREE_MOMENTS_M2], r->n,
                         (double)((size_t)1 << r->k) * 0.5);
    if (r->out[TREE_MOMENTS_SUM]) kl__tree_mean_up(r, TREE_MOMENTS_SUM);
}
KL__INLINE void tree_moments_begin_body(const kl__tree_rows *r) {
    tree_moments_begin_rows(r->b[TREE_MOMENTS_M], r->out[TREE_MOMENTS_M], r->n);
    kl__tree_copy_rows(r->b[TREE_MOMENTS_M2], r->out[TREE_MOMENTS_M2], r->n);
    if (r->out[TREE_MOMENTS_SUM]) kl__tree_mean_begin(r, TREE_MOMENTS_SUM);
}
KL__INLINE void tree_moments_join_body(const kl__tree_rows *r) {
    tree_moments_join_rows(r->x[0], r->x_old[0], r->b[TREE_MOMENTS_M], r->b[TREE_MOMENTS_M2], r->out[TREE_MOMENTS_M],
                           r->out[TREE_MOMENTS_M2], r->n, r->f, r->g);
    if (r->out[TREE_MOMENTS_SUM]) kl__tree_mean_join(r, TREE_MOMENTS_SUM);
}
KL__INLINE void tree_moments_close_body(const kl__tree_rows *r) {
    const double weight = (double)((size_t)1 << r->k) * 0.25;
    if (r->first[TREE_MOMENTS_M])
        tree_moments_close_first_rows(r->x[0], r->x_old[0], r->x_far[0], r->first[TREE_MOMENTS_M], r->first[TREE_MOMENTS_M2],
                                      r->a[TREE_MOMENTS_M], r->a[TREE_MOMENTS_M2], r->b[TREE_MOMENTS_M], r->b[TREE_MOMENTS_M2],
                                      r->out[TREE_MOMENTS_M], r->out[TREE_MOMENTS_M2], r->n, weight, r->f, r->g);
    else
        tree_moments_close_rows(r->x[0], r->x_old[0], r->x_far[0], r->a[TREE_MOMENTS_M], r->a[TREE_MOMENTS_M2],
                                r->b[TREE_MOMENTS_M], r->b[TREE_MOMENTS_M2], r->out[TREE_MOMENTS_M], r->out[TREE_MOMENTS_M2],
                                r->n, weight, r->f, r->g);
    if (r->out[TREE_MOMENTS_SUM]) kl__tree_mean_close(r, TREE_MOMENTS_SUM);
}
KL__TREE_LOOPS(tree_moments)
KL__TREE_LOOP(tree_moments_close)

#if defined(KL__SIMD_X86)
typedef struct {
    kl__lanes x, m, m2, sum;
} tree_moments_lanes;

KL__LANES_INLINE tree_moments_lanes tree_moments_older(const tree_moments_lanes *now, const tree_moments_lanes *before, size_t by) {
    tree_moments_lanes older = {kl__lanes_older(now->x, before->x, by), kl__lanes_older(now->m, before->m, by),
                                kl__lanes_older(now->m2, before->m2, by), kl__lanes_older(now->sum, before->sum, by)};
    return older;
}

KL__LANES_INLINE tree_moments_lanes tree_moments_merge(const tree_moments_lanes *a, const tree_moments_lanes *before, uint32_t k) {
    const tree_moments_lanes b = tree_moments_older(a, before, (size_t)1 << k);
    const kl__lanes way = (b.x - a->x) + (b.m - a->m);
    tree_moments_lanes node = {a->x, a->m + way * kl__lanes_all(0.5),
                               (a->m2 + b.m2) + (way * way) * kl__lanes_all((double)((size_t)1 << k) * 0.5), a->sum + b.sum};
    return node;
}

KL__LANES_INLINE void tree_moments_next(const kl__tree_rows *r, uint32_t digits, uint32_t k, const tree_moments_lanes *now,
                                        const tree_moments_lanes *before, tree_moments_lanes *window) {
    const uint32_t newer = digits & ((1u << k) - 1);
    const tree_moments_lanes b = tree_moments_older(now, before, newer);
    if (!(digits >> k & 1)) return;
    if (newer) {
        const kl__lanes way = (b.x - window->x) + (b.m - window->m);
        window->m = (window->m + way * kl__lanes_all(r->fs[k])) + kl__lanes_all(0.0);
        window->m2 = (window->m2 + b.m2) + (way * way) * kl__lanes_all(r->gs[k]);
    } else {
        window->x = now->x, window->m = b.m + kl__lanes_all(0.0), window->m2 = b.m2;
    }
    window->sum = kl__tree_mean_take(r, digits, k, window->sum, b.sum);
}

KL__LANES_INLINE tree_moments_lanes tree_moments_of(const double *from) {
    const kl__lanes x = kl__lanes_load(from), zero = x - x;
    tree_moments_lanes node = {x, zero, zero, x};
    return node;
}

KL__LANES_INLINE void tree_moments_low_lanes(const kl__tree_rows *r, uint32_t digits) {
    const int sums = r->out[TREE_MOMENTS_SUM] != NULL;
    tree_moments_lanes b0 = tree_moments_of(r->x[0] - KL__LANES), b1 = tree_moments_merge(&b0, &b0, 0),
                       b2 = tree_moments_merge(&b1, &b1, 1);
    for (size_t j = 0; j < r->n; j += KL__LANES) {
        const tree_moments_lanes n0 = tree_moments_of(r->x[0] + j), n1 = tree_moments_merge(&n0, &b0, 0),
                                 n2 = tree_moments_merge(&n1, &b1, 1), n3 = tree_moments_merge(&n2, &b2, 2);
        kl__lanes_store(r->out[TREE_MOMENTS_M] + j, n3.m);
        kl__lanes_store(r->out[TREE_MOMENTS_M2] + j, n3.m2);
        if (sums) kl__lanes_store(r->out[TREE_MOMENTS_SUM] + j, n3.sum);
        if (digits && j >= r->skip) {
            tree_moments_lanes window = n0;
            tree_moments_next(r, digits, 0, &n0, &b0, &window);
            tree_moments_next(r, digits, 1, &n1, &b1, &window);
            tree_moments_next(r, digits, 2, &n2, &b2, &window);
            kl__lanes_store(r->window[TREE_MOMENTS_M] + (j - r->skip), window.m);
            kl__lanes_store(r->window[TREE_MOMENTS_M2] + (j - r->skip), window.m2);
            if (sums) kl__lanes_store(r->window[TREE_MOMENTS_SUM] + (j - r->skip), window.sum);
        }
        b0 = n0, b1 = n1, b2 = n2;
    }
}
KL__TARGET_AVX512 static void tree_moments_low_avx512(const kl__tree_rows *r) { KL__LANES_BY_DIGITS(tree_moments_low_lanes, r) }
#endif

const kl__tree_kind kl__tree_moments = {1, TREE_MOMENTS_FIELDS, 3, 1, 1, tree_moments_step, KL__TREE_TABLE_FAST(tree_moments), NULL, {0}, {0}};
