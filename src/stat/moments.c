/* Moments of values: within a block about the block's own mean, and blocks met in pairs. */
#include "base/fp.h"
#include "stat/moments.h"
#include "base/roots.h"
#include "kline/stat.h"
#include "simd/level.h"
#include "stat/known.h"

#define MOMENTS_LANES 64

/* The lanes folded in halves. */
KL__INLINE double moments_lanes_sum(double *s) {
    for (size_t half = MOMENTS_LANES / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++) s[j] += s[j + half];
    return s[0];
}

/* A value more to each of the lanes; an unknown one shows in the sum. */
KL__INLINE void moments_add(const double *restrict x, double *restrict sum, double *restrict least, double *restrict most) {
    for (size_t j = 0; j < MOMENTS_LANES; j++) {
        double v = x[j];
        sum[j] += v;
        least[j] = v < least[j] ? v : least[j];
        most[j] = v > most[j] ? v : most[j];
    }
}

KL__INLINE void moments_square(const double *restrict x, double mean, double *restrict m2) {
    for (size_t j = 0; j < MOMENTS_LANES; j++) m2[j] += (x[j] - mean) * (x[j] - mean);
}

KL__INLINE void moments_fourth(const double *restrict x, double mean, double *restrict m2, double *restrict m3, double *restrict m4) {
    for (size_t j = 0; j < MOMENTS_LANES; j++) {
        double d = x[j] - mean, square = d * d;
        m2[j] += square;
        m3[j] += square * d;
        m4[j] += square * square;
    }
}

/* Between `from` and `n`, value by value, the unknown ones left out; returns how many are known. */
static double moments_sum_some(const double *x, size_t from, size_t n, double *sum, double *least, double *most) {
    double known = 0;
    for (size_t i = from; i < n; i++) {
        size_t j = i % MOMENTS_LANES;
        if (!kl__known(x[i])) continue;
        sum[j] += x[i];
        least[j] = x[i] < least[j] ? x[i] : least[j];
        most[j] = x[i] > most[j] ? x[i] : most[j];
        known += 1;
    }
    return known;
}

static void moments_power_some(const double *x, size_t from, size_t n, double mean, double *m2, double *m3, double *m4) {
    for (size_t i = from; i < n; i++) {
        size_t j = i % MOMENTS_LANES;
        double d = kl__known(x[i]) ? x[i] - mean : 0, square = d * d;
        m2[j] += square;
        m3[j] += square * d;
        m4[j] += square * square;
    }
}

typedef struct moments_lanes {
    double sum[MOMENTS_LANES], least[MOMENTS_LANES], most[MOMENTS_LANES];
} moments_lanes;

KL__INLINE void moments_lanes_clear(moments_lanes *lanes) {
    for (size_t j = 0; j < MOMENTS_LANES; j++) {
        lanes->sum[j] = 0;
        lanes->least[j] = (double)INFINITY;
        lanes->most[j] = -(double)INFINITY;
    }
}

KL__INLINE double moments_lanes_fold(moments_lanes *lanes, kl__moments *sum) {
    for (size_t j = 1; j < MOMENTS_LANES; j++) {
        lanes->least[0] = lanes->least[j] < lanes->least[0] ? lanes->least[j] : lanes->least[0];
        lanes->most[0] = lanes->most[j] > lanes->most[0] ? lanes->most[j] : lanes->most[0];
    }
    sum->least = lanes->least[0], sum->most = lanes->most[0];
    return moments_lanes_sum(lanes->sum);
}

/* At most KL__MOMENTS_BLOCK rows. Blocks where all are known, and those where some are not, add up in the same order. */
KL__INLINE void moments_block_body(const double *x, size_t n, int order, kl__moments *sum) {
    double m2[MOMENTS_LANES] = {0}, m3[MOMENTS_LANES] = {0}, m4[MOMENTS_LANES] = {0};
    moments_lanes lanes;
    size_t whole = n - n % MOMENTS_LANES;
    moments_lanes_clear(&lanes);
    for (size_t i = 0; i < whole; i += MOMENTS_LANES) moments_add(x + i, lanes.sum, lanes.least, lanes.most);
    sum->n = (double)whole + moments_sum_some(x, whole, n, lanes.sum, lanes.least, lanes.most);
    double total = moments_lanes_fold(&lanes, sum);
    if (!(fabs(total) <= DBL_MAX)) {
        moments_lanes_clear(&lanes);
        sum->n = moments_sum_some(x, 0, n, lanes.sum, lanes.least, lanes.most);
        total = moments_lanes_fold(&lanes, sum);
        whole = 0;
    }
    sum->mean = sum->n > 0 ? total / sum->n : 0;
    if (order > 2) {
        for (size_t i = 0; i < whole; i += MOMENTS_LANES) moments_fourth(x + i, sum->mean, m2, m3, m4);
    } else {
        for (size_t i = 0; i < whole; i += MOMENTS_LANES) moments_square(x + i, sum->mean, m2);
    }
    moments_power_some(x, whole, n, sum->mean, m2, m3, m4);
    sum->m2 = moments_lanes_sum(m2);
    sum->m3 = order > 2 ? moments_lanes_sum(m3) : 0;
    sum->m4 = order > 2 ? moments_lanes_sum(m4) : 0;
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

KL__INLINE void moments_products_body(const double *a, const double *b, size_t n, double *out) {
    double lanes[MOMENTS_LANES] = {0};
    size_t whole = n - n % MOMENTS_LANES;
    for (size_t i = 0; i < whole; i += MOMENTS_LANES)
        for (size_t j = 0; j < MOMENTS_LANES; j++) lanes[j] += a[i + j] * b[i + j];
    for (size_t i = whole; i < n; i++) lanes[i - whole] += a[i] * b[i];
    *out = moments_lanes_sum(lanes);
}

typedef void moments_products_fn(const double *a, const double *b, size_t n, double *out);
KL__SIMD_EACH(moments_products, (const double *a, const double *b, size_t n, double *out), (a, b, n, out))
static moments_products_fn *const moments_products_by[KL__SIMD_TIERS] = KL__SIMD_TABLE(moments_products);

double kl__moments_products(const double *a, const double *b, size_t n) {
    double sum;
    moments_products_by[kl__simd_tier()](a, b, n, &sum);
    return sum;
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
