#include "base/fp.h"
#include "indicator/window.h"
#include "window/tree_ramp.h"
#include <math.h>

/* sum of (n - age) * x / (n(n+1)/2) = mean + G * 2/(n(n+1)) */
static int64_t wma_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t wma_size(const double *params) { return kl__tree_size(&kl__tree_linear, (size_t)params[0]); }
static void wma_init(void *state, const double *params) { kl__tree_init(state, &kl__tree_linear, (size_t)params[0]); }
KL__INLINE void wma_rows_body(const double *restrict mean, const double *restrict moment, double *restrict y, size_t n, double share) {
    for (size_t j = 0; j < n; j++) y[j] = (mean[j] + moment[j] * share) + 0.0; /* no -0.0 */
}
KL__SIMD_EACH(wma_rows, (const double *restrict mean, const double *restrict moment, double *restrict y, size_t n, double share),
              (mean, moment, y, n, share))
static void (*const wma_rows[])(const double *restrict, const double *restrict, double *restrict, size_t, double) = KL__SIMD_TABLE(wma_rows);

static void wma_run(void *state, const double *const *in, size_t n, double *const *out) {
    double mean[KL__CHUNK], moment[KL__CHUNK], *stat[2] = {mean, moment}, *y = out[0];
    double w = ((const kl__tree *)state)->w, share = 2.0 / (w * (w + 1.0));
    kl__tree_run(state, &kl__tree_linear, in, n, stat);
    wma_rows[kl__simd_tier()](mean, moment, y, n, share);
}
static int wma_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    const double w = ((const kl__tree *)state)->w;
    return kl__tree_ramp_try(state, 2.0 / (w * (w + 1.0)), in, n, out) ? KL__ATTEMPT_ORDINARY : KL__ATTEMPT_FAILED;
}
static void wma_settle(void *state) { kl__tree_settle(state, &kl__tree_linear); }
static void wma_pack(void *state, kl__snap *p) { kl__snap_tree(p, state, &kl__tree_linear); }

static const kl_input_info wma_in[] = {{"x", "close"}};
static const kl_param_info wma_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info wma_out[] = {{"wma", "mean with weights n, n-1, ... 1 from the newest", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_wma = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "wma", .title = "Weighted moving average",
            .group = "overlap", .since = "0.1", .source = "sum of (n - age) * x / (n*(n+1)/2)",
            .cost = "O(1) a bar in batch, O(log n) a step", .stability = KL_EXACT, KL__PORTS(wma_in, wma_par, wma_out)},
    .flags = 0, .lookback = wma_lookback, .size = wma_size, .init = wma_init, .run = wma_run, .attempt = wma_attempt, .settle = wma_settle,
    .pack = wma_pack,
};
