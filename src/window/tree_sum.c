/* The sum of a window. Nodes are plain sums of equal halves; the pieces of the window are added newest first. So every value
 * passes at most 2 * log2(w) additions, and sums of integers below 2^53 are exact. */
#include "base/fp.h"
#include "window/tree_mean.h"

KL__INLINE void tree_sum_one(kl__tree *t, const double *x, double *stat, uint32_t top, int flag) {
    const size_t i = (size_t)t->count, w = t->w;
    double node = x[0], sum = 0.0;
    (void)flag;
    KL__TREE_UNROLL
    for (uint32_t k = 0; k <= top; k++) {
        const size_t size = (size_t)1 << k;
        double *slot = kl__tree_slot_at(t, top, 1, k, i);
        const double older = *slot;
        *slot = node;
        if (w & size) sum = sum + *kl__tree_slot_at(t, top, 1, k, i - (w & (size - 1)));
        node = node + older;
    }
    *stat = sum;
}
static void tree_sum_step(kl__tree *t, const double *x, double *stat) { KL__TREE_BY_TOP(tree_sum_one, t, x, stat, 0) }

KL__INLINE void tree_sum_begin_rows(const double *restrict b, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = 0.0 + b[j];
}

KL__INLINE void tree_sum_join_rows(const double *restrict b, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = sum[j] + b[j];
}

KL__INLINE void tree_sum_close_rows(const double *restrict a, const double *restrict b, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = sum[j] + (a[j] + b[j]);
}

KL__INLINE void tree_sum_close_first_rows(const double *restrict first, const double *restrict a, const double *restrict b,
                                          double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = (0.0 + first[j]) + (a[j] + b[j]);
}

KL__INLINE void tree_sum_leaf_body(const kl__tree_rows *r) { kl__tree_mean_leaf(r, 0); }
KL__INLINE void tree_sum_up_body(const kl__tree_rows *r) { kl__tree_mean_up(r, 0); }
KL__INLINE void tree_sum_begin_body(const kl__tree_rows *r) { tree_sum_begin_rows(r->b[0], r->out[0], r->n); }
KL__INLINE void tree_sum_join_body(const kl__tree_rows *r) { tree_sum_join_rows(r->b[0], r->out[0], r->n); }
KL__INLINE void tree_sum_close_body(const kl__tree_rows *r) {
    if (r->first[0]) tree_sum_close_first_rows(r->first[0], r->a[0], r->b[0], r->out[0], r->n);
    else tree_sum_close_rows(r->a[0], r->b[0], r->out[0], r->n);
}
KL__TREE_LOOPS(tree_sum)
KL__TREE_LOOP(tree_sum_close)

#if defined(KL__SIMD_X86)
KL__LANES_INLINE void tree_sum_low_lanes(const kl__tree_rows *r, uint32_t digits) {
    const double *x = r->x[0];
    kl__lanes b0 = kl__lanes_load(x - KL__LANES), b1 = b0 + kl__lanes_older(b0, b0, 1), b2 = b1 + kl__lanes_older(b1, b1, 2);
    for (size_t j = 0; j < r->n; j += KL__LANES) {
        const kl__lanes n0 = kl__lanes_load(x + j), n1 = n0 + kl__lanes_older(n0, b0, 1), n2 = n1 + kl__lanes_older(n1, b1, 2);
        kl__lanes_store(r->out[0] + j, n2 + kl__lanes_older(n2, b2, 4));
        if (digits && j >= r->skip) {
            kl__lanes sum = kl__lanes_all(0.0);
            if (digits & 1) sum = sum + n0;
            if (digits & 2) sum = sum + kl__lanes_older(n1, b1, digits & 1);
            if (digits & 4) sum = sum + kl__lanes_older(n2, b2, digits & 3);
            kl__lanes_store(r->window[0] + (j - r->skip), sum);
        }
        b0 = n0, b1 = n1, b2 = n2;
    }
}
KL__TARGET_AVX512 static void tree_sum_low_avx512(const kl__tree_rows *r) { KL__LANES_BY_DIGITS(tree_sum_low_lanes, r) }
#endif

const kl__tree_kind kl__tree_sum = {1, 1, 1, 0, 0, tree_sum_step, KL__TREE_TABLE_FAST(tree_sum), kl__tree_short_sum,
                                    KL__TREE_SHORT_W};
