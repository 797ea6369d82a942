#include "indicator/poles.h"

typedef struct {
    kl__poles high;
    kl__poles low;
} roofing_state;

static int64_t roofing_lookback(const double *params) { return (void)params, 0; }
static void roofing_init(void *state, const double *params) {
    roofing_state *s = state;
    kl__poles_highpass(&s->high, params[0], 2.0);
    kl__poles_supersmoother(&s->low, params[1]);
}
static void roofing_run(void *state, const double *const *in, size_t n, double *const *out) {
    roofing_state *s = state;
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__lowpass_step(&s->low, kl__highpass_step(&s->high, in[0][j])));
}
static void roofing_pack(void *state, kl__snap *p) {
    roofing_state *s = state;
    kl__poles_pack(&s->high, p);
    kl__poles_pack(&s->low, p);
}
static double roofing_needed(const double *params, double digits) { return kl__poles_needed(params[0] + params[1], digits); }

static const kl_input_info roofing_in[] = {{"x", "close"}};
static const kl_param_info roofing_par[] = {{"long", "period in bars above which waves are damped", KL_PARAM_REAL, 48, 2, KL_PERIOD_MAX, NULL},
                                            {"short", "period in bars below which waves are damped", KL_PARAM_REAL, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info roofing_out[] = {{"roofing", "waves between the two periods", KL__FREE, "own", 0, 1, 0}};

KL__KERNEL(roofing, "Ehlers' roofing filter", "cycle", "John Ehlers, Cycle Analytics for Traders, 2013", roofing_needed)
