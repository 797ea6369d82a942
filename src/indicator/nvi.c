#include "indicator/kernel.h"
#include "base/endian.h"
#include "simd/level.h"

typedef struct {
    double index, close, volume; /* of the bar before */
    uint64_t seen;
} nvi_state;

static int64_t nvi_lookback(const double *params) { return (void)params, 0; }
static void nvi_init(void *state, const double *params) { (void)params, *(nvi_state *)state = (nvi_state){1000.0, 0.0, 0.0, 0}; }
/* What the index is multiplied by: 1 where the volume does not count, and where the price before was 0. Masks: nobody could foresee
 * the branches. */
KL__INLINE double nvi_factor(double close, double before, double volume, double volume_before) {
    const double factor = close / before;
    const uint64_t counts = 0 - (uint64_t)((volume < volume_before) & (fabs(factor) < HUGE_VAL));
    return kl__bits_double((kl__double_bits(factor) & counts) | (kl__double_bits(1.0) & ~counts));
}
KL__INLINE void nvi_factors_loop(const double *restrict close, const double *restrict volume, size_t n, double *restrict factor) {
    for (size_t j = 0; j < n; j++) factor[j] = nvi_factor(close[j + 1], close[j], volume[j + 1], volume[j]);
}
KL__INLINE void nvi_factors_body(const double *close, const double *volume, size_t n, double *factor) { nvi_factors_loop(close, volume, n, factor); }
KL__SIMD_EACH(nvi_factors, (const double *close, const double *volume, size_t n, double *factor), (close, volume, n, factor))

static void nvi_run(void *state, const double *const *in, size_t n, double *const *out) {
    static void (*const factors[KL__SIMD_TIERS])(const double *, const double *, size_t, double *) = KL__SIMD_TABLE(nvi_factors);
    nvi_state *s = state;
    const double *close = in[0], *volume = in[1];
    double factor[KL__CHUNK], index = s->index;
    factor[0] = s->seen ? nvi_factor(close[0], s->close, volume[0], s->volume) : 1.0;
    if (n > 1) factors[kl__simd_tier()](close, volume, n - 1, factor + 1);
    for (size_t j = 0; j < n; j++) {
        const double next = index * factor[j];
        if (KL__LIKELY(fabs(next) < HUGE_VAL)) index = next;
        out[0][j] = kl__plain(index);
    }
    s->index = index, s->close = close[n - 1], s->volume = volume[n - 1], s->seen = 1;
}
static void nvi_pack(void *state, kl__snap *p) {
    nvi_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->index, 1);
    kl__snap_f64(p, &s->close, 1);
    kl__snap_f64(p, &s->volume, 1);
}

static const kl_input_info nvi_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_output_info nvi_out[] = {{"nvi", "1000 and the returns of bars of falling volume", KL__FREE, "own", 0, 0, 0}};

KL__KERNEL_PLAIN(nvi, "Negative volume index", "volume", "Paul Dysart, 1936; Norman Fosback, Stock Market Logic, 1976", kl__needed_never)
