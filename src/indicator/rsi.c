#include "base/fp.h"
#include "indicator/decay.h"
#include "indicator/window.h"
#include "base/endian.h"
#include "simd/level.h"
#include <math.h>

enum { RSI_WILDER = 0, RSI_EMA = 1, RSI_SMA = 2 };
enum { RSI_FLAT = 0, RSI_HUNDRED = 1, RSI_UNKNOWN = 2 }; /* without a loss: 100, of flat series `flat`; 100 of these too; unknown */

/* With simple means two windows, of gains and of losses, follow. */
typedef struct {
    double previous, flat;
    uint64_t simple, n;
    uint64_t unknown; /* without a loss */
    uint64_t seen; /* 0: no value yet */
    kl__seed gain_seed, loss_seed;
    kl__decay gain, loss;
} rsi_state;

static int64_t rsi_lookback(const double *params) { return (int64_t)params[0]; }
static size_t rsi_size(const double *params) {
    return sizeof(rsi_state) + (params[1] == RSI_SMA ? 2 * kl__tree_size(&kl__tree_mean, (size_t)params[0]) : 0);
}
static kl__tree *rsi_tree(rsi_state *s, int losses) {
    return (kl__tree *)(void *)((uint8_t *)(s + 1) + (losses ? kl__tree_size(&kl__tree_mean, (size_t)s->n) : 0));
}

static void rsi_init(void *state, const double *params) {
    rsi_state *s = state;
    double b = params[1] == RSI_EMA ? kl__decay_ema(params[0]) : kl__decay_wilder(params[0]);
    s->previous = 0.0;
    s->flat = params[3] == RSI_HUNDRED ? 100.0 : params[2];
    s->unknown = params[3] == RSI_UNKNOWN;
    s->seen = 0;
    s->simple = params[1] == RSI_SMA, s->n = (uint64_t)params[0];
    kl__seed_init(&s->gain_seed, (uint64_t)params[0]);
    kl__seed_init(&s->loss_seed, (uint64_t)params[0]);
    kl__decay_init(&s->gain, b);
    kl__decay_init(&s->loss, b);
    for (int losses = 0; s->simple && losses < 2; losses++) kl__tree_init(rsi_tree(s, losses), &kl__tree_mean, (size_t)s->n);
}

/* Averages of gains and losses in, the index out. */
KL__INLINE void rsi_index_body(const double *restrict gain, const double *restrict loss, size_t n, double flat,
                               double *restrict out) {
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) {
        double both = gain[j] + loss[j];
        out[j] = 100.0 * (gain[j] / both);
        seen |= kl__double_bits(both) - 1; /* the top bit: 0.0 is among them */
    }
    if (seen >> 63)
        for (size_t j = 0; j < n; j++)
            if (gain[j] + loss[j] == 0.0) out[j] = flat;
}
KL__SIMD_EACH(rsi_index, (const double *restrict gain, const double *restrict loss, size_t n, double flat, double *restrict out),
              (gain, loss, n, flat, out))
static void (*const rsi_indices[])(const double *restrict, const double *restrict, size_t, double, double *restrict) =
    KL__SIMD_TABLE(rsi_index);

KL__INLINE void rsi_changes_body(const double *x, const double *before, size_t n, double *restrict gain, double *restrict loss, uint64_t *seen) {
    for (size_t j = 0; j < n; j++) {
        double change = x[j] - before[j];
        *seen |= KL__SEEN_LARGE(kl__double_bits(x[j]));
        gain[j] = (fabs(change) + change) * 0.5; /* the change or 0, exactly, without a branch */
        loss[j] = (fabs(change) - change) * 0.5;
    }
}
KL__SIMD_EACH(rsi_changes, (const double *x, const double *before, size_t n, double *restrict gain, double *restrict loss, uint64_t *seen),
              (x, before, n, gain, loss, seen))
static void (*const rsi_moves[])(const double *, const double *, size_t, double *restrict, double *restrict, uint64_t *) = KL__SIMD_TABLE(rsi_changes);

/* Changes of n rows from `previous` on; returns 1 where a value is missing or large. */
static int rsi_changes(double previous, const double *x, size_t n, double *gain, double *loss) {
    uint64_t seen = 0;
    rsi_changes_body(x, &previous, 1, gain, loss, &seen);
    if (n > 1) rsi_moves[kl__simd_tier()](x + 1, x, n - 1, gain + 1, loss + 1, &seen);
    return (int)(seen >> 63);
}

static void rsi_index(const rsi_state *s, const double *gain, const double *loss, size_t n, double *out) {
    if (n == 1) rsi_index_body(gain, loss, n, s->flat, out);
    else rsi_indices[kl__simd_tier()](gain, loss, n, s->flat, out);
    for (size_t j = 0; s->unknown && j < n; j++)
        if (loss[j] == 0.0) out[j] = kl__nan();
}

static void rsi_simple(rsi_state *s, const double *gain, const double *loss, size_t n, double *y) {
    double up[KL__CHUNK], down[KL__CHUNK], *to = up;
    kl__tree_run(rsi_tree(s, 0), &kl__tree_mean, &gain, n, &to);
    to = down;
    kl__tree_run(rsi_tree(s, 1), &kl__tree_mean, &loss, n, &to);
    rsi_index(s, up, down, n, y);
}

static void rsi_run(void *state, const double *const *in, size_t n, double *const *out) {
    rsi_state *s = state;
    double gain[KL__CHUNK], loss[KL__CHUNK], *y = out[0];
    const double *x = in[0];
    size_t i = 0;
    rsi_changes(s->seen ? s->previous : x[0], x, n, gain, loss);
    s->previous = x[n - 1];
    if (!s->seen) s->seen = 1, y[i++] = kl__nan();
    if (s->simple) {
        if (i < n) rsi_simple(s, gain + i, loss + i, n - i, y + i);
        return;
    }
    if (s->gain_seed.have < s->gain_seed.n) {
        size_t taken = kl__seed_take(&s->gain_seed, gain + i, n - i);
        kl__seed_take(&s->loss_seed, loss + i, n - i);
        for (size_t j = 0; j < taken; j++) y[i + j] = kl__nan();
        i += taken;
        if (taken && s->gain_seed.have == s->gain_seed.n) {
            const double up = kl__seed_mean(&s->gain_seed), down = kl__seed_mean(&s->loss_seed);
            kl__decay_seed(&s->gain, up, 1);
            kl__decay_seed(&s->loss, down, 1);
            rsi_index(s, &up, &down, 1, y + i - 1);
        }
    }
    kl__decay_run_both((kl__decay *const[2]){&s->gain, &s->loss}, (const double *const[2]){gain + i, loss + i}, n - i,
                       (double *const[2]){gain + i, loss + i}, 1);
    rsi_index(s, gain + i, loss + i, n - i, y + i);
}

static int rsi_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    rsi_state *s = state;
    double gain[KL__DECAY_BLOCK], loss[KL__DECAY_BLOCK];
    const kl__carry up = s->gain.carry, down = s->loss.carry;
    double *const sides[2] = {gain, loss};
    if (s->simple || s->unknown || !s->seen || s->gain_seed.have < s->gain_seed.n || s->gain.pole.b == 0.0) return KL__ATTEMPT_FAILED;
    const size_t head = kl__decay_head(&s->gain) < n ? kl__decay_head(&s->gain) : n;
    int large = rsi_changes(s->previous, in[0], head, gain, loss);
    kl__decay_run_both((kl__decay *const[2]){&s->gain, &s->loss}, (const double *const *)sides, head, sides, 1);
    rsi_index_body(gain, loss, head, s->flat, out[0]);
    if (head < n)
        large |= kl__decay_rows_sides(&s->gain.pole, (kl__carry *const[2]){&s->gain.carry, &s->loss.carry}, in[0] + head, n - head, s->flat,
                                      out[0] + head);
    if (large || !kl__decay_ordinary(&s->gain) || !kl__decay_ordinary(&s->loss)) {
        s->gain.carry = up, s->loss.carry = down;
        return KL__ATTEMPT_FAILED;
    }
    s->previous = in[0][n - 1] + 0.0;
    return KL__ATTEMPT_MADE;
}

static void rsi_settle(void *state) {
    for (int losses = 0; ((rsi_state *)state)->simple && losses < 2; losses++) kl__tree_settle(rsi_tree(state, losses), &kl__tree_mean);
}

static void rsi_pack(void *state, kl__snap *p) {
    rsi_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->previous, 1);
    kl__seed_pack(&s->gain_seed, p);
    kl__seed_pack(&s->loss_seed, p);
    kl__decay_pack(&s->gain, p);
    kl__decay_pack(&s->loss, p);
    for (int losses = 0; s->simple && losses < 2; losses++) kl__snap_tree(p, rsi_tree(s, losses), &kl__tree_mean);
}

static double rsi_needed(const double *params, double digits) {
    if (params[1] == RSI_SMA) return params[0] + 1.0;
    const double b = params[1] == RSI_EMA ? kl__decay_ema(params[0]) : kl__decay_wilder(params[0]);
    return (double)rsi_lookback(params) + kl__decay_needed(b, digits);
}

static const char *const rsi_kinds[] = {"wilder", "ema", "sma", NULL};
static const char *const rsi_losses[] = {"flat", "hundred", "unknown", NULL};
static const kl_input_info rsi_in[] = {{"x", "close"}};
static const kl_param_info rsi_par[] = {
    {"n", "length of the averages in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"kind", "averages: Wilder's, exponential, or simple means", KL_PARAM_CHOICE, RSI_WILDER, 0, 2, rsi_kinds},
    {"flat", "value where there was neither gain nor loss", KL_PARAM_REAL, 50, 0, 100, NULL},
    {"zero_loss", "without a loss: 100, but `flat` without a gain too; 100 in any case; or unknown", KL_PARAM_CHOICE, RSI_FLAT, 0, 2, rsi_losses}};
static const kl_output_info rsi_out[] = {{"rsi", "relative strength index", 0, 100, "own", 0, 0, 0}};

const kl__indicator kl__ind_rsi = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "rsi", .title = "Relative strength index",
            .group = "momentum", .since = "0.1",
            .source = "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978: 100 * gain / (gain + loss)",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__PORTS(rsi_in, rsi_par, rsi_out)},
    .flags = KL__HOLDS, .lookback = rsi_lookback, .size = rsi_size, .init = rsi_init, .run = rsi_run, .attempt = rsi_attempt, .settle = rsi_settle,
    .pack = rsi_pack,
    .needed = rsi_needed,
};
