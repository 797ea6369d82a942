/* Least and greatest values, and where they stand. These operations may count a value twice, so that a window is not cut by the
 * digits of w: nodes of any length, overlapping, cover it. min and max are exact, and where several values are equal the newest
 * counts, so tiles may cut windows otherwise than steps and give the same bits.
 *
 * x86's vector minimum forgets a NaN in its first operand. Tiles put -inf (for max: +inf) for a missing value, which wins over
 * every other, and at the end NaN for that. */
#include "base/fp.h"
#include "window/tree.h"
#include "base/endian.h"
#include <math.h>

#define TREE_EXTREME_PIECES 6 /* most nodes that are joined in one pass */

KL__INLINE double tree_extreme_of(double newer, double older, int greatest) {
    return greatest ? (older > newer ? older : newer) : (older < newer ? older : newer);
}
KL__INLINE double tree_extreme_hide(double x, int greatest) {
    return greatest ? (x < (double)INFINITY ? x : (double)INFINITY) : (x > -(double)INFINITY ? x : -(double)INFINITY);
}
KL__INLINE double tree_extreme_show(double value, double shown, int greatest) {
    int missing = greatest ? value == (double)INFINITY : value == -(double)INFINITY;
    return missing ? kl__bits_double(UINT64_C(0x7ff8000000000000)) : shown;
}

/* Nodes stand where their oldest value does. out[j]: of `pieces` nodes at distances of `stride`, the last at j + end. */
KL__INLINE void tree_extreme_pass(const double *restrict in, double *restrict out, size_t n, size_t stride, size_t end, size_t pieces,
                                  int greatest, int first, int last) {
    for (size_t j = 0; j < n; j++) {
        double value = in[j + end];
        if (first) value = tree_extreme_hide(value, greatest);
        for (size_t p = 0; p + 1 < pieces; p++) {
            double older = in[j + p * stride];
            if (first) older = tree_extreme_hide(older, greatest);
            value = tree_extreme_of(value, older, greatest);
        }
        out[j] = last ? tree_extreme_show(value, value, greatest) : value;
    }
}

KL__INLINE void tree_extreme_last(const double *restrict in, double *restrict out, size_t n, size_t stride, size_t end, size_t pieces,
                                  int greatest, int first) {
    switch (pieces) {
    case 1: tree_extreme_pass(in, out, n, stride, end, 1, greatest, first, 1); break;
    case 2: tree_extreme_pass(in, out, n, stride, end, 2, greatest, first, 1); break;
    case 3: tree_extreme_pass(in, out, n, stride, end, 3, greatest, first, 1); break;
    case 4: tree_extreme_pass(in, out, n, stride, end, 4, greatest, first, 1); break;
    case 5: tree_extreme_pass(in, out, n, stride, end, 5, greatest, first, 1); break;
    default: tree_extreme_pass(in, out, n, stride, end, TREE_EXTREME_PIECES, greatest, first, 1); break;
    }
}

KL__INLINE void tree_extreme_tile(const kl__tree *t, double *const *span, size_t n, double *const *stat, int greatest) {
    double memory[KL__TREE_SPAN];
    const size_t w = t->w;
    double *in = span[0], *out = memory;
    for (size_t size = 1;; size *= 4) {
        size_t pieces = (w + size - 1) / size;
        if (pieces <= TREE_EXTREME_PIECES) {
            if (size == 1) tree_extreme_last(in, stat[0], n, size, w - size, pieces, greatest, 1);
            else tree_extreme_last(in, stat[0], n, size, w - size, pieces, greatest, 0);
            return;
        }
        if (size == 1) tree_extreme_pass(in, out, n + w - 4, 1, 3, 4, greatest, 1, 0);
        else tree_extreme_pass(in, out, n + w - 4 * size, size, 3 * size, 4, greatest, 0, 0);
        double *free_again = in;
        in = out, out = free_again;
    }
}

/* The same with ages beside the values; ages count from the newest value of a node. */
KL__INLINE void tree_extreme_pass_at(const double *restrict in, const double *restrict age, double *restrict out,
                                     double *restrict out_age, size_t n, size_t stride, size_t end, size_t pieces, int greatest,
                                     int first, int last) {
    for (size_t j = 0; j < n; j++) {
        double value = in[j + end], at = first ? 0.0 : age[j + end];
        if (first) value = tree_extreme_hide(value, greatest);
        for (size_t p = pieces - 1; p-- > 0;) {
            double older = in[j + p * stride], older_at = (double)(end - p * stride) + (first ? 0.0 : age[j + p * stride]);
            if (first) older = tree_extreme_hide(older, greatest);
            int take = greatest ? older > value : older < value;
            value = take ? older : value;
            at = take ? older_at : at;
        }
        out[j] = last ? tree_extreme_show(value, value, greatest) : value;
        out_age[j] = last ? tree_extreme_show(value, at, greatest) : at;
    }
}

KL__INLINE void tree_extreme_last_at(const double *restrict in, const double *restrict age, double *const *stat, size_t n,
                                     size_t stride, size_t end, size_t pieces, int greatest, int first) {
    switch (pieces) {
    case 1: tree_extreme_pass_at(in, age, stat[0], stat[1], n, stride, end, 1, greatest, first, 1); break;
    case 2: tree_extreme_pass_at(in, age, stat[0], stat[1], n, stride, end, 2, greatest, first, 1); break;
    case 3: tree_extreme_pass_at(in, age, stat[0], stat[1], n, stride, end, 3, greatest, first, 1); break;
    default: tree_extreme_pass_at(in, age, stat[0], stat[1], n, stride, end, 4, greatest, first, 1); break;
    }
}

KL__INLINE void tree_extreme_tile_at(const kl__tree *t, double *const *span, size_t n, double *const *stat, int greatest) {
    double memory[3][KL__TREE_SPAN];
    const size_t w = t->w;
    double *in = span[0], *age = memory[0], *out = memory[1], *out_age = memory[2];
    for (size_t size = 1;; size *= 4) {
        size_t pieces = (w + size - 1) / size;
        if (pieces <= 4) {
            if (size == 1) tree_extreme_last_at(in, age, stat, n, size, w - size, pieces, greatest, 1);
            else tree_extreme_last_at(in, age, stat, n, size, w - size, pieces, greatest, 0);
            return;
        }
        if (size == 1) tree_extreme_pass_at(in, age, out, out_age, n + w - 4, 1, 3, 4, greatest, 1, 0);
        else tree_extreme_pass_at(in, age, out, out_age, n + w - 4 * size, size, 3 * size, 4, greatest, 0, 0);
        double *free_value = in, *free_age = age;
        in = out, age = out_age, out = free_value, out_age = free_age;
    }
}

/* In rings as in tree.h up to the highest digit; two nodes of that cover the window. NaN is in the rings only before the first
 * value, else it is hidden there too. */
KL__INLINE void tree_extreme_step(kl__tree *t, const double *x, double *stat, int greatest, int at) {
    double node = tree_extreme_hide(x[0], greatest), age = 0.0;
    for (uint32_t k = 0;; k++) {
        const size_t size = (size_t)1 << k, reach = k == t->top ? t->w - size : size;
        double *slot = kl__tree_slot(t, 0, k, t->count), *age_slot = kl__tree_slot(t, 1, k, t->count), older = *slot, older_age = 0.0;
        *slot = node;
        if (at) older_age = *age_slot, *age_slot = age;
        if (k == t->top) {
            if (reach == 0) break;
            older = *kl__tree_slot(t, 0, k, t->count - reach);
            if (at) older_age = *kl__tree_slot(t, 1, k, t->count - reach);
        }
        older = tree_extreme_hide(older, greatest);
        int take = greatest ? older > node : older < node;
        node = take ? older : node;
        if (at) age = take ? older_age + (double)reach : age;
        if (k == t->top) break;
    }
    stat[0] = tree_extreme_show(node, node, greatest);
    if (at) stat[1] = tree_extreme_show(node, age, greatest);
}

#define TREE_EXTREME_KIND(name, stats, tile, greatest, at)                                                                        \
    static void tree_##name##_step(kl__tree *t, const double *x, double *stat) { tree_extreme_step(t, x, stat, greatest, at); }   \
    KL__INLINE void tree_##name##_tile_body(const kl__tree *t, double *const *span, size_t n, double *const *stat) {              \
        tile(t, span, n, stat, greatest);                                                                                         \
    }                                                                                                                             \
    KL__SIMD_EACH(tree_##name##_tile, (const kl__tree *t, double *const *span, size_t n, double *const *stat),                    \
                  (t, span, n, stat))                                                                                             \
    const kl__tree_kind kl__tree_##name = {1, stats, stats, tree_##name##_step, KL__SIMD_TABLE(tree_##name##_tile)};

TREE_EXTREME_KIND(min, 1, tree_extreme_tile, 0, 0)
TREE_EXTREME_KIND(max, 1, tree_extreme_tile, 1, 0)
TREE_EXTREME_KIND(argmin, 2, tree_extreme_tile_at, 0, 1)
TREE_EXTREME_KIND(argmax, 2, tree_extreme_tile_at, 1, 1)
