#include "indicator/poles.h"

typedef kl__poles swak_2php_state;

static int64_t swak_2php_lookback(const double *params) { return (void)params, 0; }
static void swak_2php_init(void *state, const double *params) { kl__poles_gauss_highpass(state, params[0]); }
static void swak_2php_run(void *state, const double *const *in, size_t n, double *const *out) {
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__highpass_step(state, in[0][j]));
}
static void swak_2php_pack(void *state, kl__snap *p) { kl__poles_pack(state, p); }
static double swak_2php_needed(const double *params, double digits) { return kl__poles_needed(params[0], digits); }

static const kl_input_info swak_2php_in[] = {{"x", "close"}};
static const kl_param_info swak_2php_par[] = {{"period", "period in bars above which waves are damped", KL_PARAM_REAL, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info swak_2php_out[] = {{"swak_2php", "value without its trend", KL__FREE, "own", 0, 1, 0}};

KL__KERNEL(swak_2php, "Swiss army knife: high pass of two poles", "cycle", "John Ehlers, Swiss Army Knife Indicator, Technical Analysis of Stocks & Commodities, 1/2006", swak_2php_needed)
