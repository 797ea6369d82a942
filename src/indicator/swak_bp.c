#include "indicator/poles.h"

typedef kl__poles swak_bp_state;

static int64_t swak_bp_lookback(const double *params) { return (void)params, 0; }
static void swak_bp_init(void *state, const double *params) { kl__poles_bandpass(state, params[0], params[1]); }
static void swak_bp_run(void *state, const double *const *in, size_t n, double *const *out) {
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__highpass_step(state, in[0][j]));
}
static void swak_bp_pack(void *state, kl__snap *p) { kl__poles_pack(state, p); }
static double swak_bp_needed(const double *params, double digits) { return kl__poles_needed(params[0] / (params[1] > 0.01 ? params[1] : 0.01), digits); }

static const kl_input_info swak_bp_in[] = {{"x", "close"}};
static const kl_param_info swak_bp_par[] = {{"period", "period in bars of the middle of the band", KL_PARAM_REAL, 20, 5, 2000, NULL},
                                           {"delta", "half the width of the band as a share of its middle frequency", KL_PARAM_REAL, 0.1, 0, 1, NULL}};
static const kl_output_info swak_bp_out[] = {{"swak_bp", "part of the value within the band", KL__FREE, "own", 0, 1, 0}};

KL__KERNEL(swak_bp, "Swiss army knife: band pass", "cycle", "John Ehlers, Swiss Army Knife Indicator, Technical Analysis of Stocks & Commodities, 1/2006", swak_bp_needed)
