/* Mean and squared deviations of a window. A node is {K = its newest value, m = mean - K, M2 = sum of (x - mean)^2}; K is read
 * from the raw values. merge(A newer, B older):
 *     D = (K_B - K_A) + (m_B - m_A);  m = m_A + D * (nB/n);  M2 = (M2_A + M2_B) + (D*D) * (nA*nB/n).
 * Nothing is ever subtracted that was added, equal values give M2 = 0 exactly, and M2 is never negative.
 * The mean that comes out is that of tree_mean.c, from sums beside: K + m may be off by 2.3 ulp of the greatest value where
 * prices change by magnitudes inside the window. */
#include "base/fp.h"
#include "window/tree_mean.h"

enum { TREE_MOMENTS_M = 0, TREE_MOMENTS_M2 = 1, TREE_MOMENTS_SUM = 2, TREE_MOMENTS_FIELDS = 3 };

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

/* Nodes are kept where their oldest value stands; x[j + size - 1] is the newest value of one. */
KL__INLINE void tree_moments_first(const double *restrict x, double *restrict m, double *restrict m2, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double way = x[j] - x[j + 1];
        m[j] = way * 0.5;
        m2[j] = (way * way) * 0.5;
    }
}

/* Two levels at once, for half the traffic. */
KL__INLINE void tree_moments_first2(const double *restrict x, double *restrict m, double *restrict m2, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double newer = x[j + 2] - x[j + 3], older = x[j] - x[j + 1];
        double way = (x[j + 1] - x[j + 3]) + (older * 0.5 - newer * 0.5);
        m[j] = newer * 0.5 + way * 0.5;
        m2[j] = ((newer * newer) * 0.5 + (older * older) * 0.5) + way * way;
    }
}

KL__INLINE void tree_moments_up(const double *restrict x, double *restrict m, double *restrict m2, size_t n, size_t half) {
    const double weight = (double)half * 0.5;
    for (size_t j = 0; j < n; j++) {
        double way = (x[j + half - 1] - x[j + 2 * half - 1]) + (m[j] - m[j + half]);
        m[j] = m[j + half] + way * 0.5;
        m2[j] = (m2[j + half] + m2[j]) + (way * way) * weight;
    }
}

/* newest and older: the newest values of the window and of the piece. */
KL__INLINE void tree_moments_join(const double *restrict newest, const double *restrict older, const double *restrict m,
                              const double *restrict m2, size_t n, double f, double g, double *restrict window_m,
                              double *restrict window_m2) {
    for (size_t j = 0; j < n; j++) {
        double way = (older[j] - newest[j]) + (m[j] - window_m[j]);
        window_m[j] = window_m[j] + way * f;
        window_m2[j] = (window_m2[j] + m2[j]) + (way * way) * g;
    }
}

KL__INLINE void tree_moments_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double m[KL__TREE_SPAN], m2[KL__TREE_SPAN], unwanted[2][KL__TREE_TILE];
    const double *f = kl__tree_f((kl__tree *)(uintptr_t)t), *g = kl__tree_g((kl__tree *)(uintptr_t)t);
    const double *x = span[0], *newest = x + t->w - 1;
    double *window_m2 = stat[1] ? stat[1] : unwanted[0], *window_m = stat[2] ? stat[2] : unwanted[1];
    for (uint32_t k = 0;;) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1), at = t->w & ~(2 * size - 1);
        if (k == 0) {
            if (t->w & 1)
                for (size_t j = 0; j < n; j++) window_m[j] = window_m2[j] = newest[j] - newest[j]; /* NaN where missing */
        } else if ((t->w & size) && newer) {
            tree_moments_join(newest, newest - newer, m + at, m2 + at, n, f[k], g[k], window_m, window_m2);
        } else if (t->w & size) {
            for (size_t j = 0; j < n; j++) window_m[j] = m[at + j] + 0.0, window_m2[j] = m2[at + j]; /* no -0.0 */
        }
        if (k == t->top) break;
        if (k == 0 && t->top >= 2 && !(t->w & 2)) {
            tree_moments_first2(x, m, m2, n + t->w - 4);
            k = 2;
            continue;
        }
        if (k == 0) tree_moments_first(x, m, m2, n + t->w - 2);
        else tree_moments_up(x, m, m2, n + t->w - 2 * size, size);
        k++;
    }
    if (stat[0]) kl__tree_mean_tile(t, span, n, stat); /* uses the span up */
}

KL__SIMD_EACH(tree_moments_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat), (t, span, n, stat))

const kl__tree_kind kl__tree_moments = {1, TREE_MOMENTS_FIELDS, 3, tree_moments_step, KL__SIMD_TABLE(tree_moments_tile)};
