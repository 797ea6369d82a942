/* The mean of a window. A node holds the plain sum of its values. Pieces of the window are joined as means,
 *     mean = A + (B - A) * (nB / n),   A newer, B older,
 * so that equal values give exactly themselves and the result never leaves [min, max] of the window: 2^-k * sum of 2^k values
 * cannot, and the joining moves from A towards B by less than the whole way. */
#include "base/fp.h"
#include "window/tree_mean.h"

KL__INLINE void tree_mean_one(kl__tree *t, const double *x, double *stat, uint32_t top, int flag) {
    const double *f = kl__tree_f(t);
    const size_t i = (size_t)t->count, w = t->w;
    double node = x[0], mean = 0.0;
    (void)flag;
    KL__TREE_UNROLL
    for (uint32_t k = 0; k <= top; k++) {
        const size_t size = (size_t)1 << k, newer = w & (size - 1);
        double *slot = kl__tree_slot_at(t, top, 1, k, i);
        const double older = *slot;
        *slot = node;
        if (w & size) {
            const double piece = *kl__tree_slot_at(t, top, 1, k, i - newer) * tree_mean_scale(k);
            mean = newer ? mean + (piece - mean) * f[k] : piece;
        }
        node = node + older;
    }
    *stat = mean + 0.0; /* no -0.0 */
}
static void tree_mean_step(kl__tree *t, const double *x, double *stat) { KL__TREE_BY_TOP(tree_mean_one, t, x, stat, 0) }

KL__INLINE void tree_mean_leaf_body(const kl__tree_rows *r) { kl__tree_mean_leaf(r, 0); }
KL__INLINE void tree_mean_up_body(const kl__tree_rows *r) { kl__tree_mean_up(r, 0); }
KL__INLINE void tree_mean_begin_body(const kl__tree_rows *r) { kl__tree_mean_begin(r, 0); }
KL__INLINE void tree_mean_join_body(const kl__tree_rows *r) { kl__tree_mean_join(r, 0); }
KL__INLINE void tree_mean_close_body(const kl__tree_rows *r) { kl__tree_mean_close(r, 0); }
KL__TREE_LOOPS(tree_mean)
KL__TREE_LOOP(tree_mean_close)

#if defined(KL__SIMD_X86)
KL__LANES_INLINE void tree_mean_low_lanes(const kl__tree_rows *r, uint32_t digits) {
    const double *x = r->x[0];
    kl__lanes b0 = kl__lanes_load(x - KL__LANES), b1 = b0 + kl__lanes_older(b0, b0, 1), b2 = b1 + kl__lanes_older(b1, b1, 2);
    for (size_t j = 0; j < r->n; j += KL__LANES) {
        const kl__lanes n0 = kl__lanes_load(x + j), n1 = n0 + kl__lanes_older(n0, b0, 1), n2 = n1 + kl__lanes_older(n1, b1, 2);
        kl__lanes_store(r->out[0] + j, n2 + kl__lanes_older(n2, b2, 4));
        if (digits && j >= r->skip) {
            kl__lanes mean = n0;
            if (digits & 1) mean = kl__tree_mean_take(r, digits, 0, mean, n0);
            if (digits & 2) mean = kl__tree_mean_take(r, digits, 1, mean, kl__lanes_older(n1, b1, digits & 1));
            if (digits & 4) mean = kl__tree_mean_take(r, digits, 2, mean, kl__lanes_older(n2, b2, digits & 3));
            kl__lanes_store(r->window[0] + (j - r->skip), mean);
        }
        b0 = n0, b1 = n1, b2 = n2;
    }
}
KL__TARGET_AVX512 static void tree_mean_low_avx512(const kl__tree_rows *r) { KL__LANES_BY_DIGITS(tree_mean_low_lanes, r) }
#endif

const kl__tree_kind kl__tree_mean = {1, 1, 1, 0, 0, tree_mean_step, KL__TREE_TABLE_FAST(tree_mean), kl__tree_short_mean,
                                     KL__TREE_SHORT_W};
