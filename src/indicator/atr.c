#include "base/fp.h"
#include "indicator/decay.h"
#include "simd/level.h"
#include <math.h>

typedef struct {
    double previous; /* close of the last known bar */
    uint64_t seen;   /* 0: none yet */
    kl__average average;
} atr_state;

static int64_t atr_lookback(const double *params) { return (int64_t)params[0]; }
static size_t atr_size(const double *params) { return (void)params, sizeof(atr_state); }
static void atr_init(void *state, const double *params) {
    atr_state *s = state;
    s->previous = 0.0, s->seen = 0;
    kl__average_init(&s->average, kl__decay_wilder(params[0]), (uint64_t)params[0]);
}

/* The range of the bar together with the close before it: max(high, close) - min(low, close). */
KL__INLINE void atr_true_range_body(const double *restrict high, const double *restrict low, const double *restrict close, size_t n,
                                    double *restrict range) {
    for (size_t j = 0; j < n; j++) {
        double top = high[j] > close[j] ? high[j] : close[j];
        double bottom = low[j] < close[j] ? low[j] : close[j];
        range[j] = top - bottom;
    }
}
KL__SIMD_EACH(atr_true_range, (const double *restrict high, const double *restrict low, const double *restrict close, size_t n,
                               double *restrict range), (high, low, close, n, range))
static void (*const atr_ranges[])(const double *restrict, const double *restrict, const double *restrict, size_t, double *restrict) =
    KL__SIMD_TABLE(atr_true_range);

static void atr_run(void *state, const double *const *in, size_t n, double *const *out) {
    atr_state *s = state;
    double range[KL__CHUNK];
    size_t first = s->seen ? 0 : 1;
    if (first) out[0][0] = kl__nan();
    else atr_true_range_baseline(in[0], in[1], &s->previous, 1, range);
    atr_ranges[kl__simd_tier()](in[0] + 1, in[1] + 1, in[2], n - 1, range + 1);
    s->previous = in[2][n - 1], s->seen = 1;
    kl__average_run(&s->average, range + first, n - first, out[0] + first);
}

static void atr_pack(void *state, kl__snap *p) {
    atr_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, &s->previous, 1);
    kl__average_pack(&s->average, p);
}

static double atr_needed(const double *params, double digits) {
    return (double)atr_lookback(params) + kl__decay_needed(kl__decay_wilder(params[0]), digits);
}

static const kl_input_info atr_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info atr_par[] = {{"n", "length of Wilder's average in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info atr_out[] = {{"atr", "average of the true range", 0, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_atr = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "atr", .title = "Average true range",
            .group = "volatility", .since = "0.1",
            .source = "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978: rma of the true range",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__PORTS(atr_in, atr_par, atr_out)},
    .flags = KL__HOLDS, .lookback = atr_lookback, .size = atr_size, .init = atr_init, .run = atr_run, .pack = atr_pack,
    .needed = atr_needed,
};
