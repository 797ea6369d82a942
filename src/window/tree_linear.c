/* The mean of a window and its first moment about the middle,
 *     G = sum over the window of (c - age) * x, c = (n - 1)/2,
 * of which linearly weighted averages and regression lines are made. A node of level k holds {S = sum, G}; equal halves join as
 *     S = S_A + S_B,  G = (G_A + G_B) + (S_A - S_B) * 2^{k-2},  A newer, B older,
 * pieces of the window as
 *     mean = A + (B - A) * (nB/n),  G = (G_A + G_B) + (A - B) * (nA*nB/2),  A and B their means.
 * Equal values give G = 0 exactly. */
#include "base/fp.h"
#include "window/tree_mean.h"

KL__INLINE double tree_linear_scale(uint32_t k) { return 1.0 / (double)((size_t)1 << k); }
/* Half the product of the sizes of both sides, where the digit k of w is joined. */
KL__INLINE double tree_linear_lever(size_t w, size_t size) { return (double)(w & (size - 1)) * (double)size * 0.5; }

static void tree_linear_step(kl__tree *t, const double *x, double *stat) {
    const double *f = kl__tree_f(t);
    double sum = x[0], moment = 0.0, mean = 0.0, g = 0.0;
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1);
        double *s = kl__tree_slot(t, 0, k, t->count), *m = kl__tree_slot(t, 1, k, t->count);
        double older_sum = *s, older_moment = *m;
        *s = sum, *m = moment;
        if (t->w & size) {
            double piece = *kl__tree_slot(t, 0, k, t->count - newer) * tree_linear_scale(k);
            double piece_g = *kl__tree_slot(t, 1, k, t->count - newer);
            if (newer) {
                g = (g + piece_g) + (mean - piece) * tree_linear_lever(t->w, size);
                mean = mean + (piece - mean) * f[k];
            } else {
                mean = piece, g = piece_g;
            }
        }
        if (k == t->top) break;
        moment = (moment + older_moment) + (sum - older_sum) * ((double)size * 0.5);
        sum = sum + older_sum;
    }
    stat[0] = mean, stat[1] = g;
}

KL__INLINE void tree_linear_leaf_rows(const double *restrict x, double *restrict sum, double *restrict moment, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = x[j], moment[j] = 0.0;
}

KL__INLINE void tree_linear_up_rows(const double *restrict newer, const double *restrict newer_g, const double *restrict older,
                                    const double *restrict older_g, double *restrict sum, double *restrict moment, size_t n,
                                    double lever) {
    KL__TREE_EACH(j, n) {
        moment[j] = (newer_g[j] + older_g[j]) + (newer[j] - older[j]) * lever;
        sum[j] = newer[j] + older[j];
    }
}

KL__INLINE void tree_linear_begin_rows(const double *restrict sum, const double *restrict g, double *restrict mean,
                                       double *restrict moment, size_t n, double scale) {
    KL__TREE_EACH(j, n) mean[j] = sum[j] * scale, moment[j] = g[j];
}

KL__INLINE void tree_linear_join_rows(const double *restrict sum, const double *restrict g, double *restrict mean,
                                      double *restrict moment, size_t n, double scale, double f, double lever) {
    KL__TREE_EACH(j, n) {
        double piece = sum[j] * scale, way = piece - mean[j];
        moment[j] = (moment[j] + g[j]) + (mean[j] - piece) * lever;
        mean[j] = mean[j] + way * f;
    }
}

KL__INLINE void tree_linear_leaf_body(const kl__tree_rows *r) { tree_linear_leaf_rows(r->x[0], r->out[0], r->out[1], r->n); }
KL__INLINE void tree_linear_up_body(const kl__tree_rows *r) {
    tree_linear_up_rows(r->a[0], r->a[1], r->b[0], r->b[1], r->out[0], r->out[1], r->n, (double)((size_t)1 << r->k) * 0.5);
}
KL__INLINE void tree_linear_begin_body(const kl__tree_rows *r) {
    tree_linear_begin_rows(r->b[0], r->b[1], r->out[0], r->out[1], r->n, tree_linear_scale(r->k));
}
KL__INLINE void tree_linear_join_body(const kl__tree_rows *r) {
    tree_linear_join_rows(r->b[0], r->b[1], r->out[0], r->out[1], r->n, tree_linear_scale(r->k), r->f,
                          tree_linear_lever(r->w, (size_t)1 << r->k));
}
KL__TREE_LOOPS(tree_linear)

const kl__tree_kind kl__tree_linear = {1, 2, 2, 0, 0, tree_linear_step, KL__TREE_TABLE(tree_linear), NULL, {0}};
