/* The sum of a window. Nodes are plain sums of equal halves; the pieces of the window are added newest first. So every value
 * passes at most 2 * log2(w) additions, and sums of integers below 2^53 are exact. */
#include "base/fp.h"
#include "window/tree.h"

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

KL__INLINE void tree_sum_up(double *a, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) a[j] = a[j + half] + a[j];
}

/* Two levels up at once, for half the traffic. */
KL__INLINE void tree_sum_up2(double *a, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) a[j] = (a[j + 3 * half] + a[j + 2 * half]) + (a[j + half] + a[j]);
}

KL__INLINE void tree_sum_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double *a = span[0], *restrict sum = stat[0];
    int begun = 0;
    for (uint32_t k = 0;;) {
        size_t size = (size_t)1 << k;
        const double *restrict piece = a + (t->w & ~(2 * size - 1));
        if ((t->w & size) && begun)
            for (size_t j = 0; j < n; j++) sum[j] = sum[j] + piece[j];
        else if (t->w & size)
            for (size_t j = 0; j < n; j++) sum[j] = 0.0 + piece[j];
        begun |= (t->w & size) != 0;
        if (k == t->top) return;
        if (k + 2 <= t->top && !(t->w & (2 * size))) tree_sum_up2(a, n + t->w - 4 * size, size), k += 2;
        else tree_sum_up(a, n + t->w - 2 * size, size), k++;
    }
}

KL__SIMD_EACH(tree_sum_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat), (t, span, n, stat))

const kl__tree_kind kl__tree_sum = {1, 1, 1, tree_sum_step, KL__SIMD_TABLE(tree_sum_tile)};
