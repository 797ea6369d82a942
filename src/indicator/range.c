#include "indicator/range.h"
#include "simd/level.h"

const char *const kl__average_range_kinds[] = {"wilder", "ema", "sma", NULL};

static kl__tree *range_tree(kl__average_range *r) { return (kl__tree *)(void *)((uintptr_t)(r + 1)); }

size_t kl__average_range_size(double n, double kind) {
    return sizeof(kl__average_range) + (kind == KL__RANGE_SMA ? kl__tree_size(&kl__tree_mean, (size_t)n) : 0);
}

void kl__average_range_init(kl__average_range *r, double n, double kind) {
    r->kind = (uint64_t)kind, r->seen = 0, r->close = 0.0;
    kl__average_init(&r->average, kind == KL__RANGE_EMA ? kl__decay_ema(n) : kl__decay_wilder(n), (uint64_t)n);
    if (kind == KL__RANGE_SMA) kl__tree_init(range_tree(r), &kl__tree_mean, (size_t)n);
}

/* The range of the bar together with the close before it: max(high, close) - min(low, close). */
KL__INLINE void range_true_body(const double *restrict high, const double *restrict low, const double *restrict close, size_t n,
                                double *restrict range) {
    for (size_t j = 0; j < n; j++) {
        double top = high[j] > close[j] ? high[j] : close[j];
        double bottom = low[j] < close[j] ? low[j] : close[j];
        range[j] = top - bottom;
    }
}
KL__SIMD_EACH(range_true, (const double *restrict high, const double *restrict low, const double *restrict close, size_t n,
                           double *restrict range), (high, low, close, n, range))
static void (*const range_all[])(const double *restrict, const double *restrict, const double *restrict, size_t, double *restrict) =
    KL__SIMD_TABLE(range_true);

void kl__average_range_run(kl__average_range *r, const double *const *in, size_t n, double *range) {
    double tr[KL__CHUNK], *to[1];
    const double *from[1];
    size_t first = r->seen ? 0 : 1;
    if (!first) range_true_baseline(in[0], in[1], &r->close, 1, tr);
    range_all[kl__simd_tier()](in[0] + 1, in[1] + 1, in[2], n - 1, tr + 1);
    if (first) range[0] = kl__nan();
    from[0] = tr + first, to[0] = range + first;
    if (r->kind == KL__RANGE_SMA) kl__tree_run(range_tree(r), &kl__tree_mean, from, n - first, to);
    else kl__average_run(&r->average, tr + first, n - first, range + first);
    r->close = in[2][n - 1], r->seen = 1;
}

void kl__average_range_settle(kl__average_range *r) {
    if (r->kind == KL__RANGE_SMA) kl__tree_settle(range_tree(r), &kl__tree_mean);
}

void kl__average_range_pack(kl__average_range *r, kl__snap *p) {
    kl__snap_u64(p, &r->seen, 1);
    kl__snap_f64(p, &r->close, 1);
    if (r->kind == KL__RANGE_SMA) kl__snap_tree(p, range_tree(r), &kl__tree_mean);
    else kl__average_pack(&r->average, p);
}
