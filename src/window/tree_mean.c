/* The mean of a window. A node holds the plain sum of its values. Pieces of the window are joined as means,
 *     mean = A + (B - A) * (nB / n),   A newer, B older,
 * so that equal values give exactly themselves and the result never leaves [min, max] of the window: 2^-k * sum of 2^k values
 * cannot, and the joining moves from A towards B by less than the whole way. */
#include "base/fp.h"
#include "window/tree_mean.h"

static void tree_mean_step(kl__tree *t, const double *x, double *stat) {
    const double *f = kl__tree_f(t);
    double node = x[0], mean = 0.0;
    int begun = 0;
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k;
        double *slot = kl__tree_slot(t, 0, k, t->count), older = *slot;
        *slot = node;
        if (t->w & size) {
            double piece = *kl__tree_slot(t, 0, k, t->count - (t->w & (size - 1))) * tree_mean_scale(k);
            mean = begun ? mean + (piece - mean) * f[k] : piece;
            begun = 1;
        }
        if (k == t->top) break;
        node = node + older;
    }
    *stat = mean + 0.0; /* no -0.0 */
}

KL__INLINE void tree_mean_leaf_body(const kl__tree_rows *r) { kl__tree_mean_leaf(r, 0); }
KL__INLINE void tree_mean_up_body(const kl__tree_rows *r) { kl__tree_mean_up(r, 0); }
KL__INLINE void tree_mean_begin_body(const kl__tree_rows *r) { kl__tree_mean_begin(r, 0); }
KL__INLINE void tree_mean_join_body(const kl__tree_rows *r) { kl__tree_mean_join(r, 0); }
KL__TREE_LOOPS(tree_mean)

const kl__tree_kind kl__tree_mean = {1, 1, 1, 0, 0, tree_mean_step, KL__TREE_TABLE(tree_mean), NULL};
