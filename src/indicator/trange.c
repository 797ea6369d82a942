#include "base/fp.h"
#include "indicator/kind.h"
#include "indicator/memory.h"
#include "indicator/rows.h"

/* The close before. */
typedef struct {
    double close;
} trange_state;

static int64_t trange_lookback(const double *params) { return (void)params, 1; }
static size_t trange_size(const double *params) { return (void)params, sizeof(trange_state); }
static void trange_init(void *state, const double *params) { (void)params, ((trange_state *)state)->close = kl__nan(); }
static void trange_pack(void *state, kl__snap *p) { kl__snap_f64(p, &((trange_state *)state)->close, 1); }

KL__INLINE double trange_of(double high, double low, double before) {
    return kl__rows_where(high, low, kl__rows_seal((high > before ? high : before) - (low < before ? low : before)));
}
KL__INLINE void trange_loop(const double *restrict high, const double *restrict low, const double *restrict before, size_t n, double *restrict out) {
    for (size_t j = 0; j < n; j++) out[j] = kl__rows_among(trange_of(high[j], low[j], before[j]), high[j], low[j], before[j], before[j]);
}
KL__INLINE void trange_rows_body(const double *const *in, size_t n, double *out) { trange_loop(in[0], in[1], in[2], n, out); }
KL__SIMD_EACH(trange_rows, (const double *const *in, size_t n, double *out), (in, n, out))

static void trange_run(void *state, const double *const *in, size_t n, double *const *out) {
    static void (*const rows[KL__SIMD_TIERS])(const double *const *, size_t, double *) = KL__SIMD_TABLE(trange_rows);
    trange_state *s = state;
    out[0][0] = trange_of(kl__row_clean(in[0][0]), kl__row_clean(in[1][0]), s->close);
    if (n > 1) rows[kl__simd_tier()]((const double *const[]){in[0] + 1, in[1] + 1, in[2]}, n - 1, out[0] + 1);
    s->close = kl__row_clean(in[2][n - 1]);
}
static int trange_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    return trange_run(state, in, n, out), KL__ATTEMPT_SEALED;
}

static const kl_input_info trange_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_output_info trange_out[] = {
    {"trange", "range of the bar together with the close before", 0, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_trange = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "trange", .title = "True range", .group = "volatility", .since = "0.1",
            .source = "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978: max(high, close[1]) - min(low, close[1])",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__MEMORY_PLAIN(trange_in, trange_out)},
    .flags = KL__RAW, .lookback = trange_lookback, .size = trange_size, .init = trange_init, .run = trange_run, .attempt = trange_attempt,
    .pack = trange_pack,
};
