#include "indicator/poles.h"

typedef kl__poles highpass_state;

static int64_t highpass_lookback(const double *params) { return (void)params, 0; }
static void highpass_init(void *state, const double *params) { kl__poles_highpass(state, params[0], params[1]); }
static void highpass_run(void *state, const double *const *in, size_t n, double *const *out) {
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__highpass_step(state, in[0][j]));
}
static void highpass_pack(void *state, kl__snap *p) { kl__poles_pack(state, p); }
static double highpass_needed(const double *params, double digits) { return kl__poles_needed(params[0], digits); }

static const kl_input_info highpass_in[] = {{"x", "close"}};
static const kl_param_info highpass_par[] = {{"period", "period in bars above which waves are damped", KL_PARAM_REAL, 48, 3, KL_PERIOD_MAX, NULL},
                                            {"poles", "1 or 2: how steep", KL_PARAM_INT, 2, 1, 2, NULL}};
static const kl_output_info highpass_out[] = {{"highpass", "value without its trend", KL__FREE, "own", 0, 1, 0}};

KL__KERNEL(highpass, "Ehlers' high pass", "cycle", "John Ehlers, Cycle Analytics for Traders, 2013", highpass_needed)
