#include "base/fp.h"
#include "base/endian.h"
#include "indicator/formula.h"
#include "simd/level.h"

/* The last known bar. */
typedef struct {
    double high, low, close;
    uint64_t seen;
} dmove_state;

static int64_t dmove_lookback(const double *params) { return (void)params, 0; }
static size_t dmove_size(const double *params) { return (void)params, sizeof(dmove_state); }
static void dmove_init(void *state, const double *params) { (void)params, *(dmove_state *)state = (dmove_state){0.0, 0.0, 0.0, 0}; }

#define DMOVE_TILE 64

/* Choices of constants are no branches. */
KL__INLINE void dmove_some(const double *high, const double *low, const double *high1, const double *low1, const double *close1, size_t n,
                           double *restrict plus, double *restrict minus, double *restrict range, uint64_t *seen) {
    uint64_t all = *seen;
    for (size_t j = 0; j < n; j++) {
        double up = high[j] - high1[j], down = low1[j] - low[j];
        double top = high[j] > close1[j] ? high[j] : close1[j], bottom = low[j] < close1[j] ? low[j] : close1[j];
        up = up > 0.0 ? up : 0.0, down = down > 0.0 ? down : 0.0;
        plus[j] = up > down ? up : 0.0;
        minus[j] = down > up ? down : 0.0;
        range[j] = top - bottom;
        all |= KL__SEEN_LARGE(kl__double_bits(high[j])) | KL__SEEN_LARGE(kl__double_bits(low[j])) | KL__SEEN_LARGE(kl__double_bits(close1[j])) |
               kl__double_bits(high[j] - low[j]); /* its sign */
    }
    *seen = all;
}
/* The rows of the next chunk are fetched on the way. */
KL__INLINE void dmove_rows_body(const double *high, const double *low, const double *high1, const double *low1, const double *close1, size_t n,
                                double *plus, double *minus, double *range, uint64_t *seen) {
    size_t j = 0;
    for (; j + DMOVE_TILE <= n; j += DMOVE_TILE) {
        for (size_t k = j; k < j + DMOVE_TILE; k += 8) {
            KL__PREFETCH((const void *)((uintptr_t)(high + k) + KL__CHUNK * sizeof *high));
            KL__PREFETCH((const void *)((uintptr_t)(low + k) + KL__CHUNK * sizeof *low));
            if (close1 != low1) KL__PREFETCH((const void *)((uintptr_t)(close1 + k) + KL__CHUNK * sizeof *close1));
        }
        dmove_some(high + j, low + j, high1 + j, low1 + j, close1 + j, DMOVE_TILE, plus + j, minus + j, range + j, seen);
    }
    dmove_some(high + j, low + j, high1 + j, low1 + j, close1 + j, n - j, plus + j, minus + j, range + j, seen);
}
KL__SIMD_EACH(dmove_rows, (const double *high, const double *low, const double *high1, const double *low1, const double *close1, size_t n,
                           double *plus, double *minus, double *range, uint64_t *seen),
              (high, low, high1, low1, close1, n, plus, minus, range, seen))
static void (*const dmove_all[])(const double *, const double *, const double *, const double *, const double *, size_t, double *, double *, double *,
                                 uint64_t *) = KL__SIMD_TABLE(dmove_rows);

/* Returns 1 where a value is missing or large, or a high below its low. */
static int dmove_moves(const dmove_state *s, const double *const *in, size_t n, double *const *out) {
    uint64_t seen = KL__SEEN_LARGE(kl__double_bits(in[2][n - 1]));
    if (s->seen) dmove_rows_baseline(in[0], in[1], &s->high, &s->low, &s->close, 1, out[0], out[1], out[2], &seen);
    else out[0][0] = out[1][0] = out[2][0] = 0.0;
    dmove_all[kl__simd_tier()](in[0] + 1, in[1] + 1, in[0], in[1], in[2], n - 1, out[0] + 1, out[1] + 1, out[2] + 1, &seen);
    return (int)(seen >> 63);
}

static size_t dmove_broken(const double *high, const double *low, size_t n) {
    size_t broken = 0;
    for (size_t j = 0; j < n; j++) broken += high[j] < low[j];
    return broken;
}
static void dmove_run(void *state, const double *const *in, size_t n, double *const *out) {
    const size_t part = dmove_broken(in[0], in[1], n) ? 1 : n; /* a bar whose high is below its low is none */
    for (size_t j = 0; j < n; j += part) {
        const double *const from[3] = {in[0] + j, in[1] + j, in[2] + j};
        double *const to[3] = {out[0] + j, out[1] + j, out[2] + j};
        if (part == 1 && from[0][0] < from[1][0]) {
            to[0][0] = to[1][0] = to[2][0] = kl__nan();
            continue;
        }
        dmove_moves(state, from, part, to);
        *(dmove_state *)state = (dmove_state){from[0][part - 1], from[1][part - 1], from[2][part - 1], 1};
    }
}
static int dmove_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    dmove_state *s = state;
    if (!s->seen || dmove_moves(s, in, n, out)) return KL__ATTEMPT_FAILED;
    *s = (dmove_state){in[0][n - 1] + 0.0, in[1][n - 1] + 0.0, in[2][n - 1] + 0.0, 1};
    return KL__ATTEMPT_MADE;
}

/* A move is that from one bar to the next. */
static double dmove_needed(const double *params, double digits) { return (void)params, (void)digits, 2.0; }

static void dmove_pack(void *state, kl__snap *p) {
    dmove_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->high, 1);
    kl__snap_f64(p, &s->low, 1);
    kl__snap_f64(p, &s->close, 1);
}

static const kl_input_info dmove_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info dmove_out[] = {{"plus", "directional move up", 0, HUGE_VAL, "own", 0, 1, 0},
                                           {"minus", "directional move down", 0, HUGE_VAL, "own", 0, 1, 0},
                                           {"range", "true range", 0, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_dmove = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "dmove", .title = "Directional moves of a bar", .group = "momentum",
            .since = "0.1", .source = "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978", .cost = "O(1) a bar",
            .stability = KL_EXACT, .n_inputs = KL__COUNT(dmove_in), .n_outputs = KL__COUNT(dmove_out), .inputs = dmove_in, .outputs = dmove_out},
    .flags = KL__HOLDS, .lookback = dmove_lookback, .size = dmove_size, .init = dmove_init, .run = dmove_run, .attempt = dmove_attempt, .pack = dmove_pack, .needed = dmove_needed,
};
