/* Moments of values: within a block about the block's own mean, and blocks met in pairs. */
#include "base/fp.h"
#include "stat/moments.h"
#include "base/roots.h"
#include "kline/stat.h"
#include "simd/level.h"
#include "stat/known.h"

#define MOMENTS_LANES 8

KL__INLINE double moments_lanes_sum(const double *s) { return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])); }

/* Eight values more to each of the lanes; unknown ones add 0. */
KL__INLINE void moments_count(const double *x, double *sum, double *count, double *least, double *most) {
    for (size_t j = 0; j < MOMENTS_LANES; j++) {
        double v = x[j];
        int known = fabs(v) <= DBL_MAX;
        sum[j] += known ? v : 0.0;
        count[j] += known ? 1.0 : 0.0;
        least[j] = known && v < least[j] ? v : least[j];
        most[j] = known && v > most[j] ? v : most[j];
    }
}

KL__INLINE void moments_power(const double *x, double mean, int order, double *m2, double *m3, double *m4) {
    for (size_t j = 0; j < MOMENTS_LANES; j++) {
        double d = fabs(x[j]) <= DBL_MAX ? x[j] - mean : 0.0, square = d * d;
        m2[j] += square;
        if (order > 2) {
            m3[j] += square * d;
            m4[j] += square * square;
        }
    }
}

/* At most KL__MOMENTS_BLOCK rows. */
KL__INLINE void moments_block_body(const double *x, size_t n, int order, kl__moments *sum) {
    double rest[MOMENTS_LANES], s[MOMENTS_LANES] = {0}, c[MOMENTS_LANES] = {0}, least[MOMENTS_LANES], most[MOMENTS_LANES];
    double m2[MOMENTS_LANES] = {0}, m3[MOMENTS_LANES] = {0}, m4[MOMENTS_LANES] = {0};
    size_t whole = n - n % MOMENTS_LANES;
    for (size_t j = 0; j < MOMENTS_LANES; j++) {
        least[j] = (double)INFINITY, most[j] = -(double)INFINITY;
        rest[j] = whole + j < n ? x[whole + j] : (double)NAN;
    }
    for (size_t i = 0; i < whole; i += MOMENTS_LANES) moments_count(x + i, s, c, least, most);
    moments_count(rest, s, c, least, most);
    sum->n = moments_lanes_sum(c);
    sum->mean = sum->n > 0 ? moments_lanes_sum(s) / sum->n : 0;
    if (order > 2) {
        for (size_t i = 0; i < whole; i += MOMENTS_LANES) moments_power(x + i, sum->mean, 4, m2, m3, m4);
        moments_power(rest, sum->mean, 4, m2, m3, m4);
    } else {
        for (size_t i = 0; i < whole; i += MOMENTS_LANES) moments_power(x + i, sum->mean, 2, m2, m3, m4);
        moments_power(rest, sum->mean, 2, m2, m3, m4);
    }
    for (size_t j = 1; j < MOMENTS_LANES; j++) {
        least[0] = least[j] < least[0] ? least[j] : least[0];
        most[0] = most[j] > most[0] ? most[j] : most[0];
    }
    sum->least = least[0], sum->most = most[0];
    sum->m2 = moments_lanes_sum(m2), sum->m3 = moments_lanes_sum(m3), sum->m4 = moments_lanes_sum(m4);
}

typedef void moments_block_fn(const double *x, size_t n, int order, kl__moments *sum);
KL__SIMD_EACH(moments_block, (const double *x, size_t n, int order, kl__moments *sum), (x, n, order, sum))
static moments_block_fn *const moments_blocks[KL__SIMD_TIERS] = KL__SIMD_TABLE(moments_block);

/* a and what comes after it. */
static void moments_meet(kl__moments *a, const kl__moments *b) {
    if (b->n == 0) return;
    if (a->n == 0) {
        *a = *b;
        return;
    }
    double n = a->n + b->n, d = b->mean - a->mean, pa = a->n / n, pb = b->n / n, square = d * d, both = a->n * pb;
    a->m4 = (a->m4 + b->m4) + (square * square) * (both * (pa * pa - pa * pb + pb * pb)) +
            6 * square * (pa * pa * b->m2 + pb * pb * a->m2) + 4 * d * (pa * b->m3 - pb * a->m3);
    a->m3 = (a->m3 + b->m3) + (square * d) * (both * (pa - pb)) + 3 * d * (pa * b->m2 - pb * a->m2);
    a->m2 = (a->m2 + b->m2) + square * both;
    a->mean += d * pb;
    a->n = n;
    a->least = b->least < a->least ? b->least : a->least;
    a->most = b->most > a->most ? b->most : a->most;
}

void kl__moments_begin(kl__moments_tree *tree) { tree->used = tree->blocks = 0; }

void kl__moments_add(kl__moments_tree *tree, const double *value, size_t n, int order) {
    moments_blocks[kl__simd_tier()](value, n, order, &tree->stack[tree->used++]);
    for (size_t bit = ++tree->blocks; bit % 2 == 0; bit /= 2, tree->used--)
        moments_meet(&tree->stack[tree->used - 2], &tree->stack[tree->used - 1]);
}

void kl__moments_end(kl__moments_tree *tree, kl__moments *sum) {
    if (tree->used == 0) kl__moments_add(tree, NULL, 0, 2);
    for (; tree->used > 1; tree->used--) moments_meet(&tree->stack[tree->used - 2], &tree->stack[tree->used - 1]);
    *sum = tree->stack[0];
}

void kl__moments_sum(const double *value, size_t n, int order, kl__moments *sum) {
    kl__moments_tree tree;
    kl__moments_begin(&tree);
    for (size_t from = 0; from < n; from += KL__MOMENTS_BLOCK)
        kl__moments_add(&tree, value + from, n - from < KL__MOMENTS_BLOCK ? n - from : KL__MOMENTS_BLOCK, order);
    kl__moments_end(&tree, sum);
}

kl_status kl_moments_of(const double *value, size_t n, kl_moments *moments) {
    kl__moments s;
    if (!moments || (!value && n > 0)) return KL_E_ARG;
    kl__moments_sum(value, n, 4, &s);
    const double unknown = (double)NAN;
    moments->n = (uint64_t)s.n;
    moments->mean = s.n > 0 ? kl__output(s.least == s.most ? s.least : s.mean) : unknown;
    moments->variance = s.n > 1 ? kl__output(s.least == s.most ? 0 : s.m2 / (s.n - 1)) : unknown;
    moments->skew = moments->kurtosis = moments->skew_adjusted = moments->excess_adjusted = unknown;
    if (s.n < 2 || s.least == s.most) return KL_OK;
    double spread = s.m2 / s.n, skew = s.m3 / s.n / (spread * kl__sqrt(spread)), kurtosis = s.m4 / s.n / (spread * spread);
    moments->skew = kl__output(skew);
    moments->kurtosis = kl__output(kurtosis);
    if (s.n > 2) moments->skew_adjusted = kl__output(skew * kl__sqrt(s.n * (s.n - 1)) / (s.n - 2));
    if (s.n > 3)
        moments->excess_adjusted = kl__output(((s.n + 1) * (kurtosis - 3) + 6) * (s.n - 1) / ((s.n - 2) * (s.n - 3)));
    return KL_OK;
}
