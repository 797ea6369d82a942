/* Windows by doubling: a statistic of the last w values and of nothing else: no running state, no phase, no origin.
 *
 * Node N_k[i] describes the 2^k values that end at bar i: N_0[i] is made of x[i], N_k[i] = merge(N_{k-1}[i],
 * N_{k-1}[i - 2^{k-1}]). The window is cut by the binary digits of w, the lowest digit newest:
 *     acc = the node of the lowest digit;  acc = merge(acc, N_k[i - (w mod 2^k)]) for each higher digit k of w.
 * So no node is wanted later than 2^k bars after its birth, and a stream keeps one ring of 2^k nodes for each level: fewer
 * than 2w nodes in all. What a node holds and how two merge is a kind; the engine is the same for all.
 *
 * Two ways through, the same bits: `step` pushes one value in O(log w); `loops` take a tile of rows level by level, in vector
 * loops over time: low levels from the values in front of the tile, higher ones with the rings for what lies there: O(log w)
 * vector operations a bar at any w. Only the low rings then lag behind, and are built again before the next step.
 * History before the first value is missing (NaN), so that outputs are NaN till w values have come, and a missing value costs
 * exactly the windows that hold it.
 *
 * What a kind owes: `step`, the definition, and loops over r->n rows, each written once as an always-inline body
 *     KL__INLINE void tree_NAME_up_body(const kl__tree_rows *r) { tree_NAME_up_rows(r->a[0], r->b[0], r->out[0], r->n); }
 * around a function whose pointers are restrict parameters (compilers trust no others) with KL__TREE_EACH(j, n) in it, and
 * compiled for each instruction set by KL__TREE_LOOPS(tree_NAME); KL__TREE_TABLE(tree_NAME) initialises `loops`. n is a
 * multiple of KL__TREE_ROWS; `out` overlaps no other array. Field f of a window that is done is statistic f. */
#ifndef KL__WINDOW_TREE_H
#define KL__WINDOW_TREE_H
#include "base/check.h"
#include "simd/level.h"

#define KL__TREE_TILE 512 /* most rows of one tile, a power of two */
#define KL__TREE_ROWS 8   /* rows come in blocks of so many */
#define KL__TREE_WHOLE_W 512 /* most of whole_w */
#define KL__TREE_SERIES_MAX 2
#define KL__TREE_FIELDS_MAX 7
#define KL__TREE_STATS_MAX 6

/* The head of a window; its doubles follow it directly: factors f and g by level, raw values, rings. No pointers. */
typedef struct kl__tree {
    uint64_t count; /* values pushed so far: where the rings stand; results do not depend on it */
    uint32_t w;     /* length of the window */
    uint32_t top;   /* highest binary digit of w */
    uint32_t stale; /* rings that lag behind the raw values: KL__TREE_STALE_x */
    uint32_t series, fields;
    uint32_t spare; /* optional fields that nobody will ever ask for, as bits: a step may leave them alone */
} kl__tree;

/* all rings; those of the first levels; those of the first optional field, shifted by f those of field f */
enum { KL__TREE_STALE_ALL = 1, KL__TREE_STALE_LOW = 2, KL__TREE_STALE_OPTIONAL = 4 };

/* Rows of a tile as the loops of a kind see them. */
typedef struct kl__tree_rows {
    size_t n;
    uint32_t k;                               /* the level */
    uint32_t w;                               /* length of the whole window */
    uint32_t last;                            /* 1 where no piece of the window follows */
    double f, g;                              /* of level k, for join */
    const double *fs, *gs;                    /* by level */
    const double *x[KL__TREE_SERIES_MAX];     /* the values of the rows: the newest of each a and of each window */
    const double *x_old[KL__TREE_SERIES_MAX]; /* the newest values of b; only for an anchored kind */
    const double *a[KL__TREE_FIELDS_MAX];
    const double *b[KL__TREE_FIELDS_MAX];
    double *out[KL__TREE_FIELDS_MAX];
    const double *x_far[KL__TREE_SERIES_MAX];  /* close: the newest values of b */
    const double *first[KL__TREE_FIELDS_MAX];  /* close: what the window begins with; NULL: it has begun */
    double *window[KL__TREE_FIELDS_MAX];       /* low: windows, from row `skip` on */
    size_t skip;
} kl__tree_rows;

typedef void kl__tree_loop(const kl__tree_rows *r);

typedef struct kl__tree_loops {
    kl__tree_loop *leaf;  /* out = N_0 of x */
    kl__tree_loop *up;    /* out = N_{k+1} = merge(a newer, b older), both of level k */
    kl__tree_loop *begin; /* out = the window that consists of b, of level k */
    kl__tree_loop *join;  /* out = merge(out, b): the window so far and its next piece, of level k */
    /* Not owed; several of the above in one pass, the same bits. */
    kl__tree_loop *low;   /* out = N_3 from x, of which 8 rows more lie in front; window = that of the digits of w below 8, if any */
    kl__tree_loop *close; /* out = merge(begin(first) or out, merge(a, b)): the last piece, of level k, made of two halves; x_old
                             belongs to the piece and to a, x_far to b; first is of level k - 1 and belongs to x */
} kl__tree_loops;

typedef struct kl__tree_kind {
    uint32_t series;   /* values that come with each bar */
    uint32_t fields;   /* doubles of a node, and of a window under way */
    uint32_t stats;    /* doubles that describe a window, <= fields */
    uint32_t anchored; /* 1: merging asks for x and x_old */
    uint32_t optional; /* of these first fields, those whose statistic is not wanted have NULL pointers everywhere */
    /* takes the values x of bar t->count (already among the raw ones), moves the rings, describes the window that ends there */
    void (*step)(kl__tree *t, const double *x, double *stat);
    kl__tree_loops loops[KL__SIMD_TIERS];
    /* For windows up to whole_w (by tier; 0: none) a way that leaves no nodes: n windows at once, x[s] has w - 1 + n values.
     * Up to sees_w it looks at the n newest of them, at least: 1 where all of them are known and none is -0.0. */
    int (*whole)(const double *const *x, size_t n, size_t w, double *const *stat);
    uint32_t whole_w[KL__SIMD_TIERS], sees_w[KL__SIMD_TIERS];
} kl__tree_kind;

/* Compilers see that no rows are left over, and make vectors of it at -O2 too. */
#define KL__TREE_EACH(j, n) for (size_t j = 0, kl__end = (n) & ~(size_t)(KL__TREE_ROWS - 1); j < kl__end; j++)

#define KL__TREE_LOOP(name) KL__SIMD_EACH(name, (const kl__tree_rows *r), (r))
#define KL__TREE_LOOPS(name) \
    KL__TREE_LOOP(name##_leaf) KL__TREE_LOOP(name##_up) KL__TREE_LOOP(name##_begin) KL__TREE_LOOP(name##_join)
#define KL__TREE_TIER(name, tier) name##_leaf_##tier, name##_up_##tier, name##_begin_##tier, name##_join_##tier
#if defined(KL__SIMD_X86)
#define KL__TREE_TABLE(name) \
    {{KL__TREE_TIER(name, baseline), NULL, NULL}, {KL__TREE_TIER(name, avx2), NULL, NULL}, {KL__TREE_TIER(name, avx512), NULL, NULL}}
/* with `close`, and with `low` for AVX-512 */
#define KL__TREE_TABLE_FAST(name)                                      \
    {{KL__TREE_TIER(name, baseline), NULL, name##_close_baseline},     \
     {KL__TREE_TIER(name, avx2), NULL, name##_close_avx2},             \
     {KL__TREE_TIER(name, avx512), name##_low_avx512, name##_close_avx512}}
#else
#define KL__TREE_TABLE(name)                              \
    {{KL__TREE_TIER(name, baseline), NULL, NULL},         \
     {KL__TREE_TIER(name, baseline), NULL, NULL},         \
     {KL__TREE_TIER(name, baseline), NULL, NULL}}
#define KL__TREE_TABLE_FAST(name)                                      \
    {{KL__TREE_TIER(name, baseline), NULL, name##_close_baseline},     \
     {KL__TREE_TIER(name, baseline), NULL, name##_close_baseline},     \
     {KL__TREE_TIER(name, baseline), NULL, name##_close_baseline}}
#endif

extern const kl__tree_kind kl__tree_sum;     /* x -> sum; of integers below 2^53 exact */
extern const kl__tree_kind kl__tree_mean;    /* x -> mean */
extern const kl__tree_kind kl__tree_linear;  /* x -> mean, sum of ((n-1)/2 - age) * x */
extern const kl__tree_kind kl__tree_moments; /* x -> mean (the bits of kl__tree_mean), sum of squared deviations, mean - newest */
extern const kl__tree_kind kl__tree_slope;   /* x -> mean, M2 (the bits of kl__tree_moments), sum of ((n-1)/2 - age) * (x - mean) */
extern const kl__tree_kind kl__tree_vwap;    /* price, volume -> volume-weighted mean price */
extern const kl__tree_kind kl__tree_min, kl__tree_max;       /* x -> value */
extern const kl__tree_kind kl__tree_argmin, kl__tree_argmax; /* x -> value, its age: 0 is the newest; of equal values the newest */
extern const kl__tree_kind kl__tree_shape; /* x -> mean, M2 (the bits of kl__tree_moments), sums of (x - mean)^3 and ^4 */
extern const kl__tree_kind kl__tree_pair;  /* x, y -> mean x, mean y, M2 x, M2 y (the same bits), sum of (x - mean x)(y - mean y) */

/* Bytes of a window of 1 <= w <= 2^20 values, a multiple of 8. */
size_t kl__tree_size(const kl__tree_kind *kind, size_t w);
void kl__tree_init(kl__tree *t, const kl__tree_kind *kind, size_t w); /* spare: 0 */
/* n values of each series in, the statistics of n windows out; in and stat must not overlap. A statistic of moments, slope,
 * shape and pair that is not wanted may be NULL. Runs of a multiple of KL__TREE_ROWS rows are the fastest. */
void kl__tree_run(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat);
/* The same where `whole` sees that the values are clean; 0: they are not, or it cannot see, and nothing is done but that stat is
 * written to. */
int kl__tree_try(kl__tree *t, const kl__tree_kind *kind, const double *const *in, size_t n, double *const *stat);
/* A way of its own through n windows: x[s] has w - 1 + n values, out is what comes of the windows, how whatever it needs to know.
 * 1: all values and all of out are ordinary; 0: out may be written to. */
typedef int kl__tree_way(const void *how, const double *const *x, size_t n, size_t w, double *const *out);
/* Goes it, over the values of t and then `in`; out: `outs` columns, which overlap no input. 0: nothing else is done. w up to
 * KL__TREE_WHOLE_W. */
int kl__tree_go(kl__tree *t, kl__tree_way *way, const void *how, const double *const *in, size_t n, double *const *out, size_t outs);
/* 1 where n rows are so many that a way that leaves the rings behind is faster. */
int kl__tree_pays(const kl__tree *t, size_t n);
/* What such a way is made of: the last n values of series s in order of time, n <= 2^(top + 1); taking n values, which leaves the
 * rings behind. */
void kl__tree_past(const kl__tree *t, size_t s, size_t n, double *to);
void kl__tree_went(kl__tree *t, const double *const *in, size_t n);
/* Builds the rings again where they are stale: before streaming on. */
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

/* A step is written once as an always-inline function one(t, x, stat, top, flag) that finds its places by the functions below,
 * with KL__TREE_UNROLL in front of the loop over the levels, and called by KL__TREE_BY_TOP(one, t, x, stat, flag): for windows of
 * 8 to 1023 values `top` is a constant then, levels and addresses are written out. */
#if defined(__GNUC__)
#define KL__TREE_UNROLL _Pragma("GCC unroll 16")
#else
#define KL__TREE_UNROLL
#endif
#define KL__TREE_TOP(one, t, x, stat, top, flag) \
    case top: one(t, x, stat, top, flag); break;
#define KL__TREE_BY_TOP(one, t, x, stat, flag)                                                     \
    switch ((t)->top) {                                                                            \
        KL__TREE_TOP(one, t, x, stat, 3, flag) KL__TREE_TOP(one, t, x, stat, 4, flag)              \
        KL__TREE_TOP(one, t, x, stat, 5, flag) KL__TREE_TOP(one, t, x, stat, 6, flag)              \
        KL__TREE_TOP(one, t, x, stat, 7, flag) KL__TREE_TOP(one, t, x, stat, 8, flag)              \
        KL__TREE_TOP(one, t, x, stat, 9, flag)                                                     \
    default: one(t, x, stat, (t)->top, flag); break;                                               \
    }
/* kl__tree_g, kl__tree_raw, kl__tree_slot of a tree with that `top`; array: a series, or series + field. */
KL__INLINE double *kl__tree_g_at(kl__tree *t, uint32_t top) { return kl__tree_f(t) + (top + 1); }
KL__INLINE double *kl__tree_raw_at(kl__tree *t, uint32_t top, size_t array) {
    return kl__tree_f(t) + 2 * ((size_t)top + 1) + (array << (top + 1));
}
KL__INLINE double *kl__tree_slot_at(kl__tree *t, uint32_t top, size_t array, uint32_t k, size_t i) {
    const size_t size = (size_t)1 << k;
    return kl__tree_raw_at(t, top, array) + size + (i & (size - 1));
}

#endif
