/* Volume-weighted mean price of a window; series: price, volume. A node is {K = its newest price, V = sum of v,
 * P = sum of v*(p - K), least and greatest price}. merge(A newer, B older):
 *     V = V_A + V_B;  P = P_A + (P_B + V_B * (K_B - K_A)).
 * vwap = K + P/V, held inside [least, greatest]; unknown where V is not above 0. */
#include "base/fp.h"
#include "window/tree.h"
#include "base/endian.h"

enum { TREE_VWAP_V = 0, TREE_VWAP_P = 1, TREE_VWAP_LOW = 2, TREE_VWAP_HIGH = 3, TREE_VWAP_FIELDS = 4 };

/* NaN in either place has to stay: the volume carries it, so that these need not. */
KL__INLINE double tree_vwap_min(double a, double b) { return a < b ? a : b; }
KL__INLINE double tree_vwap_max(double a, double b) { return a > b ? a : b; }

KL__INLINE double tree_vwap_mean(double newest, double v, double p, double low, double high) {
    double mean = newest + p / v;
    mean = tree_vwap_min(high, tree_vwap_max(low, mean)) + (p - p); /* unknown where P overflowed */
    return v > 0.0 ? mean : kl__bits_double(UINT64_C(0x7ff8000000000000));
}

KL__INLINE void tree_vwap_merge(double *a, const double *b, double way) {
    a[TREE_VWAP_P] = a[TREE_VWAP_P] + (b[TREE_VWAP_P] + b[TREE_VWAP_V] * way);
    a[TREE_VWAP_V] = a[TREE_VWAP_V] + b[TREE_VWAP_V];
    a[TREE_VWAP_LOW] = tree_vwap_min(a[TREE_VWAP_LOW], b[TREE_VWAP_LOW]);
    a[TREE_VWAP_HIGH] = tree_vwap_max(a[TREE_VWAP_HIGH], b[TREE_VWAP_HIGH]);
}

static void tree_vwap_step(kl__tree *t, const double *x, double *stat) {
    const uint64_t i = t->count, mask = kl__tree_capacity(t) - 1;
    const double *price = kl__tree_raw(t, 0);
    double node[TREE_VWAP_FIELDS] = {x[1], x[0] - x[0], x[0], x[0]}, window[TREE_VWAP_FIELDS] = {0};
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1);
        double older[TREE_VWAP_FIELDS], piece[TREE_VWAP_FIELDS];
        for (size_t f = 0; f < TREE_VWAP_FIELDS; f++) {
            double *slot = kl__tree_slot(t, f, k, i);
            older[f] = *slot, *slot = node[f];
            piece[f] = *kl__tree_slot(t, f, k, i - newer);
        }
        if ((t->w & size) && newer) tree_vwap_merge(window, piece, price[(i - newer) & mask] - x[0]);
        else if (t->w & size)
            for (size_t f = 0; f < TREE_VWAP_FIELDS; f++) window[f] = piece[f];
        if (k == t->top) break;
        tree_vwap_merge(node, older, price[(i - size) & mask] - x[0]);
    }
    stat[0] = tree_vwap_mean(x[0], window[TREE_VWAP_V], window[TREE_VWAP_P], window[TREE_VWAP_LOW], window[TREE_VWAP_HIGH]);
}

KL__INLINE void tree_vwap_up(const double *restrict x, double *restrict v, double *restrict p, double *restrict low,
                         double *restrict high, size_t n, size_t half) {
    for (size_t j = 0; j < n; j++) {
        double way = x[j + half - 1] - x[j + 2 * half - 1];
        p[j] = p[j + half] + (p[j] + v[j] * way);
        v[j] = v[j + half] + v[j];
        low[j] = tree_vwap_min(low[j + half], low[j]);
        high[j] = tree_vwap_max(high[j + half], high[j]);
    }
}

KL__INLINE void tree_vwap_join(const double *restrict newest, const double *restrict older, double *const *piece, size_t at,
                           double *const *window, size_t n) {
    const double *restrict v = piece[0] + at, *restrict p = piece[1] + at, *restrict low = piece[2] + at,
                 *restrict high = piece[3] + at;
    double *restrict wv = window[0], *restrict wp = window[1], *restrict wlow = window[2], *restrict whigh = window[3];
    for (size_t j = 0; j < n; j++) {
        wp[j] = wp[j] + (p[j] + v[j] * (older[j] - newest[j]));
        wv[j] = wv[j] + v[j];
        wlow[j] = tree_vwap_min(wlow[j], low[j]);
        whigh[j] = tree_vwap_max(whigh[j], high[j]);
    }
}

KL__INLINE void tree_vwap_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {
    double memory[3][KL__TREE_SPAN], result[TREE_VWAP_FIELDS][KL__TREE_TILE];
    double *piece[TREE_VWAP_FIELDS] = {span[1], memory[0], memory[1], memory[2]};
    double *window[TREE_VWAP_FIELDS] = {result[0], result[1], result[2], result[3]};
    const double *x = span[0], *newest = x + t->w - 1;
    for (size_t j = 0; j < n + t->w - 1; j++) piece[1][j] = x[j] - x[j], piece[2][j] = piece[3][j] = x[j];
    for (uint32_t k = 0;; k++) {
        size_t size = (size_t)1 << k, newer = t->w & (size - 1), at = t->w & ~(2 * size - 1);
        if ((t->w & size) && newer) tree_vwap_join(newest, newest - newer, piece, at, window, n);
        else if (t->w & size)
            for (size_t f = 0; f < TREE_VWAP_FIELDS; f++)
                for (size_t j = 0; j < n; j++) window[f][j] = piece[f][at + j];
        if (k == t->top) break;
        tree_vwap_up(x, piece[0], piece[1], piece[2], piece[3], n + t->w - 2 * size, size);
    }
    for (size_t j = 0; j < n; j++) stat[0][j] = tree_vwap_mean(newest[j], window[0][j], window[1][j], window[2][j], window[3][j]);
}

KL__SIMD_EACH(tree_vwap_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat), (t, span, n, stat))

const kl__tree_kind kl__tree_vwap = {2, TREE_VWAP_FIELDS, 1, tree_vwap_step, KL__SIMD_TABLE(tree_vwap_tile)};
