#include "base/fp.h"
#include "indicator/decay.h"
#include <math.h>

enum { RMA_SEED_SMA = 0, RMA_SEED_FIRST = 1 };

static uint64_t rma_seed_n(const double *params) { return params[1] == RMA_SEED_FIRST ? 1 : (uint64_t)params[0]; }
static int64_t rma_lookback(const double *params) { return (int64_t)(rma_seed_n(params) + (uint64_t)params[2]) - 1; }
static size_t rma_size(const double *params) { return (void)params, sizeof(kl__late); }
static void rma_init(void *state, const double *params) {
    kl__late_init(state, kl__decay_wilder(params[0]), rma_seed_n(params), (uint64_t)params[2]);
}
static void rma_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__late_run(state, in[0], n, out[0]);
}
static int rma_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    return kl__late_try(state, in[0], n, out[0]);
}
static void rma_pack(void *state, kl__snap *p) { kl__late_pack(state, p); }
static double rma_needed(const double *params, double digits) {
    return (double)rma_lookback(params) + kl__decay_needed(kl__decay_wilder(params[0]), digits);
}

static const char *const rma_seeds[] = {"sma", "first", NULL};
static const kl_input_info rma_in[] = {{"x", "close"}};
static const kl_param_info rma_par[] = {
    {"n", "length in bars: the newest value weighs 1/n", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL},
    {"seed", "start: the mean of the first n values, or the first value", KL_PARAM_CHOICE, RMA_SEED_SMA, 0, 1, rma_seeds},
    {"start", "known values that are left out before all", KL_PARAM_INT, 0, 0, 4 * KL_PERIOD_MAX, NULL}};
static const kl_output_info rma_out[] = {{"rma", "Wilder's average", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_rma = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "rma", .title = "Wilder's moving average",
            .group = "overlap", .since = "0.1", .source = "y = y + (x - y)/n, seeded by the mean of the first n values (Wilder, 1978)",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__PORTS(rma_in, rma_par, rma_out)},
    .flags = KL__HOLDS, .lookback = rma_lookback, .size = rma_size, .init = rma_init, .run = rma_run,
    .attempt = rma_attempt, .pack = rma_pack, .needed = rma_needed,
};
