#include "base/fp.h"
#include "indicator/window.h"
#include <math.h>

static int64_t sma_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t sma_size(const double *params) { return kl__tree_size(&kl__tree_mean, (size_t)params[0]); }
static void sma_init(void *state, const double *params) { kl__tree_init(state, &kl__tree_mean, (size_t)params[0]); }
static void sma_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__tree_run(state, &kl__tree_mean, in, n, out);
}
static int sma_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    return kl__tree_try(state, &kl__tree_mean, in, n, out) ? KL__ATTEMPT_SEALED : KL__ATTEMPT_FAILED;
}
static void sma_settle(void *state) { kl__tree_settle(state, &kl__tree_mean); }
static void sma_pack(void *state, kl__snap *p) { kl__snap_tree(p, state, &kl__tree_mean); }

static const kl_input_info sma_in[] = {{"x", "close"}};
static const kl_param_info sma_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info sma_out[] = {{"sma", "mean of the last n values", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_sma = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "sma", .title = "Simple moving average",
            .group = "overlap", .since = "0.1", .source = "arithmetic mean of the last n values",
            .cost = "O(1) a bar in batch, O(log n) a step", .stability = KL_EXACT, KL__PORTS(sma_in, sma_par, sma_out)},
    .flags = 0, .lookback = sma_lookback, .size = sma_size, .init = sma_init, .run = sma_run, .attempt = sma_attempt,
    .settle = sma_settle, .pack = sma_pack,
};
