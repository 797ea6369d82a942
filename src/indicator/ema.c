#include "base/fp.h"
#include "indicator/decay.h"
#include <math.h>

enum { EMA_SEED_SMA = 0, EMA_SEED_FIRST = 1 };

static uint64_t ema_seed_n(const double *params) { return params[1] == EMA_SEED_FIRST ? 1 : (uint64_t)params[0]; }
static int64_t ema_lookback(const double *params) { return (int64_t)(ema_seed_n(params) + (uint64_t)params[2]) - 1; }
static size_t ema_size(const double *params) { return (void)params, sizeof(kl__late); }
static void ema_init(void *state, const double *params) {
    kl__late_init(state, kl__decay_ema(params[0]), ema_seed_n(params), (uint64_t)params[2]);
}
static void ema_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__late_run(state, in[0], n, out[0]);
}
static int ema_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    return kl__late_try(state, in[0], n, out[0]);
}
static void ema_pack(void *state, kl__snap *p) { kl__late_pack(state, p); }
static double ema_needed(const double *params, double digits) {
    return (double)ema_lookback(params) + kl__decay_needed(kl__decay_ema(params[0]), digits);
}

static const char *const ema_seeds[] = {"sma", "first", NULL};
static const kl_input_info ema_in[] = {{"x", "close"}};
static const kl_param_info ema_par[] = {
    {"n", "length in bars: the newest value weighs 2/(n+1)", KL_PARAM_INT, 30, 1, KL_PERIOD_MAX, NULL},
    {"seed", "start: the mean of the first n values, or the first value", KL_PARAM_CHOICE, EMA_SEED_SMA, 0, 1, ema_seeds},
    {"start", "known values that are left out before all", KL_PARAM_INT, 0, 0, 4 * KL_PERIOD_MAX, NULL}};
static const kl_output_info ema_out[] = {{"ema", "exponential average", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_ema = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ema", .title = "Exponential moving average",
            .group = "overlap", .since = "0.1", .source = "y = y + (x - y) * 2/(n+1), seeded by the mean of the first n values",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__PORTS(ema_in, ema_par, ema_out)},
    .flags = KL__HOLDS, .lookback = ema_lookback, .size = ema_size, .init = ema_init, .run = ema_run,
    .attempt = ema_attempt, .pack = ema_pack, .needed = ema_needed,
};
