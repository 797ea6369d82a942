/* Least and greatest values, and where they stand. Both are exact, and where several values are equal the newest counts, so
 * steps may cut windows otherwise than tiles and give the same bits: two overlapping nodes cover the window.
 *
 * x86's vector minimum forgets a NaN in its first operand. Nodes hold -inf (for max: +inf) for a missing value, which wins over
 * every other, and at the end NaN for that. */
#include "base/fp.h"
#include "window/tree_mean.h"
#include "base/endian.h"
#include "simd/extremes.h"
#include <math.h>

KL__INLINE double tree_extreme_of(double newer, double older, int greatest) {
    return greatest ? (older > newer ? older : newer) : (older < newer ? older : newer);
}
KL__INLINE double tree_extreme_hide(double x, int greatest) {
    return greatest ? (x < (double)INFINITY ? x : (double)INFINITY) : (x > -(double)INFINITY ? x : -(double)INFINITY);
}
/* a where take, else b; without a branch, which is a coin toss, and compilers make vectors of it. */
KL__INLINE double tree_extreme_pick(int take, double a, double b) {
    uint64_t mask = (uint64_t)0 - (uint64_t)take;
    return kl__bits_double((kl__double_bits(a) & mask) | (kl__double_bits(b) & ~mask));
}
KL__INLINE double tree_extreme_show(double value, double shown, int greatest) {
    int missing = greatest ? value == (double)INFINITY : value == -(double)INFINITY;
    return tree_extreme_pick(missing, kl__bits_double(UINT64_C(0x7ff8000000000000)), shown);
}

/* In rings as in tree.h up to the highest digit; two nodes of that cover the window. NaN is in the rings only before the first
 * value, else it is hidden there too. */
KL__INLINE void tree_extreme_one(kl__tree *t, const double *x, double *stat, uint32_t top, int flags) {
    const int greatest = flags & 1, at = flags >> 1;
    double node = tree_extreme_hide(x[0], greatest), age = 0.0;
    const size_t i = (size_t)t->count, w = t->w, capacity = (size_t)2 << top;
    KL__TREE_UNROLL
    for (uint32_t k = 0; k <= top; k++) {
        const size_t size = (size_t)1 << k, reach = k == top ? w - size : size;
        double *slot = kl__tree_slot_at(t, top, 1, k, i);
        double older = slot[0], older_age = at ? slot[capacity] : 0.0;
        slot[0] = node;
        if (at) slot[capacity] = age;
        if (k == top) {
            if (reach == 0) break;
            slot = kl__tree_slot_at(t, top, 1, k, i - reach);
            older = slot[0], older_age = at ? slot[capacity] : 0.0;
        }
        older = tree_extreme_hide(older, greatest);
        int take = greatest ? older > node : older < node;
        if (at) age = tree_extreme_pick(take, older_age + (double)reach, age);
        node = tree_extreme_of(node, older, greatest);
    }
    stat[0] = tree_extreme_show(node, node, greatest);
    if (at) stat[1] = tree_extreme_show(node, age, greatest);
}

KL__INLINE void tree_extreme_leaf_rows(const double *restrict x, double *restrict value, size_t n, int greatest) {
    KL__TREE_EACH(j, n) value[j] = tree_extreme_hide(x[j], greatest);
}

/* b is hidden once more: what is older than the first value is NaN in the rings. */
KL__INLINE void tree_extreme_up_rows(const double *restrict a, const double *restrict b, double *restrict value, size_t n,
                                     int greatest) {
    KL__TREE_EACH(j, n) value[j] = tree_extreme_of(a[j], tree_extreme_hide(b[j], greatest), greatest);
}

KL__INLINE void tree_extreme_begin_rows(const double *restrict b, double *restrict value, size_t n, int greatest, int last) {
    KL__TREE_EACH(j, n) {
        double v = tree_extreme_hide(b[j], greatest);
        value[j] = last ? tree_extreme_show(v, v, greatest) : v;
    }
}

KL__INLINE void tree_extreme_join_rows(const double *restrict b, double *restrict value, size_t n, int greatest, int last) {
    KL__TREE_EACH(j, n) {
        double v = tree_extreme_of(value[j], tree_extreme_hide(b[j], greatest), greatest);
        value[j] = last ? tree_extreme_show(v, v, greatest) : v;
    }
}

/* The same with ages beside the values; they count from the newest value of a node, `reach` bars after that of an older one. */
KL__INLINE void tree_extreme_zero_rows(double *restrict age, size_t n) { KL__TREE_EACH(j, n) age[j] = 0.0; }

KL__INLINE void tree_extreme_up_at_rows(const double *restrict a, const double *restrict a_age, const double *restrict b,
                                        const double *restrict b_age, double *restrict value, double *restrict age, size_t n,
                                        double reach, int greatest) {
    KL__TREE_EACH(j, n) {
        double older = tree_extreme_hide(b[j], greatest), older_age = b_age[j] + reach, v = a[j], v_age = a_age[j];
        value[j] = tree_extreme_of(v, older, greatest);
        age[j] = tree_extreme_pick(greatest ? older > v : older < v, older_age, v_age);
    }
}

KL__INLINE void tree_extreme_join_at_rows(const double *restrict b, const double *restrict b_age, double *restrict value,
                                          double *restrict age, size_t n, double reach, int greatest) {
    KL__TREE_EACH(j, n) {
        double older = tree_extreme_hide(b[j], greatest), older_age = b_age[j] + reach, v = value[j], v_age = age[j];
        value[j] = tree_extreme_of(v, older, greatest);
        age[j] = tree_extreme_pick(greatest ? older > v : older < v, older_age, v_age);
    }
}

KL__INLINE void tree_extreme_show_at_rows(double *restrict value, double *restrict age, size_t n, int greatest) {
    KL__TREE_EACH(j, n) {
        double v = value[j];
        age[j] = tree_extreme_show(v, age[j], greatest);
        value[j] = tree_extreme_show(v, v, greatest);
    }
}

KL__INLINE void tree_extreme_leaf(const kl__tree_rows *r, int greatest, int at) {
    tree_extreme_leaf_rows(r->x[0], r->out[0], r->n, greatest);
    if (at) tree_extreme_zero_rows(r->out[1], r->n);
}

KL__INLINE void tree_extreme_up(const kl__tree_rows *r, int greatest, int at) {
    if (!at) tree_extreme_up_rows(r->a[0], r->b[0], r->out[0], r->n, greatest);
    else
        tree_extreme_up_at_rows(r->a[0], r->a[1], r->b[0], r->b[1], r->out[0], r->out[1], r->n, (double)((size_t)1 << r->k),
                                greatest);
}

KL__INLINE void tree_extreme_begin(const kl__tree_rows *r, int greatest, int at) {
    tree_extreme_begin_rows(r->b[0], r->out[0], r->n, greatest, !at && r->last);
    if (!at) return;
    kl__tree_copy_rows(r->b[1], r->out[1], r->n);
    if (r->last) tree_extreme_show_at_rows(r->out[0], r->out[1], r->n, greatest);
}

KL__INLINE void tree_extreme_join(const kl__tree_rows *r, int greatest, int at) {
    const double newer = (double)(r->w & (((size_t)1 << r->k) - 1));
    if (at) {
        tree_extreme_join_at_rows(r->b[0], r->b[1], r->out[0], r->out[1], r->n, newer, greatest);
        if (r->last) tree_extreme_show_at_rows(r->out[0], r->out[1], r->n, greatest);
    } else if (r->last) {
        tree_extreme_join_rows(r->b[0], r->out[0], r->n, greatest, 1);
    } else {
        tree_extreme_join_rows(r->b[0], r->out[0], r->n, greatest, 0);
    }
}

static int tree_min_whole(const double *const *x, size_t n, size_t w, double *const *stat) {
    return kl__extremes(x[0], stat[0], n, w, 0);
}
static int tree_max_whole(const double *const *x, size_t n, size_t w, double *const *stat) {
    return kl__extremes(x[0], stat[0], n, w, 1);
}

#define TREE_EXTREME_WHOLE {KL__TREE_WHOLE_W, KL__TREE_WHOLE_W, KL__TREE_WHOLE_W}, {0, 0, KL__EXTREMES_SEES_W}
#define TREE_EXTREME_NODES {0}, {0}
#define TREE_EXTREME_KIND(name, stats, greatest, at, whole, ...)                                                                \
    static void tree_##name##_step(kl__tree *t, const double *x, double *stat) {                                                \
        KL__TREE_BY_TOP(tree_extreme_one, t, x, stat, (greatest) | (at) << 1)                                                   \
    }                                                                                                                           \
    KL__INLINE void tree_##name##_leaf_body(const kl__tree_rows *r) { tree_extreme_leaf(r, greatest, at); }                     \
    KL__INLINE void tree_##name##_up_body(const kl__tree_rows *r) { tree_extreme_up(r, greatest, at); }                         \
    KL__INLINE void tree_##name##_begin_body(const kl__tree_rows *r) { tree_extreme_begin(r, greatest, at); }                   \
    KL__INLINE void tree_##name##_join_body(const kl__tree_rows *r) { tree_extreme_join(r, greatest, at); }                     \
    KL__TREE_LOOPS(tree_##name)                                                                                                 \
    const kl__tree_kind kl__tree_##name = {1, stats, stats, 0, 0, tree_##name##_step, KL__TREE_TABLE(tree_##name),              \
                                           whole, __VA_ARGS__};

TREE_EXTREME_KIND(min, 1, 0, 0, tree_min_whole, TREE_EXTREME_WHOLE)
TREE_EXTREME_KIND(max, 1, 1, 0, tree_max_whole, TREE_EXTREME_WHOLE)
TREE_EXTREME_KIND(argmin, 2, 0, 1, NULL, TREE_EXTREME_NODES)
TREE_EXTREME_KIND(argmax, 2, 1, 1, NULL, TREE_EXTREME_NODES)
