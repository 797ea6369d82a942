#include "indicator/parabolic.h"

typedef kl__sar sar_state;

static int64_t sar_lookback(const double *params) { return (void)params, 1; }
static void sar_init(void *state, const double *params) {
    kl__sar *s = state;
    kl__sar_side side = {params[0], params[0], params[1]};
    s->side[0] = s->side[1] = side, s->offset = s->begin = 0.0;
    kl__sar_init(s);
}
static void sar_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__sar_run(state, in[0], in[1], n, out[0], 0);
}
static void sar_pack(void *state, kl__snap *p) { kl__sar_pack(state, p); }

static const kl_input_info sar_in[] = {{"high", "high"}, {"low", "low"}};
static const kl_param_info sar_par[] = {
    {"acceleration", "share of the way to the extreme, at first and more with each new extreme", KL_PARAM_REAL, 0.02, 0, 1, NULL},
    {"maximum", "greatest share", KL_PARAM_REAL, 0.2, 0, 1, NULL}};
static const kl_output_info sar_out[] = {{"sar", "stop, where the trade reverses", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(sar, "Parabolic stop and reverse", "overlap", "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978", kl__needed_never)
