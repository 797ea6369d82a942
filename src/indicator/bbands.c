#include "base/fp.h"
#include "base/roots.h"
#include "indicator/window.h"
#include <math.h>

/* The deviations' factor, then the window. */
typedef struct {
    double dev;
} bbands_state;

KL__INLINE kl__tree *bbands_tree(void *state) { return (kl__tree *)(void *)((bbands_state *)state + 1); }

static int64_t bbands_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t bbands_size(const double *params) {
    return sizeof(bbands_state) + kl__tree_size(&kl__tree_moments, (size_t)params[0]);
}
static void bbands_init(void *state, const double *params) {
    ((bbands_state *)state)->dev = params[1];
    kl__tree_init(bbands_tree(state), &kl__tree_moments, (size_t)params[0]);
}
KL__INLINE void bbands_rows_body(const double *restrict mean, const double *restrict m2, double *restrict upper, double *restrict lower,
                                 size_t n, double dev, double w) {
    for (size_t j = 0; j < n; j++) {
        double width = dev * kl__sqrt(m2[j] / w);
        upper[j] = mean[j] + width;
        lower[j] = mean[j] - width;
    }
}
KL__SIMD_EACH(bbands_rows, (const double *restrict mean, const double *restrict m2, double *restrict upper, double *restrict lower,
                            size_t n, double dev, double w), (mean, m2, upper, lower, n, dev, w))
static void (*const bbands_rows[])(const double *restrict, const double *restrict, double *restrict, double *restrict, size_t, double,
                                   double) = KL__SIMD_TABLE(bbands_rows);

static void bbands_run(void *state, const double *const *in, size_t n, double *const *out) {
    double m2[KL__CHUNK], *stat[3] = {out[1], m2, NULL};
    kl__tree_run(bbands_tree(state), &kl__tree_moments, in, n, stat);
    bbands_rows[kl__simd_tier()](out[1], m2, out[0], out[2], n, ((bbands_state *)state)->dev, bbands_tree(state)->w);
}
static void bbands_settle(void *state) { kl__tree_settle(bbands_tree(state), &kl__tree_moments); }
static void bbands_pack(void *state, kl__snap *p) { kl__snap_tree(p, bbands_tree(state), &kl__tree_moments); }

static const kl_input_info bbands_in[] = {{"x", "close"}};
static const kl_param_info bbands_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 20, 1, KL_PERIOD_MAX, NULL},
    {"dev", "distance of the bands in standard deviations of the population", KL_PARAM_REAL, 2, 0, 1000, NULL}};
static const kl_output_info bbands_out[] = {{"upper", "middle + dev * std", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                            {"middle", "mean of the last n values", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                            {"lower", "middle - dev * std", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_bbands = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "bbands", .title = "Bollinger bands",
            .group = "overlap", .since = "0.1", .source = "John Bollinger, Bollinger on Bollinger Bands, 2001: mean +- dev * std, ddof 0",
            .cost = "O(1) a bar in batch, O(log n) a step", .stability = KL_EXACT, KL__PORTS(bbands_in, bbands_par, bbands_out)},
    .flags = 0, .lookback = bbands_lookback, .size = bbands_size, .init = bbands_init, .run = bbands_run,
    .settle = bbands_settle, .pack = bbands_pack,
};
