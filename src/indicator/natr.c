#include "base/fp.h"
#include "indicator/range.h"
#include "indicator/rows.h"

static int64_t natr_lookback(const double *params) { return (int64_t)params[0]; }
static size_t natr_size(const double *params) { return kl__average_range_size(params[0], KL__RANGE_WILDER); }
static void natr_init(void *state, const double *params) { kl__average_range_init(state, params[0], KL__RANGE_WILDER); }

KL__INLINE void natr_share_body(const double *range, const double *close, size_t n, double *restrict out) {
    for (size_t j = 0; j < n; j++) out[j] = kl__rows_seal(100.0 * (range[j] / close[j]));
}
KL__SIMD_EACH(natr_share, (const double *range, const double *close, size_t n, double *restrict out), (range, close, n, out))
static void (*const natr_shares[])(const double *, const double *, size_t, double *restrict) = KL__SIMD_TABLE(natr_share);

static void natr_run(void *state, const double *const *in, size_t n, double *const *out) {
    double range[KL__CHUNK];
    kl__average_range_run(state, in, n, range);
    natr_shares[kl__simd_tier()](range, in[2], n, out[0]);
}
static int natr_attempt(void *state, const double *const *in, size_t n, double *const *out) {
    double range[KL__CHUNK];
    if (kl__average_range_try(state, in, n, range) == KL__ATTEMPT_FAILED) return KL__ATTEMPT_FAILED;
    natr_shares[kl__simd_tier()](range, in[2], n, out[0]);
    return KL__ATTEMPT_SEALED; /* unknown where the close is 0 */
}
static void natr_pack(void *state, kl__snap *p) { kl__average_range_pack(state, p); }
static double natr_needed(const double *params, double digits) {
    return (double)natr_lookback(params) + kl__decay_needed(kl__decay_wilder(params[0]), digits);
}

static const kl_input_info natr_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}};
static const kl_param_info natr_par[] = {{"n", "length of Wilder's average in bars", KL_PARAM_INT, 14, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info natr_out[] = {{"natr", "average true range in percent of the close", KL__ANY, "own", 0, 0, 0}};

const kl__indicator kl__ind_natr = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "natr", .title = "Normalised average true range", .group = "volatility",
            .since = "0.1", .source = "J. Forman, Technical Analysis of Stocks & Commodities, 2006: 100 * atr / close", .cost = "O(1) a bar",
            .stability = KL_EXACT, KL__PORTS(natr_in, natr_par, natr_out)},
    .flags = KL__HOLDS, .lookback = natr_lookback, .size = natr_size, .init = natr_init, .run = natr_run, .attempt = natr_attempt,
    .pack = natr_pack, .needed = natr_needed,
};
