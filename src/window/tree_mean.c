/* The mean of a window. A node holds the plain sum of its values. Pieces of the window are joined as means,
 *     mean = A + (B - A) * (nB / n),   A newer, B older,
 * so that equal values give exactly themselves and the result never leaves [min, max] of the window: 2^-k * sum of 2^k values
 * cannot, and the joining moves from A towards B by less than the whole way. */
#include "base/fp.h"
#include "window/tree.h"

KL__INLINE double tree_mean_scale(uint32_t k) { return 1.0 / (double)((size_t)1 << k); }

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

/* One level up in place: a[j] becomes the node that begins at value j. */
static void tree_mean_up(double *a, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) a[j] = a[j + half] + a[j];
}

/* Two levels up at once, for half the traffic. */
static void tree_mean_up2(double *a, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) a[j] = (a[j + 3 * half] + a[j + 2 * half]) + (a[j + half] + a[j]);
}

static void tree_mean_join(double *restrict mean, const double *restrict piece, size_t n, double scale, double f) {
    for (size_t j = 0; j < n; j++) mean[j] = mean[j] + (piece[j] * scale - mean[j]) * f;
}

/* The last levels and the last joining in one pass. `levels` 1 or 2; `newer` is what the nodes of level `top` join: the
 * means so far, or the first piece times its scale. */
KL__INLINE void tree_mean_last(double *mean, const double *a, const double *newer, size_t n, size_t half,
                               int levels, double newer_scale, double scale, double f) {
    for (size_t j = 0; j < n; j++) {
        double node = a[j + half] + a[j];
        if (levels == 2) node = (a[j + 3 * half] + a[j + 2 * half]) + node;
        double m = newer[j] * newer_scale;
        mean[j] = (m + (node * scale - m) * f) + 0.0;
    }
}

/* As long as the window has only one piece, it stays where it is: `piece`, to be multiplied by `scale`. */
void kl__tree_mean_tile(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    const double *f = kl__tree_f((kl__tree *)(uintptr_t)t);
    double *a = span[0], *mean = stat[0];
    const double last = tree_mean_scale(t->top), w_last = f[t->top];
    int begun = 0; /* 1: mean holds the pieces so far */
    for (uint32_t k = 0;;) {
        size_t size = (size_t)1 << k;
        int two = k + 2 <= t->top && !(t->w & (2 * size)), ends = k + (two ? 2 : 1) == t->top;
        const double *newer = mean;
        double newer_scale = 1.0;
        if (t->w & size) {
            const double *piece = a + (t->w & ~(2 * size - 1)); /* the newer digits lie behind it */
            double scale = tree_mean_scale(k);
            if (begun) tree_mean_join(mean, piece, n, scale, f[k]);
            else if (ends) newer = piece, newer_scale = scale;
            else
                for (size_t j = 0; j < n; j++) mean[j] = piece[j] * scale + 0.0;
            begun = 1;
        }
        if (k == t->top) return;
        if (ends && begun) {
            if (two) tree_mean_last(mean, a, newer, n, size, 2, newer_scale, last, w_last);
            else tree_mean_last(mean, a, newer, n, size, 1, newer_scale, last, w_last);
            return;
        }
        if (two) tree_mean_up2(a, n + t->w - 4 * size, size);
        else tree_mean_up(a, n + t->w - 2 * size, size);
        k += two ? 2 : 1;
    }
}

const kl__tree_kind kl__tree_mean = {1, 1, 1, tree_mean_step, kl__tree_mean_tile};
