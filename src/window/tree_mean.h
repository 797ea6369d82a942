/* Means of windows as loops over a tile, shared by the kinds that also give the mean: in field `at` of theirs. */
#ifndef KL__TREE_MEAN_H
#define KL__TREE_MEAN_H
#include "window/tree.h"
#include "simd/lanes.h"

/* Sums and means of windows up to these lengths: `whole` of their kinds, and what it sees. */
#define KL__TREE_SHORT_W {31, 31, 31}, {0, 0, 31}
int kl__tree_short_sum(const double *const *x, size_t n, size_t w, double *const *stat);
int kl__tree_short_mean(const double *const *x, size_t n, size_t w, double *const *stat);

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

/* first: NULL where the window has begun; a node of half the scale. */
KL__INLINE void tree_mean_close_rows(const double *restrict a, const double *restrict b, double *restrict mean, size_t n,
                                     double scale, double f) {
    KL__TREE_EACH(j, n) mean[j] = (mean[j] + ((a[j] + b[j]) * scale - mean[j]) * f) + 0.0;
}
KL__INLINE void tree_mean_close_first_rows(const double *restrict first, const double *restrict a, const double *restrict b,
                                           double *restrict mean, size_t n, double scale, double f) {
    const double first_scale = scale + scale;
    KL__TREE_EACH(j, n) {
        double m = first[j] * first_scale;
        mean[j] = (m + ((a[j] + b[j]) * scale - m) * f) + 0.0;
    }
}

KL__INLINE void kl__tree_mean_leaf(const kl__tree_rows *r, size_t at) { kl__tree_copy_rows(r->x[0], r->out[at], r->n); }
KL__INLINE void kl__tree_mean_up(const kl__tree_rows *r, size_t at) { tree_mean_up_rows(r->a[at], r->b[at], r->out[at], r->n); }
KL__INLINE void kl__tree_mean_begin(const kl__tree_rows *r, size_t at) {
    tree_mean_begin_rows(r->b[at], r->out[at], r->n, tree_mean_scale(r->k));
}
KL__INLINE void kl__tree_mean_join(const kl__tree_rows *r, size_t at) {
    tree_mean_join_rows(r->b[at], r->out[at], r->n, tree_mean_scale(r->k), r->f);
}
KL__INLINE void kl__tree_mean_close(const kl__tree_rows *r, size_t at) {
    const double scale = tree_mean_scale(r->k);
    if (r->first[at]) tree_mean_close_first_rows(r->first[at], r->a[at], r->b[at], r->out[at], r->n, scale, r->f);
    else tree_mean_close_rows(r->a[at], r->b[at], r->out[at], r->n, scale, r->f);
}

#if defined(KL__SIMD_X86)
/* The next piece of a window that begins with the digits below it: a node of level k. */
KL__LANES_INLINE kl__lanes kl__tree_mean_take(const kl__tree_rows *r, uint32_t digits, uint32_t k, kl__lanes mean, kl__lanes sum) {
    kl__lanes piece = sum * kl__lanes_all(tree_mean_scale(k));
    if (digits & ((1u << k) - 1)) piece = mean + (piece - mean) * kl__lanes_all(r->fs[k]);
    return piece + kl__lanes_all(0.0);
}
#endif

#endif
