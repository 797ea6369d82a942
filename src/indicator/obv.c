#include "base/fp.h"
#include "base/endian.h"
#include "indicator/flow.h"
#include "simd/level.h"
#include <math.h>

typedef struct {
    double previous;
    uint64_t seen; /* 0: no bar yet */
    kl__sums sums;
} obv_state;

static int64_t obv_lookback(const double *params) { return (void)params, 0; }
static size_t obv_size(const double *params) { return (void)params, sizeof(obv_state); }
static void obv_init(void *state, const double *params) {
    (void)params;
    *(obv_state *)state = (obv_state){0.0, 0, {0.0, 0.0, 0.0, 0.0, 0}};
}

/* Constants in the choices: compilers make masks of them, where prices would mispredict branches. */
KL__INLINE void obv_signed_body(const double *close, const double *before, const double *volume, size_t n, double *restrict out, uint64_t *seen) {
    uint64_t all = *seen;
    for (size_t j = 0; j < n; j++) {
        const double up = close[j] > before[j] ? 1.0 : 0.0, down = close[j] < before[j] ? 1.0 : 0.0;
        out[j] = (up - down) * volume[j];
        all |= KL__SEEN_LARGE(kl__double_bits(close[j])) | KL__SEEN_LARGE(kl__double_bits(volume[j]));
    }
    *seen = all;
}
KL__SIMD_EACH(obv_signed, (const double *close, const double *before, const double *volume, size_t n, double *restrict out, uint64_t *seen),
              (close, before, volume, n, out, seen))

/* Volumes with the sign of the change; returns 1 where a value is missing or large. */
static int obv_volumes(const obv_state *s, const double *const *in, size_t n, double *out) {
    static void (*const rows[KL__SIMD_TIERS])(const double *, const double *, const double *, size_t, double *restrict, uint64_t *) =
        KL__SIMD_TABLE(obv_signed);
    uint64_t seen = 0;
    obv_signed_body(in[0], &s->previous, in[1], 1, out, &seen);
    if (!s->seen) out[0] = in[1][0];
    if (n > 1) rows[kl__simd_tier()](in[0] + 1, in[0], in[1] + 1, n - 1, out + 1, &seen);
    return (int)(seen >> 63);
}

static void obv_run(void *state, const double *const *in, size_t n, double *const *out) {
    obv_state *s = state;
    double volumes[KL__CHUNK];
    obv_volumes(s, in, n, volumes);
    if (n == 1) out[0][0] = kl__sums_one(&s->sums, volumes[0]);
    else kl__sums_rows(&s->sums, volumes, n, out[0], &(const kl__ahead){{NULL}, 0});
    s->previous = in[0][n - 1], s->seen = 1;
}
static int obv_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    obv_state *s = state;
    double volumes[KL__CHUNK];
    if (obv_volumes(s, in, n, volumes) || kl__sums_try(&s->sums, volumes, n, out[0], &(const kl__ahead){{in[0] + n, in[1] + n}, 2}) == KL__ATTEMPT_FAILED)
        return KL__ATTEMPT_FAILED;
    s->previous = in[0][n - 1] + 0.0, s->seen = 1;
    return KL__ATTEMPT_MADE;
}

static void obv_pack(void *state, kl__snap *p) {
    obv_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->previous, 1);
    kl__sums_pack(&s->sums, p);
}

static double obv_needed(const double *params, double digits) { return (void)params, (void)digits, HUGE_VAL; }

static const kl_input_info obv_in[] = {{"close", "close"}, {"volume", "volume"}};
static const kl_output_info obv_out[] = {{"obv", "volume of rising bars minus that of falling ones", -HUGE_VAL, HUGE_VAL, "own", 0, 0, 1}};

const kl__indicator kl__ind_obv = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "obv", .title = "On-balance volume", .group = "volume",
            .since = "0.1", .source = "Joseph Granville, New Key to Stock Market Profits, 1963", .cost = "O(1) a bar",
            .stability = KL_EXACT, .n_inputs = KL__COUNT(obv_in), .n_params = 0, .n_outputs = KL__COUNT(obv_out), .inputs = obv_in,
            .params = NULL, .outputs = obv_out},
    .flags = KL__HOLDS, .lookback = obv_lookback, .size = obv_size, .init = obv_init, .run = obv_run, .attempt = obv_attempt, .pack = obv_pack,
    .needed = obv_needed,
};
