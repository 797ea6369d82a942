/* Means, squared deviations and their product for two series: tree_moments.c twice, with its bits for each series, and
 *     C = (C_A + C_B) + (Dx*Dy) * (nA*nB/n),
 * so that the C of a series with itself is its M2. A bar where either value is missing is missing in both. */
#include "base/fp.h"
#include "window/tree_mean.h"

enum { TREE_PAIR_M = 0, TREE_PAIR_M2 = 2, TREE_PAIR_SUM = 4, TREE_PAIR_C = 6, TREE_PAIR_FIELDS = 7 }; /* x, y of the first three */

/* The window's next piece, or the node's older half; f: share of the older, g: nA*nB/n. Sums are left alone. */
KL__INLINE void tree_pair_merge(double *a, const double *b, double way_x, double way_y, double f, double g) {
    way_x = way_x + (b[TREE_PAIR_M] - a[TREE_PAIR_M]);
    way_y = way_y + (b[TREE_PAIR_M + 1] - a[TREE_PAIR_M + 1]);
    a[TREE_PAIR_M] = a[TREE_PAIR_M] + way_x * f;
    a[TREE_PAIR_M + 1] = a[TREE_PAIR_M + 1] + way_y * f;
    a[TREE_PAIR_M2] = (a[TREE_PAIR_M2] + b[TREE_PAIR_M2]) + (way_x * way_x) * g;
    a[TREE_PAIR_M2 + 1] = (a[TREE_PAIR_M2 + 1] + b[TREE_PAIR_M2 + 1]) + (way_y * way_y) * g;
    a[TREE_PAIR_C] = (a[TREE_PAIR_C] + b[TREE_PAIR_C]) + (way_x * way_y) * g;
}

static void tree_pair_step(kl__tree *t, const double *x, double *stat) {
    const double *f = kl__tree_f(t), *g = kl__tree_g(t), *raw_x = kl__tree_raw(t, 0), *raw_y = kl__tree_raw(t, 1);
    const double zero = (x[0] - x[0]) + (x[1] - x[1]); /* NaN where either is missing */
    const uint64_t i = t->count, mask = kl__tree_capacity(t) - 1;
    double node[TREE_PAIR_FIELDS] = {zero, zero, zero, zero, x[0] + zero, x[1] + zero, zero}, window[TREE_PAIR_FIELDS] = {0};
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1);
        double older[TREE_PAIR_FIELDS], piece[TREE_PAIR_FIELDS];
        for (size_t s = 0; s < TREE_PAIR_FIELDS; s++) {
            double *slot = kl__tree_slot(t, s, k, i);
            older[s] = *slot, *slot = node[s];
        }
        if (t->w & size) {
            const uint64_t at = (i - newer) & mask;
            for (size_t s = 0; s < TREE_PAIR_FIELDS; s++) piece[s] = *kl__tree_slot(t, s, k, i - newer);
            piece[TREE_PAIR_SUM] *= tree_mean_scale(k), piece[TREE_PAIR_SUM + 1] *= tree_mean_scale(k);
            if (newer) {
                tree_pair_merge(window, piece, raw_x[at] - x[0], raw_y[at] - x[1], f[k], g[k]);
                for (size_t s = TREE_PAIR_SUM; s < TREE_PAIR_SUM + 2; s++) window[s] = window[s] + (piece[s] - window[s]) * f[k];
            } else {
                for (size_t s = 0; s < TREE_PAIR_FIELDS; s++) window[s] = piece[s];
            }
        }
        if (k == t->top) break;
        const uint64_t before = (i - size) & mask;
        tree_pair_merge(node, older, raw_x[before] - x[0], raw_y[before] - x[1], 0.5, (double)size * 0.5);
        node[TREE_PAIR_SUM] += older[TREE_PAIR_SUM], node[TREE_PAIR_SUM + 1] += older[TREE_PAIR_SUM + 1];
    }
    stat[0] = window[TREE_PAIR_SUM] + 0.0, stat[1] = window[TREE_PAIR_SUM + 1] + 0.0;
    stat[2] = window[TREE_PAIR_M2], stat[3] = window[TREE_PAIR_M2 + 1], stat[4] = window[TREE_PAIR_C];
}

/* Nodes are kept where their oldest value stands; x[j + size - 1] is the newest value of one. */
KL__INLINE void tree_pair_first(const double *restrict x, const double *restrict y, double *restrict mx, double *restrict my,
                                double *restrict m2x, double *restrict m2y, double *restrict c, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double way_x = x[j] - x[j + 1], way_y = y[j] - y[j + 1];
        mx[j] = way_x * 0.5, my[j] = way_y * 0.5;
        m2x[j] = (way_x * way_x) * 0.5, m2y[j] = (way_y * way_y) * 0.5;
        c[j] = (way_x * way_y) * 0.5 + 0.0; /* no -0.0 */
    }
}

KL__INLINE void tree_pair_up(const double *restrict x, const double *restrict y, double *restrict mx, double *restrict my,
                             double *restrict m2x, double *restrict m2y, double *restrict c, size_t n, size_t half) {
    const double weight = (double)half * 0.5;
    for (size_t j = 0; j < n; j++) {
        double way_x = (x[j + half - 1] - x[j + 2 * half - 1]) + (mx[j] - mx[j + half]);
        double way_y = (y[j + half - 1] - y[j + 2 * half - 1]) + (my[j] - my[j + half]);
        mx[j] = mx[j + half] + way_x * 0.5, my[j] = my[j + half] + way_y * 0.5;
        m2x[j] = (m2x[j + half] + m2x[j]) + (way_x * way_x) * weight;
        m2y[j] = (m2y[j + half] + m2y[j]) + (way_y * way_y) * weight;
        c[j] = (c[j + half] + c[j]) + (way_x * way_y) * weight;
    }
}

/* node: mx, my, M2x, M2y, C of the pieces, each from the first that is joined; older: how far behind the newest they end. */
KL__INLINE void tree_pair_join(const double *restrict newest_x, const double *restrict newest_y, size_t older,
                               const double *const *node, size_t n, double f, double g, double *const *window) {
    const double *restrict mx = node[0], *restrict my = node[1], *restrict m2x = node[2], *restrict m2y = node[3],
                 *restrict c = node[4], *restrict older_x = newest_x - older, *restrict older_y = newest_y - older;
    double *restrict wmx = window[0], *restrict wmy = window[1], *restrict wm2x = window[2], *restrict wm2y = window[3],
           *restrict wc = window[4];
    for (size_t j = 0; j < n; j++) {
        double way_x = (older_x[j] - newest_x[j]) + (mx[j] - wmx[j]), way_y = (older_y[j] - newest_y[j]) + (my[j] - wmy[j]);
        wmx[j] = wmx[j] + way_x * f, wmy[j] = wmy[j] + way_y * f;
        wm2x[j] = (wm2x[j] + m2x[j]) + (way_x * way_x) * g;
        wm2y[j] = (wm2y[j] + m2y[j]) + (way_y * way_y) * g;
        wc[j] = (wc[j] + c[j]) + (way_x * way_y) * g;
    }
}

KL__INLINE void tree_pair_blank(double *restrict x, double *restrict y, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double zero = (x[j] - x[j]) + (y[j] - y[j]);
        x[j] = x[j] + zero, y[j] = y[j] + zero;
    }
}

KL__INLINE void tree_pair_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double memory[5][KL__TREE_SPAN], kept[5][KL__TREE_TILE];
    double *window[5] = {kept[0], kept[1], stat[2] ? stat[2] : kept[2], stat[3] ? stat[3] : kept[3], stat[4] ? stat[4] : kept[4]};
    double *mx = memory[0], *my = memory[1], *m2x = memory[2], *m2y = memory[3], *c = memory[4];
    const double *f = kl__tree_f((kl__tree *)(uintptr_t)t), *g = kl__tree_g((kl__tree *)(uintptr_t)t);
    const double *x = span[0], *y = span[1], *newest_x = x + t->w - 1, *newest_y = y + t->w - 1;
    tree_pair_blank(span[0], span[1], n + t->w - 1);
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1), at = t->w & ~(2 * size - 1);
        if (k == 0) {
            if (t->w & 1)
                for (size_t s = 0; s < 5; s++)
                    for (size_t j = 0; j < n; j++) window[s][j] = newest_x[j] - newest_x[j]; /* NaN where missing */
        } else if ((t->w & size) && newer) {
            const double *const node[5] = {mx + at, my + at, m2x + at, m2y + at, c + at};
            tree_pair_join(newest_x, newest_y, newer, node, n, f[k], g[k], window);
        } else if (t->w & size) {
            for (size_t s = 0; s < 5; s++)
                for (size_t j = 0; j < n; j++) window[s][j] = memory[s][at + j];
        }
        if (k == t->top) break;
        if (k == 0) tree_pair_first(x, y, mx, my, m2x, m2y, c, n + t->w - 2);
        else tree_pair_up(x, y, mx, my, m2x, m2y, c, n + t->w - 2 * size, size);
    }
    if (stat[0]) kl__tree_mean_tile(t, span, n, stat); /* these use the spans up */
    if (stat[1]) kl__tree_mean_tile(t, span + 1, n, stat + 1);
}

KL__SIMD_EACH(tree_pair_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat), (t, span, n, stat))

const kl__tree_kind kl__tree_pair = {2, TREE_PAIR_FIELDS, 5, tree_pair_step, KL__SIMD_TABLE(tree_pair_tile)};
