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

/* Puts the node of level k into its ring and gives the one that was there, 2^k bars older. */
KL__INLINE tree_moments_node tree_moments_swap(kl__tree *t, uint32_t k, const tree_moments_node *node) {
    double *m = kl__tree_slot(t, TREE_MOMENTS_M, k, t->count), *m2 = kl__tree_slot(t, TREE_MOMENTS_M2, k, t->count),
           *sum = kl__tree_slot(t, TREE_MOMENTS_SUM, k, t->count);
    tree_moments_node older = {*m, *m2, *sum};
    *m = node->m, *m2 = node->m2, *sum = node->sum;
    return older;
}

/* The window's next piece: the node of level k, `newer` bars old. window->sum is a mean. */
KL__INLINE void tree_moments_take(kl__tree *t, uint32_t k, size_t newer, double newest, tree_moments_node *window) {
    const uint64_t i = t->count - newer;
    const double scale = 1.0 / (double)((size_t)1 << k), f = kl__tree_f(t)[k];
    tree_moments_node piece = {*kl__tree_slot(t, TREE_MOMENTS_M, k, i), *kl__tree_slot(t, TREE_MOMENTS_M2, k, i),
                               *kl__tree_slot(t, TREE_MOMENTS_SUM, k, i) * scale};
    if (newer == 0) {
        *window = piece;
        return;
    }
    double way = (kl__tree_raw(t, 0)[i & (kl__tree_capacity(t) - 1)] - newest) + (piece.m - window->m);
    window->m = window->m + way * f;
    window->m2 = (window->m2 + piece.m2) + (way * way) * kl__tree_g(t)[k];
    window->sum = window->sum + (piece.sum - window->sum) * f;
}

static void tree_moments_step(kl__tree *t, const double *x, double *stat) {
    const double newest = x[0], *raw = kl__tree_raw(t, 0), zero = newest - newest; /* NaN where it is missing */
    tree_moments_node node = {zero, zero, newest}, window = {0.0, 0.0, 0.0};
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k;
        tree_moments_node older = tree_moments_swap(t, k, &node);
        if (t->w & size) tree_moments_take(t, k, t->w & (size - 1), newest, &window);
        if (k == t->top) break;
        double way = (raw[(t->count - size) & (kl__tree_capacity(t) - 1)] - newest) + (older.m - node.m);
        node.m = node.m + way * 0.5;
        node.m2 = (node.m2 + older.m2) + (way * way) * ((double)size * 0.5);
        node.sum = node.sum + older.sum;
    }
    stat[0] = window.sum + 0.0, stat[1] = window.m2, stat[2] = window.m + 0.0;
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
KL__TREE_LOOPS(tree_moments)

const kl__tree_kind kl__tree_moments = {1, TREE_MOMENTS_FIELDS, 3, 1, 1, tree_moments_step, KL__TREE_TABLE(tree_moments), NULL};
