/* Means of windows as loops over a tile, shared by the kinds that also give the mean: in field `at` of theirs. */
#ifndef KL__TREE_MEAN_H
#define KL__TREE_MEAN_H
#include "window/tree.h"

KL__INLINE double tree_mean_scale(uint32_t k) { return 1.0 / (double)((size_t)1 << k); }

KL__INLINE void kl__tree_copy_rows(const double *restrict from, double *restrict to, size_t n) {
    KL__TREE_EACH(j, n) to[j] = from[j];
}

KL__INLINE void tree_mean_up_rows(const double *restrict a, const double *restrict b, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = a[j] + b[j];
}

/* + 0.0: no -0.0 */
KL__INLINE void tree_mean_begin_rows(const double *restrict b, double *restrict mean, size_t n, double scale) {
    KL__TREE_EACH(j, n) mean[j] = b[j] * scale + 0.0;
}

KL__INLINE void tree_mean_join_rows(const double *restrict b, double *restrict mean, size_t n, double scale, double f) {
    KL__TREE_EACH(j, n) mean[j] = (mean[j] + (b[j] * scale - mean[j]) * f) + 0.0;
}

KL__INLINE void kl__tree_mean_leaf(const kl__tree_rows *r, size_t at) { kl__tree_copy_rows(r->x[0], r->out[at], r->n); }
KL__INLINE void kl__tree_mean_up(const kl__tree_rows *r, size_t at) { tree_mean_up_rows(r->a[at], r->b[at], r->out[at], r->n); }
KL__INLINE void kl__tree_mean_begin(const kl__tree_rows *r, size_t at) {
    tree_mean_begin_rows(r->b[at], r->out[at], r->n, tree_mean_scale(r->k));
}
KL__INLINE void kl__tree_mean_join(const kl__tree_rows *r, size_t at) {
    tree_mean_join_rows(r->b[at], r->out[at], r->n, tree_mean_scale(r->k), r->f);
}

#endif
