#include "indicator/poles.h"

typedef kl__poles swak_hp_state;

static int64_t swak_hp_lookback(const double *params) { return (void)params, 0; }
static void swak_hp_init(void *state, const double *params) { kl__poles_highpass(state, params[0], 1.0); }
static void swak_hp_run(void *state, const double *const *in, size_t n, double *const *out) {
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__highpass_step(state, in[0][j]));
}
static void swak_hp_pack(void *state, kl__snap *p) { kl__poles_pack(state, p); }
static double swak_hp_needed(const double *params, double digits) { return kl__poles_needed(params[0], digits); }

static const kl_input_info swak_hp_in[] = {{"x", "close"}};
static const kl_param_info swak_hp_par[] = {{"period", "period in bars above which waves are damped", KL_PARAM_REAL, 20, 3, KL_PERIOD_MAX, NULL}};
static const kl_output_info swak_hp_out[] = {{"swak_hp", "value without its trend", KL__FREE, "own", 0, 1, 0}};

KL__KERNEL(swak_hp, "Swiss army knife: high pass of one pole", "cycle", "John Ehlers, Swiss Army Knife Indicator, Technical Analysis of Stocks & Commodities, 1/2006", swak_hp_needed)
