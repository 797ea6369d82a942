/* Windows by doubling: a statistic of the last w values and of nothing else: no running state, no phase, no origin.
 *
 * Node N_k[i] describes the 2^k values that end at bar i: N_0[i] is made of x[i], N_k[i] = merge(N_{k-1}[i],
 * N_{k-1}[i - 2^{k-1}]). The window is cut by the binary digits of w, the lowest digit newest:
 *     acc = the node of the lowest digit;  acc = merge(acc, N_k[i - (w mod 2^k)]) for each higher digit k of w.
 * So no node is wanted later than 2^k bars after its birth, and a stream keeps one ring of 2^k nodes for each level: fewer
 * than 2w nodes in all. What a node holds and how two merge is a kind; the engine is the same for all.
 *
 * Two ways through, the same bits: `step` pushes one value in O(log w); `tile` does up to KL__TREE_TILE values at once in
 * vector loops over time, on the raw values alone. After tiles the rings lag behind (`stale`) and are built again from the
 * raw values before the next step. History before the first value is missing (NaN), so that outputs are NaN till w values
 * have come, and a missing value costs exactly the windows that hold it. */
#ifndef KL__WINDOW_TREE_H
#define KL__WINDOW_TREE_H
#include "base/check.h"
#include "simd/level.h"

#define KL__TREE_TILE 512     /* most rows of one tile */
#define KL__TREE_TILE_W 512   /* longest window that goes by tiles; longer ones step */
#define KL__TREE_SPAN (KL__TREE_TILE + KL__TREE_TILE_W + 40) /* not a power of two: neighbours would collide in the cache */
#define KL__TREE_SERIES_MAX 2
#define KL__TREE_STATS_MAX 6

/* The head of a window; its doubles follow it directly: factors f and g by level, raw values, rings. No pointers. */
typedef struct kl__tree {
    uint64_t count; /* values pushed so far: where the rings stand; results do not depend on it */
    uint32_t w;     /* length of the window */
    uint32_t top;   /* highest binary digit of w */
    uint32_t stale; /* 1: the rings lag behind the raw values */
    uint32_t series, fields;
    uint32_t reserved;
} kl__tree;

typedef struct kl__tree_kind {
    uint32_t series; /* values that come with each bar */
    uint32_t fields; /* doubles of a node */
    uint32_t stats;  /* doubles that describe a window */
    /* takes the values x of bar t->count (already among the raw ones), moves the rings, describes the window that ends there */
    void (*step)(kl__tree *t, const double *x, double *stat);
    /* describes n windows; span[s] holds w - 1 + n values, oldest first, and may be overwritten */
    void (*tile[KL__SIMD_TIERS])(const kl__tree *t, double *const *span, size_t n, double *const *stat);
} kl__tree_kind;

extern const kl__tree_kind kl__tree_sum;     /* x -> sum; of integers below 2^53 exact */
extern const kl__tree_kind kl__tree_mean;    /* x -> mean */
extern const kl__tree_kind kl__tree_linear;  /* x -> mean, sum of ((n-1)/2 - age) * x */
extern const kl__tree_kind kl__tree_moments; /* x -> mean (the bits of kl__tree_mean), sum of squared deviations, mean - newest */
extern const kl__tree_kind kl__tree_vwap;    /* price, volume -> volume-weighted mean price */
extern const kl__tree_kind kl__tree_min, kl__tree_max;       /* x -> value */
extern const kl__tree_kind kl__tree_argmin, kl__tree_argmax; /* x -> value, its age: 0 is the newest; of equal values the newest */
extern const kl__tree_kind kl__tree_shape; /* x -> mean, M2 (the bits of kl__tree_moments), sums of (x - mean)^3 and ^4 */
extern const kl__tree_kind kl__tree_pair;  /* x, y -> mean x, mean y, M2 x, M2 y (the same bits), sum of (x - mean x)(y - mean y) */

/* Bytes of a window of 1 <= w <= 2^20 values, a multiple of 8. */
size_t kl__tree_size(const kl__tree_kind *kind, size_t w);
void kl__tree_init(kl__tree *t, const kl__tree_kind *kind, size_t w);
/* n values of each series in, the statistics of n windows out; in and stat must not overlap. A statistic of moments, shape and
 * pair that is not wanted may be NULL. */
void kl__tree_run(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat);
/* Builds the rings again where tiles left them behind: before streaming on. */
void kl__tree_settle(kl__tree *t, const kl__tree_kind *kind);
/* A raw value of series s by age rank: j = 0 is the oldest of the window, j = w - 1 the newest. What a snapshot holds. */
double *kl__tree_value(kl__tree *t, size_t s, size_t j);

/* Places of the doubles. */
KL__INLINE double *kl__tree_f(kl__tree *t) { return (double *)(void *)(t + 1); } /* share of the older node: nB / n */
KL__INLINE double *kl__tree_g(kl__tree *t) { return kl__tree_f(t) + t->top + 1; } /* nA * nB / n */
KL__INLINE size_t kl__tree_capacity(const kl__tree *t) { return (size_t)2 << t->top; }
KL__INLINE double *kl__tree_raw(kl__tree *t, size_t s) { return kl__tree_g(t) + t->top + 1 + s * kl__tree_capacity(t); }
/* Field f of the node of level k that bar i left (valid until bar i + 2^k leaves its own). */
KL__INLINE double *kl__tree_slot(kl__tree *t, size_t f, uint32_t k, uint64_t i) {
    size_t size = (size_t)1 << k;
    return kl__tree_raw(t, t->series + f) + size + (size_t)(i & (size - 1));
}

#endif
