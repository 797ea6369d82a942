/* The sum of a window. Nodes are plain sums of equal halves; the pieces of the window are added newest first. So every value
 * passes at most 2 * log2(w) additions, and sums of integers below 2^53 are exact. */
#include "base/fp.h"
#include "window/tree_mean.h"

static void tree_sum_step(kl__tree *t, const double *x, double *stat) {
    double node = x[0], sum = 0.0;
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k;
        double *slot = kl__tree_slot(t, 0, k, t->count), older = *slot;
        *slot = node;
        if (t->w & size) sum = sum + *kl__tree_slot(t, 0, k, t->count - (t->w & (size - 1)));
        if (k == t->top) break;
        node = node + older;
    }
    *stat = sum;
}

KL__INLINE void tree_sum_begin_rows(const double *restrict b, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = 0.0 + b[j];
}

KL__INLINE void tree_sum_join_rows(const double *restrict b, double *restrict sum, size_t n) {
    KL__TREE_EACH(j, n) sum[j] = sum[j] + b[j];
}

KL__INLINE void tree_sum_leaf_body(const kl__tree_rows *r) { kl__tree_mean_leaf(r, 0); }
KL__INLINE void tree_sum_up_body(const kl__tree_rows *r) { kl__tree_mean_up(r, 0); }
KL__INLINE void tree_sum_begin_body(const kl__tree_rows *r) { tree_sum_begin_rows(r->b[0], r->out[0], r->n); }
KL__INLINE void tree_sum_join_body(const kl__tree_rows *r) { tree_sum_join_rows(r->b[0], r->out[0], r->n); }
KL__TREE_LOOPS(tree_sum)

const kl__tree_kind kl__tree_sum = {1, 1, 1, 0, 0, tree_sum_step, KL__TREE_TABLE(tree_sum), NULL};
