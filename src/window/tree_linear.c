/* The mean of a window and its first moment about the middle,
 *     G = sum over the window of (c - age) * x, c = (n - 1)/2,
 * of which linearly weighted averages and regression lines are made. A node of level k holds {S = sum, G}; equal halves join as
 *     S = S_A + S_B,  G = (G_A + G_B) + (S_A - S_B) * 2^{k-2},  A newer, B older,
 * pieces of the window as
 *     mean = A + (B - A) * (nB/n),  G = (G_A + G_B) + (A - B) * (nA*nB/2),  A and B their means.
 * Equal values give G = 0 exactly. */
#include "base/fp.h"
#include "window/tree.h"

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

KL__INLINE void tree_linear_up(double *restrict s, double *restrict g, size_t n, size_t half) {
    const double lever = (double)half * 0.5;
    for (size_t j = 0; j < n; j++) {
        double newer = s[j + half], older = s[j];
        g[j] = (g[j + half] + g[j]) + (newer - older) * lever;
        s[j] = newer + older;
    }
}

KL__INLINE void tree_linear_join(const double *restrict s, const double *restrict g, size_t n, double scale, double f, double lever,
                             double *restrict mean, double *restrict moment) {
    for (size_t j = 0; j < n; j++) {
        double piece = s[j] * scale, way = piece - mean[j];
        moment[j] = (moment[j] + g[j]) + (mean[j] - piece) * lever;
        mean[j] = mean[j] + way * f;
    }
}

KL__INLINE void tree_linear_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double moment[KL__TREE_SPAN];
    const double *f = kl__tree_f((kl__tree *)(uintptr_t)t);
    for (size_t j = 0; j < n + t->w - 1; j++) moment[j] = 0.0;
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, at = t->w & ~(2 * size - 1);
        double scale = tree_linear_scale(k);
        if ((t->w & size) && (t->w & (size - 1))) {
            tree_linear_join(span[0] + at, moment + at, n, scale, f[k], tree_linear_lever(t->w, size), stat[0], stat[1]);
        } else if (t->w & size) {
            for (size_t j = 0; j < n; j++) stat[0][j] = span[0][at + j] * scale, stat[1][j] = moment[at + j];
        }
        if (k == t->top) break;
        tree_linear_up(span[0], moment, n + t->w - 2 * size, size);
    }
}

KL__SIMD_EACH(tree_linear_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat), (t, span, n, stat))

const kl__tree_kind kl__tree_linear = {1, 2, 2, tree_linear_step, KL__SIMD_TABLE(tree_linear_tile)};
