/* Mean and squared deviations of a window. A node is {K = its newest value, m = mean - K, M2 = sum of (x - mean)^2}; K is read
 * from the raw values. merge(A newer, B older):
 *     D = (K_B - K_A) + (m_B - m_A);  m = m_A + D * (nB/n);  M2 = (M2_A + M2_B) + (D*D) * (nA*nB/n).
 * Nothing is ever subtracted that was added, equal values give M2 = 0 exactly, and M2 is never negative. */
#include "base/fp.h"
#include "window/tree.h"

KL__INLINE double tree_moments_raw(kl__tree *t, uint64_t i) {
    return kl__tree_raw(t, 0)[i & (kl__tree_capacity(t) - 1)];
}

static void tree_moments_step(kl__tree *t, const double *x, double *stat) {
    const double *f = kl__tree_f(t), *g = kl__tree_g(t), newest = x[0];
    const uint64_t i = t->count;
    double mean = newest - newest, m2 = mean, window_mean = 0.0, window_m2 = 0.0; /* NaN where it is missing */
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1);
        double *m = kl__tree_slot(t, 0, k, i), *q = kl__tree_slot(t, 1, k, i), older_mean = *m, older_m2 = *q;
        *m = mean, *q = m2;
        if (t->w & size) {
            double piece_mean = *kl__tree_slot(t, 0, k, i - newer), piece_m2 = *kl__tree_slot(t, 1, k, i - newer);
            if (newer) {
                double way = (tree_moments_raw(t, i - newer) - newest) + (piece_mean - window_mean);
                window_mean = window_mean + way * f[k];
                window_m2 = (window_m2 + piece_m2) + (way * way) * g[k];
            } else {
                window_mean = piece_mean, window_m2 = piece_m2;
            }
        }
        if (k == t->top) break;
        double way = (tree_moments_raw(t, i - size) - newest) + (older_mean - mean);
        mean = mean + way * 0.5;
        m2 = (m2 + older_m2) + (way * way) * ((double)size * 0.5);
    }
    stat[0] = newest + window_mean, stat[1] = window_m2;
}

/* Nodes are kept where their oldest value stands; x[j + size - 1] is the newest value of one. */
static void tree_moments_first(const double *restrict x, double *restrict m, double *restrict q, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double way = x[j] - x[j + 1];
        m[j] = way * 0.5;
        q[j] = (way * way) * 0.5;
    }
}

static void tree_moments_up(const double *restrict x, double *restrict m, double *restrict q, size_t n, size_t half) {
    const double weight = (double)half * 0.5;
    for (size_t j = 0; j < n; j++) {
        double way = (x[j + half - 1] - x[j + 2 * half - 1]) + (m[j] - m[j + half]);
        m[j] = m[j + half] + way * 0.5;
        q[j] = (q[j + half] + q[j]) + (way * way) * weight;
    }
}

/* newest and older: the newest values of the window and of the piece. */
static void tree_moments_join(const double *restrict newest, const double *restrict older, const double *restrict m,
                              const double *restrict q, size_t n, double f, double g, double *restrict mean,
                              double *restrict m2) {
    for (size_t j = 0; j < n; j++) {
        double way = (older[j] - newest[j]) + (m[j] - mean[j]);
        mean[j] = mean[j] + way * f;
        m2[j] = (m2[j] + q[j]) + (way * way) * g;
    }
}

static void tree_moments_tile(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double m[KL__TREE_TILE + KL__TREE_TILE_W], q[KL__TREE_TILE + KL__TREE_TILE_W];
    const double *f = kl__tree_f((kl__tree *)(uintptr_t)t), *g = kl__tree_g((kl__tree *)(uintptr_t)t);
    const double *x = span[0], *newest = x + t->w - 1;
    double *mean = stat[0], *m2 = stat[1];
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1), at = t->w & ~(2 * size - 1);
        if (k == 0) {
            if (t->w & 1)
                for (size_t j = 0; j < n; j++) mean[j] = m2[j] = newest[j] - newest[j]; /* NaN where it is missing */
        } else if ((t->w & size) && newer) {
            tree_moments_join(newest, newest - newer, m + at, q + at, n, f[k], g[k], mean, m2);
        } else if (t->w & size) {
            for (size_t j = 0; j < n; j++) mean[j] = m[at + j], m2[j] = q[at + j];
        }
        if (k == t->top) break;
        if (k == 0) tree_moments_first(x, m, q, n + t->w - 2);
        else tree_moments_up(x, m, q, n + t->w - 2 * size, size);
    }
    for (size_t j = 0; j < n; j++) mean[j] = newest[j] + mean[j];
}

const kl__tree_kind kl__tree_moments = {1, 2, 2, tree_moments_step, tree_moments_tile};
