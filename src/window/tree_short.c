/* Sums and means of windows shorter than 32, with AVX-512: eight windows at once, all nodes in registers, each value loaded once
 * and each result stored once. */
#include "base/fp.h"
#include "window/tree_mean.h"

#if defined(KL__SIMD_X86)
typedef struct {
    kl__lanes n0, n1, n2, n3, n4, before4; /* the nodes of the eight bars before; of those before them */
} tree_short_nodes;

typedef struct {
    uint32_t w;
    double scale[5], share[5];
} tree_short_factors;

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
KL__LANES_INLINE void tree_short_rows(const tree_short_factors *c, const double *restrict x, double *restrict out, size_t n, int mean,
                                      uint32_t digits, uint32_t high) {
    const kl__lanes none = kl__lanes_all(0.0);
    tree_short_nodes b = {none, none, none, none, none, none};
    const uint32_t known = c->w > 1 ? 0xffffffffu << (33 - c->w) : 0; /* of the 32 values in front */
    for (size_t v = 32; v > 0; v -= KL__LANES)
        tree_short_next(c, &b, kl__lanes_load_some(x - v, known >> (32 - v) & 255), mean, digits, high);
    size_t j = 0;
    for (; j + KL__LANES <= n; j += KL__LANES)
        kl__lanes_store(out + j, tree_short_next(c, &b, kl__lanes_load(x + j), mean, digits, high));
    if (j == n) return;
    const uint32_t some = (1u << (n - j)) - 1;
    kl__lanes_store_some(out + j, tree_short_next(c, &b, kl__lanes_load_some(x + j, some), mean, digits, high), some);
}

#define TREE_SHORT_DIGITS(digits)                                                    \
    case digits:                                                                     \
        switch (c->w >> 3) {                                                         \
        case 0: tree_short_rows(c, x, out, n, mean, digits, 0); break;               \
        case 1: tree_short_rows(c, x, out, n, mean, digits, 1); break;               \
        case 2: tree_short_rows(c, x, out, n, mean, digits, 2); break;               \
        default: tree_short_rows(c, x, out, n, mean, digits, 3); break;              \
        }                                                                            \
        break;
KL__LANES_INLINE void tree_short_any(const tree_short_factors *c, const double *x, double *out, size_t n, int mean) {
    switch (c->w & 7) {
        TREE_SHORT_DIGITS(0)
        TREE_SHORT_DIGITS(1)
        TREE_SHORT_DIGITS(2)
        TREE_SHORT_DIGITS(3)
        TREE_SHORT_DIGITS(4)
        TREE_SHORT_DIGITS(5)
        TREE_SHORT_DIGITS(6)
        TREE_SHORT_DIGITS(7)
    }
}
KL__TARGET_AVX512 static void tree_short_sums(const tree_short_factors *c, const double *x, double *out, size_t n) {
    tree_short_any(c, x, out, n, 0);
}
KL__TARGET_AVX512 static void tree_short_means(const tree_short_factors *c, const double *x, double *out, size_t n) {
    tree_short_any(c, x, out, n, 1);
}

static void tree_short(const double *x, size_t n, size_t w, double *out, int mean) {
    tree_short_factors c = {.w = (uint32_t)w};
    for (uint32_t k = 0; k < 5; k++) {
        const double older = (double)(1u << k), newer = (double)(w & ((1u << k) - 1));
        c.scale[k] = tree_mean_scale(k);
        c.share[k] = older / (older + newer);
    }
    (mean ? tree_short_means : tree_short_sums)(&c, x + (w - 1), out, n);
}
#else
static void tree_short(const double *x, size_t n, size_t w, double *out, int mean) {
    (void)x, (void)n, (void)w, (void)out, (void)mean; /* never: KL__TREE_SHORT_W */
}
#endif

void kl__tree_short_sum(const double *const *x, size_t n, size_t w, double *const *stat) { tree_short(x[0], n, w, stat[0], 0); }
void kl__tree_short_mean(const double *const *x, size_t n, size_t w, double *const *stat) { tree_short(x[0], n, w, stat[0], 1); }
