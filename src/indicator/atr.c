#include "base/fp.h"
#include "indicator/range.h"
#include <math.h>

static int64_t atr_lookback(const double *params) { return (int64_t)params[0]; }
static size_t atr_size(const double *params) { return kl__average_range_size(params[0], params[1]); }
static void atr_init(void *state, const double *params) { kl__average_range_init(state, params[0], params[1]); }
static void atr_run(void *state, const double *const *in, size_t n, double *const *out) { kl__average_range_run(state, in, n, out[0]); }
static int atr_attempt(void *state, const double *const *in, size_t n, double *const *out) { return kl__average_range_try(state, in, n, out[0]); }
static void atr_settle(void *state) { kl__average_range_settle(state); }
static void atr_pack(void *state, kl__snap *p) { kl__average_range_pack(state, p); }
static double atr_needed(const double *params, double digits) {
    if (params[1] == KL__RANGE_SMA) return params[0] + 1.0;
    return (double)atr_lookback(params) + kl__decay_needed(params[1] == KL__RANGE_EMA ? kl__decay_ema(params[0]) : kl__decay_wilder(params[0]), digits);
}

static const kl_input_info atr_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info atr_par[] = {{"n", "length of the average in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}, KL__RANGE_KIND};
static const kl_output_info atr_out[] = {{"atr", "average of the true range", 0, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_atr = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "atr", .title = "Average true range",
            .group = "volatility", .since = "0.1",
            .source = "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978: rma of the true range",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__PORTS(atr_in, atr_par, atr_out)},
    .flags = KL__HOLDS, .lookback = atr_lookback, .size = atr_size, .init = atr_init, .run = atr_run, .attempt = atr_attempt, .settle = atr_settle,
    .pack = atr_pack, .needed = atr_needed,
};
