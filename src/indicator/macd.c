#include "base/fp.h"
#include "indicator/decay.h"
#include "simd/level.h"
#include <math.h>

/* Both averages are seeded on the same bar, that of the slow one; the signal by the mean of the first lines. */
typedef struct {
    uint64_t skip, skipped; /* values before those that seed the fast average */
    kl__average fast, slow, signal;
} macd_state;

static void macd_lengths(const double *params, double *fast, double *slow) {
    *fast = params[0] < params[1] ? params[0] : params[1];
    *slow = params[0] < params[1] ? params[1] : params[0];
}

static int64_t macd_lookback(const double *params) {
    double fast, slow;
    macd_lengths(params, &fast, &slow);
    return (int64_t)slow + (int64_t)params[2] - 2;
}
static size_t macd_size(const double *params) { return (void)params, sizeof(macd_state); }

static void macd_init(void *state, const double *params) {
    macd_state *s = state;
    double fast, slow;
    macd_lengths(params, &fast, &slow);
    s->skip = (uint64_t)(slow - fast);
    s->skipped = 0;
    kl__average_init(&s->fast, kl__decay_ema(fast), (uint64_t)fast);
    kl__average_init(&s->slow, kl__decay_ema(slow), (uint64_t)slow);
    kl__average_init(&s->signal, kl__decay_ema(params[2]), (uint64_t)params[2]);
}

KL__INLINE void macd_line_body(const double *restrict fast, double *restrict line, size_t n) {
    for (size_t j = 0; j < n; j++) line[j] = fast[j] - line[j];
}
KL__SIMD_EACH(macd_line, (const double *restrict fast, double *restrict line, size_t n), (fast, line, n))
static void (*const macd_lines[])(const double *restrict, double *restrict, size_t) = KL__SIMD_TABLE(macd_line);

KL__INLINE void macd_rows_body(const double *restrict line, const double *restrict signal, double *restrict macd,
                               double *restrict difference, size_t n) {
    for (size_t j = 0; j < n; j++) {
        double unknown = signal[j] - signal[j]; /* the line is known earlier; all three begin together */
        macd[j] = line[j] + unknown;
        difference[j] = line[j] - signal[j];
    }
}
KL__SIMD_EACH(macd_rows, (const double *restrict line, const double *restrict signal, double *restrict macd,
                          double *restrict difference, size_t n), (line, signal, macd, difference, n))
static void (*const macd_all[])(const double *restrict, const double *restrict, double *restrict, double *restrict, size_t) =
    KL__SIMD_TABLE(macd_rows);

static void macd_run(void *state, const double *const *in, size_t n, double *const *out) {
    macd_state *s = state;
    double fast[KL__CHUNK], line[KL__CHUNK], *signal = out[1];
    size_t skip = s->skip - s->skipped < n ? (size_t)(s->skip - s->skipped) : n;
    size_t before = (size_t)(s->slow.seed.n - s->slow.seed.have), begin = before == 0 ? 0 : before - 1 < n ? before - 1 : n;
    s->skipped += skip;
    for (size_t j = 0; j < skip; j++) fast[j] = kl__nan();
    if (before == 0) {
        kl__decay_run_less((kl__decay *const[2]){&s->fast.decay, &s->slow.decay}, in[0], n, line);
    } else {
        kl__average_run(&s->fast, in[0] + skip, n - skip, fast + skip);
        kl__average_run(&s->slow, in[0], n, line);
        macd_lines[kl__simd_tier()](fast, line, n);
    }
    for (size_t j = 0; j < begin; j++) signal[j] = kl__nan();
    kl__average_run(&s->signal, line + begin, n - begin, signal + begin);
    macd_all[kl__simd_tier()](line, signal, out[0], out[2], n);
}

static int macd_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    macd_state *s = state;
    const kl__carry fast = s->fast.decay.carry, slow = s->slow.decay.carry;
    if (s->slow.seed.have < s->slow.seed.n) return KL__ATTEMPT_FAILED;
    if (!kl__decay_run_less((kl__decay *const[2]){&s->fast.decay, &s->slow.decay}, in[0], n, out[0]) ||
        !kl__average_try_less(&s->signal, out[0], n, out[1], out[2])) {
        s->fast.decay.carry = fast, s->slow.decay.carry = slow;
        return KL__ATTEMPT_FAILED;
    }
    return KL__ATTEMPT_MADE;
}

static void macd_pack(void *state, kl__snap *p) {
    macd_state *s = state;
    kl__snap_u64(p, &s->skipped, s->skip);
    kl__average_pack(&s->fast, p);
    kl__average_pack(&s->slow, p);
    kl__average_pack(&s->signal, p);
}

/* The slow average, then the signal over what it left; the line is smaller than the price by some digits. */
static double macd_needed(const double *params, double digits) {
    double fast, slow;
    macd_lengths(params, &fast, &slow);
    return (double)macd_lookback(params) + kl__decay_needed(kl__decay_ema(slow), digits + 3.0) +
           kl__decay_needed(kl__decay_ema(params[2]), digits + 3.0);
}

static const kl_input_info macd_in[] = {{"x", "close"}};
static const kl_param_info macd_par[] = {
    {"fast", "length of the fast average in bars", KL_PARAM_INT, 12, 1, KL_PERIOD_MAX, NULL},
    {"slow", "length of the slow average in bars; the two may be swapped", KL_PARAM_INT, 26, 1, KL_PERIOD_MAX, NULL},
    {"signal", "length of the signal's average in bars", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info macd_out[] = {{"macd", "fast minus slow average", -HUGE_VAL, HUGE_VAL, "own", 0, 1, 0},
                                          {"signal", "average of macd", -HUGE_VAL, HUGE_VAL, "own", 0, 1, 0},
                                          {"hist", "macd minus signal", -HUGE_VAL, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_macd = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "macd",
            .title = "Moving average convergence/divergence", .group = "momentum", .since = "0.1",
            .source = "Gerald Appel: ema(fast) - ema(slow), both seeded on the same bar, and its ema(signal)",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__PORTS(macd_in, macd_par, macd_out)},
    .flags = KL__HOLDS, .lookback = macd_lookback, .size = macd_size, .init = macd_init, .run = macd_run, .attempt = macd_attempt, .pack = macd_pack,
    .needed = macd_needed,
};
