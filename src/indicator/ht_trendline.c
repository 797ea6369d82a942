#include "base/fp.h"
#include "indicator/hilbert.h"
#include <math.h>

static int64_t ht_trendline_lookback(const double *params) { return (void)params, KL__HILBERT_PHASE_LOOKBACK; }
static size_t ht_trendline_size(const double *params) { return (void)params, sizeof(kl__hilbert_phase); }
static void ht_trendline_init(void *state, const double *params) { kl__hilbert_phase_init(state, params[0]); }
static void ht_trendline_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__hilbert_phase *h = state;
    for (size_t j = 0; j < n; j++) {
        int known = kl__hilbert_phase_step(h, in[0][j], KL__HILBERT_LINE);
        out[0][j] = known ? h->trendline + 0.0 : kl__nan();
    }
}
static void ht_trendline_pack(void *state, kl__snap *p) { kl__hilbert_phase_pack(state, p); }
static double ht_trendline_needed(const double *params, double digits) { return (void)params, 130.0 + 40.0 * digits; }

static const kl_input_info ht_trendline_in[] = {{"x", "close"}};
static const kl_param_info ht_trendline_par[] = {KL__HILBERT_SEED};
static const kl_output_info ht_trendline_out[] = {{"trendline", "mean over the dominant cycle, smoothed", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_ht_trendline = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ht_trendline", .title = "Hilbert transform: instantaneous trend line",
            .group = "overlap", .since = "0.1", .source = "John Ehlers, Rocket Science for Traders, 2001",
            .cost = "O(length of the cycle) a bar, at most 50", .stability = KL_EXACT,
            KL__PORTS(ht_trendline_in, ht_trendline_par, ht_trendline_out)},
    .flags = KL__HOLDS, .lookback = ht_trendline_lookback, .size = ht_trendline_size, .init = ht_trendline_init, .run = ht_trendline_run,
    .pack = ht_trendline_pack, .needed = ht_trendline_needed,
};
