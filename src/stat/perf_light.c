/* The figures that a sweep takes of each trial: one pass over equity, a block at a time. */
#include "base/fp.h"
#include "stat/perf.h"
#include "simd/level.h"

/* n returns of n + 1 values. */
KL__INLINE void light_returns_body(const double *restrict equity, size_t n, double *restrict out) {
    for (size_t i = 0; i < n; i++) out[i] = (equity[i + 1] - equity[i]) / equity[i];
}

typedef void light_returns_fn(const double *equity, size_t n, double *out);
KL__SIMD_EACH(light_returns, (const double *equity, size_t n, double *out), (equity, n, out))
static light_returns_fn *const light_returns_by[KL__SIMD_TIERS] = KL__SIMD_TABLE(light_returns);

void kl__perf_light_of(const double *equity, size_t n, kl__perf_light *light) {
    double block[KL__MOMENTS_BLOCK];
    light_returns_fn *returns = light_returns_by[kl__simd_tier()];
    kl__moments_tree tree;
    kl__moments m;
    kl__moments_begin(&tree);
    for (size_t from = 0; from + 1 < n; from += KL__MOMENTS_BLOCK) {
        size_t count = n - 1 - from < KL__MOMENTS_BLOCK ? n - 1 - from : KL__MOMENTS_BLOCK;
        returns(equity + from, count, block);
        kl__moments_add(&tree, block, count, 2);
    }
    kl__moments_end(&tree, &m);
    light->rows = m.n;
    light->total_return = n > 0 ? equity[n - 1] / equity[0] - 1 : (double)NAN;
    light->max_drawdown = kl__worst_drawdown(equity, n);
    light->mean = m.n > 0 ? m.mean : (double)NAN;
    light->deviation = m.n > 1 ? (m.least < m.most ? kl__sqrt(m.m2 / (m.n - 1)) : 0) : (double)NAN;
    light->sharpe = light->deviation > 0 ? light->mean / light->deviation : (double)NAN;
}
