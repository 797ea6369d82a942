#include "base/fp.h"
#include "indicator/flow.h"
#include "indicator/memory.h"
#include "indicator/rows.h"

/* Each step is what the expression if(r > 0, ((close - low) - (high - close))/r, sqrt(r))*volume, r = high - low, says of unknown and of
 * too large values. */
KL__INLINE double flow_of(double high, double low, double close, double volume) {
    const double range = kl__rows_limit(high - low);
    if (!(range >= 0.0)) return kl__nan();
    if (!(range > 0.0)) return kl__rows_seal(0.0 * volume);
    return kl__rows_seal(kl__rows_seal(kl__rows_limit(kl__rows_limit(close - low) - kl__rows_limit(high - close)) / range) * volume);
}

/* The same of ordinary values, no branch; `seen`: KL__SEEN_LARGE of what goes in, of the quotient and of the flow, and the sign of the range. */
KL__INLINE void flow_rows_body(const double *restrict high, const double *restrict low, const double *restrict close, const double *restrict volume,
                               size_t n, double *restrict flow, uint64_t *seen) {
    uint64_t all = *seen;
    for (size_t j = 0; j < n; j++) {
        const double range = high[j] - low[j], place = ((close[j] - low[j]) - (high[j] - close[j])) / range;
        const double share = kl__bits_double(kl__double_bits(place) & (0 - (uint64_t)(range > 0.0)));
        flow[j] = share * volume[j] + 0.0;
        all |= kl__double_bits(range);
        all |= KL__SEEN_LARGE(kl__double_bits(high[j])) | KL__SEEN_LARGE(kl__double_bits(low[j])) | KL__SEEN_LARGE(kl__double_bits(close[j]));
        all |= KL__SEEN_LARGE(kl__double_bits(volume[j])) | KL__SEEN_LARGE(kl__double_bits(share)) | KL__SEEN_LARGE(kl__double_bits(flow[j]));
    }
    *seen = all;
}
KL__SIMD_EACH(flow_rows, (const double *restrict high, const double *restrict low, const double *restrict close, const double *restrict volume,
                          size_t n, double *restrict flow, uint64_t *seen), (high, low, close, volume, n, flow, seen))

void kl__flow_run(kl__sums *s, const double *const *in, size_t n, double *line) {
    for (size_t j = 0; j < n; j++) {
        const double flow = flow_of(in[0][j], in[1][j], in[2][j], in[3][j]);
        line[j] = flow == flow ? kl__sums_one(s, flow) : flow;
    }
}

int kl__flow_try(kl__sums *s, const double *const *in, size_t n, double *line) {
    static void (*const rows[KL__SIMD_TIERS])(const double *restrict, const double *restrict, const double *restrict, const double *restrict, size_t,
                                              double *restrict, uint64_t *) = KL__SIMD_TABLE(flow_rows);
    double flow[KL__CHUNK];
    uint64_t seen = 0;
    rows[kl__simd_tier()](in[0], in[1], in[2], in[3], n, flow, &seen);
    if (seen >> 63) return KL__ATTEMPT_FAILED;
    return kl__sums_try(s, flow, n, line, &(const kl__ahead){{in[0] + n, in[1] + n, in[2] + n, in[3] + n}, 4});
}

static int64_t ad_lookback(const double *params) { return (void)params, 0; }
static size_t ad_size(const double *params) { return (void)params, sizeof(kl__sums); }
static void ad_init(void *state, const double *params) { (void)params, *(kl__sums *)state = (kl__sums){0.0, 0.0, 0.0, 0.0, 0}; }
static void ad_run(void *state, const double *const *in, size_t n, double *const *out) { kl__flow_run(state, in, n, out[0]); }
static int ad_attempt(void *state, const double *const *in, size_t n, double *const *out) { return kl__flow_try(state, in, n, out[0]); }
static void ad_pack(void *state, kl__snap *p) { kl__sums_pack(state, p); }

static const kl_input_info ad_in[] = {{"high", "high"}, {"low", "low"}, {"close", "close"}, {"volume", "volume"}};
static const kl_output_info ad_out[] = {{"ad", "sum of volume by the place of the close in its bar", KL__ANY, "own", 0, 0, 1}};

const kl__indicator kl__ind_ad = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ad", .title = "Accumulation/distribution line", .group = "volume",
            .since = "0.1", .source = "Marc Chaikin: sum of volume * ((close - low) - (high - close)) / (high - low), 0 where high is low, unknown where it is below",
            .cost = "O(1) a bar", .stability = KL_EXACT, KL__MEMORY_PLAIN(ad_in, ad_out)},
    .flags = KL__RAW, .lookback = ad_lookback, .size = ad_size, .init = ad_init, .run = ad_run, .attempt = ad_attempt, .pack = ad_pack,
    .needed = kl__memory_forever,
};
