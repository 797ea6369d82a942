/* Sums and means of windows shorter than 32. With AVX-512 eight windows at once, all nodes in registers, each value loaded once
 * and each result stored once; else two passes over a tile: the nodes of level 2 and the digits below, then all the rest. */
#include "base/fp.h"
#include "window/tree_mean.h"

typedef struct {
    uint32_t w;
    double scale[5], share[5];
} tree_short_factors;

/* What is joined: the node of level k, which ends `newer` bars before the window. */
KL__INLINE double tree_short_join(const tree_short_factors *c, int mean, size_t newer, uint32_t k, double window, double node) {
    if (!mean) return newer ? window + node : 0.0 + node;
    const double piece = node * c->scale[k];
    return newer ? window + (piece - window) * c->share[k] : piece;
}

KL__INLINE void tree_short_nodes_of(const double *restrict x, double *restrict node, size_t n) {
    for (size_t j = 0; j < n; j++) node[j] = (x[j + 3] + x[j + 2]) + (x[j + 1] + x[j]);
}

/* digits: w mod 4, a constant. */
KL__INLINE void tree_short_first_rows(const tree_short_factors *c, const double *restrict x, const double *restrict x1,
                                      const double *restrict x2, double *restrict out, size_t n, int mean, size_t digits, int last) {
    for (size_t j = 0; j < n; j++) {
        double window = 0.0;
        if (digits & 1) window = tree_short_join(c, mean, 0, 0, window, x[j]);
        if (digits & 2) window = tree_short_join(c, mean, digits & 1, 1, window, digits & 1 ? x1[j] + x2[j] : x[j] + x1[j]);
        out[j] = last && mean ? window + 0.0 : window;
    }
}

/* node: those of level 2 that end with the windows; earlier ones lie in front. four: w / 4, a constant. */
KL__INLINE void tree_short_rest_rows(const tree_short_factors *c, const double *restrict node, double *restrict out, size_t n, int mean,
                                     size_t digits, size_t four) {
    const size_t at3 = digits + 4 * (four & 1), at4 = digits + 4 * (four & 3);
    const double *restrict p2 = node - digits, *restrict p3 = node - at3, *restrict p4 = node - at4;
    const double *restrict q3 = p3 - 4, *restrict q4 = p4 - 4, *restrict r4 = p4 - 8, *restrict s4 = p4 - 12;
    for (size_t j = 0; j < n; j++) {
        double window = digits ? out[j] : 0.0;
        if (four & 1) window = tree_short_join(c, mean, digits, 2, window, p2[j]);
        if (four & 2) window = tree_short_join(c, mean, at3, 3, window, p3[j] + q3[j]);
        if (four & 4) window = tree_short_join(c, mean, at4, 4, window, (p4[j] + q4[j]) + (r4[j] + s4[j]));
        out[j] = mean ? window + 0.0 : window; /* no -0.0 */
    }
}

#define TREE_SHORT_FOUR(digits, four) \
    case four: tree_short_rest_rows(c, node, out, n, mean, digits, four); break;
#define TREE_SHORT_FOURS(digits)                                                                                       \
    switch (c->w >> 2) {                                                                                               \
        TREE_SHORT_FOUR(digits, 1) TREE_SHORT_FOUR(digits, 2) TREE_SHORT_FOUR(digits, 3) TREE_SHORT_FOUR(digits, 4)    \
        TREE_SHORT_FOUR(digits, 5) TREE_SHORT_FOUR(digits, 6) TREE_SHORT_FOUR(digits, 7)                               \
    default: break;                                                                                                    \
    }
#define TREE_SHORT_TILE 512

/* x: the newest value of the first window. */
KL__INLINE void tree_short_tile(const tree_short_factors *c, const double *x, double *out, size_t n, int mean) {
    double nodes[TREE_SHORT_TILE + 32];
    const size_t front = c->w < 4 ? 0 : c->w - 4; /* nodes in front of the first window's newest */
    const double *node = nodes + front;
    if (c->w >= 4) tree_short_nodes_of(x - (c->w - 1), nodes, n + front);
    switch (c->w & 3) {
    case 1: tree_short_first_rows(c, x, x, x, out, n, mean, 1, c->w < 4); break;
    case 2: tree_short_first_rows(c, x, x - 1, x, out, n, mean, 2, c->w < 4); break;
    case 3: tree_short_first_rows(c, x, x - 1, x - 2, out, n, mean, 3, c->w < 4); break;
    default: break;
    }
    switch (c->w & 3) {
    case 0: TREE_SHORT_FOURS(0) break;
    case 1: TREE_SHORT_FOURS(1) break;
    case 2: TREE_SHORT_FOURS(2) break;
    default: TREE_SHORT_FOURS(3) break;
    }
}

KL__INLINE void tree_short_sum_body(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    *clean = 0; /* not seen */
    for (size_t part; n > 0; x += part, out += part, n -= part) {
        part = n < TREE_SHORT_TILE ? n : TREE_SHORT_TILE;
        tree_short_tile(c, x, out, part, 0);
    }
}
KL__INLINE void tree_short_mean_body(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    *clean = 0; /* not seen */
    for (size_t part; n > 0; x += part, out += part, n -= part) {
        part = n < TREE_SHORT_TILE ? n : TREE_SHORT_TILE;
        tree_short_tile(c, x, out, part, 1);
    }
}

#if defined(KL__SIMD_X86)
static void tree_short_sum_baseline(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    tree_short_sum_body(c, x, out, n, clean);
}
static void tree_short_mean_baseline(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    tree_short_mean_body(c, x, out, n, clean);
}
KL__TARGET_AVX2 static void tree_short_sum_avx2(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    tree_short_sum_body(c, x, out, n, clean);
}
KL__TARGET_AVX2 static void tree_short_mean_avx2(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    tree_short_mean_body(c, x, out, n, clean);
}

typedef struct {
    kl__lanes n0, n1, n2, n3, n4, before4; /* the nodes of the eight bars before; of those before them */
} tree_short_nodes;

/* The piece that is the node n of level k. digits, high: w mod 8 and w / 8, constants. */
KL__LANES_INLINE kl__lanes tree_short_take(const tree_short_factors *c, int mean, uint32_t newer, uint32_t k, kl__lanes window, kl__lanes n) {
    if (!mean && newer) return window + n;
    if (!mean) return kl__lanes_all(0.0) + n;
    kl__lanes piece = n * kl__lanes_all(c->scale[k]);
    if (newer) piece = window + (piece - window) * kl__lanes_all(c->share[k]);
    return piece;
}

KL__LANES_INLINE kl__lanes tree_short_next(const tree_short_factors *c, tree_short_nodes *b, kl__lanes n0, int mean, uint32_t digits,
                                           uint32_t high) {
    const kl__lanes n1 = n0 + kl__lanes_older(n0, b->n0, 1), n2 = n1 + kl__lanes_older(n1, b->n1, 2),
                    n3 = n2 + kl__lanes_older(n2, b->n2, 4), n4 = n3 + b->n3;
    kl__lanes window = n0;
    if (digits & 1) window = tree_short_take(c, mean, 0, 0, window, n0);
    if (digits & 2) window = tree_short_take(c, mean, digits & 1, 1, window, kl__lanes_older(n1, b->n1, digits & 1));
    if (digits & 4) window = tree_short_take(c, mean, digits & 3, 2, window, kl__lanes_older(n2, b->n2, digits & 3));
    if (high & 1) window = tree_short_take(c, mean, digits, 3, window, kl__lanes_older(n3, b->n3, digits));
    if (high == 2) window = tree_short_take(c, mean, digits, 4, window, kl__lanes_older(n4, b->n4, digits));
    if (high == 3) window = tree_short_take(c, mean, 8 + digits, 4, window, kl__lanes_older(b->n4, b->before4, digits));
    b->before4 = b->n4;
    b->n0 = n0, b->n1 = n1, b->n2 = n2, b->n3 = n3, b->n4 = n4;
    if (mean) window = window + kl__lanes_all(0.0); /* no -0.0 */
    return window;
}

/* x: the newest value of the first window; w - 1 values lie in front of it. */
KL__LANES_INLINE int tree_short_rows(const tree_short_factors *c, const double *restrict x, double *restrict out, size_t n, int mean,
                                     uint32_t digits, uint32_t high) {
    const kl__lanes none = kl__lanes_all(0.0);
    tree_short_nodes b = {none, none, none, none, none, none};
    const uint32_t known = c->w > 1 ? 0xffffffffu << (33 - c->w) : 0; /* of the 32 values in front */
    for (size_t v = 32; v > 0; v -= KL__LANES)
        tree_short_next(c, &b, kl__lanes_load_some(x - v, known >> (32 - v) & 255), mean, digits, high);
    kl__lanes_watch watch = kl__lanes_watch_none();
    size_t j = 0;
    for (; j + KL__LANES <= n; j += KL__LANES) {
        const kl__lanes now = kl__lanes_load(x + j);
        kl__lanes_ahead(x + j);
        kl__lanes_see(&watch, now);
        kl__lanes_store(out + j, tree_short_next(c, &b, now, mean, digits, high));
    }
    if (j < n) {
        const uint32_t some = (1u << (n - j)) - 1;
        const kl__lanes now = kl__lanes_load_some(x + j, some);
        kl__lanes_see(&watch, now);
        kl__lanes_store_some(out + j, tree_short_next(c, &b, now, mean, digits, high), some);
    }
    return kl__lanes_clean(&watch);
}

#define TREE_SHORT_DIGITS(digits)                                                    \
    case digits:                                                                     \
        switch (c->w >> 3) {                                                         \
        case 0: return tree_short_rows(c, x, out, n, mean, digits, 0);               \
        case 1: return tree_short_rows(c, x, out, n, mean, digits, 1);               \
        case 2: return tree_short_rows(c, x, out, n, mean, digits, 2);               \
        default: return tree_short_rows(c, x, out, n, mean, digits, 3);              \
        }
KL__LANES_INLINE int tree_short_any(const tree_short_factors *c, const double *x, double *out, size_t n, int mean) {
    switch (c->w & 7) {
        TREE_SHORT_DIGITS(0)
        TREE_SHORT_DIGITS(1)
        TREE_SHORT_DIGITS(2)
        TREE_SHORT_DIGITS(3)
        TREE_SHORT_DIGITS(4)
        TREE_SHORT_DIGITS(5)
        TREE_SHORT_DIGITS(6)
    default:
        TREE_SHORT_DIGITS(7)
    }
}
KL__TARGET_AVX512 static void tree_short_sum_avx512(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    *clean = tree_short_any(c, x, out, n, 0);
}
KL__TARGET_AVX512 static void tree_short_mean_avx512(const tree_short_factors *c, const double *x, double *out, size_t n, int *clean) {
    *clean = tree_short_any(c, x, out, n, 1);
}
#else
KL__SIMD_EACH(tree_short_sum, (const tree_short_factors *c, const double *x, double *out, size_t n, int *clean), (c, x, out, n, clean))
KL__SIMD_EACH(tree_short_mean, (const tree_short_factors *c, const double *x, double *out, size_t n, int *clean), (c, x, out, n, clean))
#endif

static int tree_short(const double *x, size_t n, size_t w, double *out, int mean) {
    typedef void run(const tree_short_factors *, const double *, double *, size_t, int *);
    static run *const by_tier[2][KL__SIMD_TIERS] = {KL__SIMD_TABLE(tree_short_sum), KL__SIMD_TABLE(tree_short_mean)};
    tree_short_factors c = {.w = (uint32_t)w};
    int clean;
    for (uint32_t k = 0; k < 5; k++) {
        const double older = (double)(1u << k), newer = (double)(w & ((1u << k) - 1));
        c.scale[k] = tree_mean_scale(k);
        c.share[k] = older / (older + newer);
    }
    by_tier[mean][kl__simd_tier()](&c, x + (w - 1), out, n, &clean);
    return clean;
}

int kl__tree_short_sum(const double *const *x, size_t n, size_t w, double *const *stat) { return tree_short(x[0], n, w, stat[0], 0); }
int kl__tree_short_mean(const double *const *x, size_t n, size_t w, double *const *stat) { return tree_short(x[0], n, w, stat[0], 1); }
