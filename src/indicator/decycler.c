#include "indicator/poles.h"

typedef kl__poles decycler_state;

static int64_t decycler_lookback(const double *params) { return (void)params, 0; }
static void decycler_init(void *state, const double *params) { kl__poles_decycler(state, params[0]); }
static void decycler_run(void *state, const double *const *in, size_t n, double *const *out) {
    for (size_t j = 0; j < n; j++) out[0][j] = kl__plain(kl__lowpass_step(state, in[0][j]));
}
static void decycler_pack(void *state, kl__snap *p) { kl__poles_pack(state, p); }
static double decycler_needed(const double *params, double digits) { return kl__poles_needed(params[0], digits); }

static const kl_input_info decycler_in[] = {{"x", "close"}};
static const kl_param_info decycler_par[] = {{"period", "period in bars below which cycles are taken out", KL_PARAM_REAL, 60, 3, KL_PERIOD_MAX, NULL}};
static const kl_output_info decycler_out[] = {{"decycler", "value without its cycles", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(decycler, "Ehlers' simple decycler", "overlap", "John Ehlers, Technical Analysis of Stocks & Commodities, 9/2015", decycler_needed)
