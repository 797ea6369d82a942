#include "indicator/poles.h"

typedef kl__poles supersmoother_state;

static int64_t supersmoother_lookback(const double *params) { return (void)params, 0; }
static void supersmoother_init(void *state, const double *params) { kl__poles_supersmoother(state, params[0]); }
static void supersmoother_run(void *state, const double *const *in, size_t n, double *const *out) {
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__lowpass_step(state, in[0][j]));
}
static void supersmoother_pack(void *state, kl__snap *p) { kl__poles_pack(state, p); }
static double supersmoother_needed(const double *params, double digits) { return kl__poles_needed(params[0], digits); }

static const kl_input_info supersmoother_in[] = {{"x", "close"}};
static const kl_param_info supersmoother_par[] = {{"period", "period in bars below which waves are damped", KL_PARAM_REAL, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info supersmoother_out[] = {{"supersmoother", "smoothed value", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(supersmoother, "Ehlers' super smoother", "overlap", "John Ehlers, Cycle Analytics for Traders, 2013", supersmoother_needed)
