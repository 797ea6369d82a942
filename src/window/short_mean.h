/* Means and sums of windows shorter than 64 in registers: the nodes of tree_mean.c for eight bars, shared by all windows over a series, and
 * the windows made of them. Values are narrow (kl__lanes_narrow): sum * 2^-k is exact, and nothing becomes -0.0. */
#ifndef KL__SHORT_MEAN_H
#define KL__SHORT_MEAN_H
#include "window/short.h"

/* The nodes of the bars before: of level 4 and 5 those of several blocks, the newest first. */
typedef struct {
    kl__lanes s0, s1, s2, s3, s4_0, s4_1, s5_0, s5_1, s5_2, s5_3;
} kl__short_sums;

typedef struct {
    uint32_t w;
    const double *share; /* of each level: kl__tree_f */
} kl__short_window;

/* The next nodes, of levels up to that of `most`. */
KL__LANES_INLINE kl__short_sums kl__short_sums_next(const kl__short_sums *b, kl__lanes x, uint32_t most) {
    kl__short_sums a = *b;
    a.s0 = x;
    if (most >= 2) a.s1 = x + kl__lanes_older(x, b->s0, 1);
    if (most >= 4) a.s2 = a.s1 + kl__lanes_older(a.s1, b->s1, 2);
    if (most >= 8) a.s3 = a.s2 + kl__lanes_older(a.s2, b->s2, 4);
    if (most >= 16) a.s4_1 = b->s4_0, a.s4_0 = a.s3 + b->s3;
    if (most >= 32) a.s5_3 = b->s5_2, a.s5_2 = b->s5_1, a.s5_1 = b->s5_0, a.s5_0 = a.s4_0 + b->s4_1;
    return a;
}

/* by: rows, below 8. */
KL__LANES_INLINE kl__lanes kl__short_shifted(uint32_t by, kl__lanes now, kl__lanes before) {
    const __m512i from = _mm512_sub_epi64(_mm512_set_epi64(15, 14, 13, 12, 11, 10, 9, 8), _mm512_set1_epi64((long long)by));
    return _mm512_permutex2var_pd(before, from, now);
}
KL__LANES_INLINE kl__lanes kl__short_join(const kl__short_window *c, uint32_t k, int mean, kl__lanes window, kl__lanes node) {
    const uint32_t newer = c->w & ((1u << k) - 1);
    if (!mean && !newer) return node;
    if (!mean) return window + node;
    if (!newer) return node * kl__lanes_all(1.0 / (double)(1u << k));
    return window + kl__lanes_fused(node, kl__lanes_all(1.0 / (double)(1u << k)), -window) * kl__lanes_all(c->share[k]);
}

/* a: the nodes of now, b: those before. */
KL__LANES_INLINE kl__lanes kl__short_mean_of(const kl__short_window *c, const kl__short_sums *a, const kl__short_sums *b, int mean) {
    kl__lanes window = a->s0;
    if (c->w & 2) window = kl__short_join(c, 1, mean, window, kl__short_shifted(c->w & 1, a->s1, b->s1));
    if (c->w & 4) window = kl__short_join(c, 2, mean, window, kl__short_shifted(c->w & 3, a->s2, b->s2));
    if (c->w & 8) window = kl__short_join(c, 3, mean, window, kl__short_shifted(c->w & 7, a->s3, b->s3));
    if (c->w & 16) {
        if ((c->w & 8)) window = kl__short_join(c, 4, mean, window, kl__short_shifted(c->w & 7, b->s4_0, b->s4_1));
        else window = kl__short_join(c, 4, mean, window, kl__short_shifted(c->w & 7, a->s4_0, b->s4_0));
    }
    if (c->w & 32) {
        if ((c->w & 24) == 0) window = kl__short_join(c, 5, mean, window, kl__short_shifted(c->w & 7, a->s5_0, b->s5_0));
        else if ((c->w & 24) == 8) window = kl__short_join(c, 5, mean, window, kl__short_shifted(c->w & 7, b->s5_0, b->s5_1));
        else if ((c->w & 24) == 16) window = kl__short_join(c, 5, mean, window, kl__short_shifted(c->w & 7, b->s5_1, b->s5_2));
        else window = kl__short_join(c, 5, mean, window, kl__short_shifted(c->w & 7, b->s5_2, b->s5_3));
    }
    return window;
}

#endif
