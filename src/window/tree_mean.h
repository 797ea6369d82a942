/* Means of windows in a tile: vector loops over time, shared by the kinds that also give the mean. */
#ifndef KL__TREE_MEAN_H
#define KL__TREE_MEAN_H
#include "window/tree.h"

KL__INLINE double tree_mean_scale(uint32_t k) { return 1.0 / (double)((size_t)1 << k); }

/* One level up in place: a[j] becomes the node that begins at value j. */
KL__INLINE void tree_mean_up(double *a, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) a[j] = a[j + half] + a[j];
}

/* Two levels up at once, for half the traffic. */
KL__INLINE void tree_mean_up2(double *a, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) a[j] = (a[j + 3 * half] + a[j + 2 * half]) + (a[j + half] + a[j]);
}

KL__INLINE void tree_mean_join(double *restrict mean, const double *restrict piece, size_t n, double scale, double f) {
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
KL__INLINE void kl__tree_mean_tile(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
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

#endif
