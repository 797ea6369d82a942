#include "indicator/range.h"
#include "simd/level.h"
#include "base/endian.h"
#include <math.h>

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
                                double *restrict range, uint64_t *seen) {
    for (size_t j = 0; j < n; j++) {
        *seen |= KL__SEEN_LARGE(kl__double_bits(high[j])) | KL__SEEN_LARGE(kl__double_bits(low[j])) | KL__SEEN_LARGE(kl__double_bits(close[j]));
        double top = high[j] > close[j] ? high[j] : close[j];
        double bottom = low[j] < close[j] ? low[j] : close[j];
        range[j] = top - bottom;
    }
}
KL__SIMD_EACH(range_true, (const double *restrict high, const double *restrict low, const double *restrict close, size_t n,
                           double *restrict range, uint64_t *seen), (high, low, close, n, range, seen))
static void (*const range_all[])(const double *restrict, const double *restrict, const double *restrict, size_t, double *restrict, uint64_t *) =
    KL__SIMD_TABLE(range_true);

/* Of n rows; returns 1 where a value is missing or large. */
static int range_of_rows(const kl__average_range *r, const double *const *in, size_t n, double *range) {
    uint64_t seen = KL__SEEN_LARGE(kl__double_bits(in[2][n - 1]));
    range_true_baseline(in[0], in[1], &r->close, 1, range, &seen);
    range_all[kl__simd_tier()](in[0] + 1, in[1] + 1, in[2], n - 1, range + 1, &seen);
    return (int)(seen >> 63);
}

void kl__average_range_run(kl__average_range *r, const double *const *in, size_t n, double *range) {
    double tr[KL__CHUNK], *to[1];
    const double *from[1];
    size_t first = r->seen ? 0 : 1;
    range_of_rows(r, in, n, tr);
    if (first) range[0] = kl__nan();
    from[0] = tr + first, to[0] = range + first;
    if (r->kind == KL__RANGE_SMA) kl__tree_run(range_tree(r), &kl__tree_mean, from, n - first, to);
    else kl__average_run(&r->average, tr + first, n - first, range + first);
    r->close = in[2][n - 1], r->seen = 1;
}

int kl__average_range_try(kl__average_range *r, const double *const *in, size_t n, double *range) {
    kl__average *m = &r->average;
    double tr[KL__DECAY_BLOCK];
    const kl__carry before = m->decay.carry;
    if (!r->seen || r->kind == KL__RANGE_SMA || m->seed.have < m->seed.n || m->decay.pole.b == 0.0) return KL__ATTEMPT_FAILED;
    const size_t head = kl__decay_head(&m->decay) < n ? kl__decay_head(&m->decay) : n;
    int large = range_of_rows(r, in, head, tr);
    kl__decay_run(&m->decay, tr, head, range, 0);
    if (head < n)
        large |= kl__decay_rows_range(&m->decay.pole, &m->decay.carry, (const double *const[]){in[0] + head, in[1] + head, in[2] + head}, n - head,
                                      range + head);
    if (large || !kl__decay_ordinary(&m->decay)) {
        m->decay.carry = before;
        return KL__ATTEMPT_FAILED;
    }
    r->close = in[2][n - 1] + 0.0;
    return KL__ATTEMPT_MADE;
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
