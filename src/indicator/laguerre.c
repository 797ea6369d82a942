#include "indicator/laguerre.h"

typedef kl__laguerre laguerre_state;

static int64_t laguerre_lookback(const double *params) { return (void)params, 0; }
static void laguerre_init(void *state, const double *params) { *(kl__laguerre *)state = (kl__laguerre){.gamma = params[0]}; }
static void laguerre_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__laguerre *l = state;
    for (size_t j = 0; j < n; j++) {
        kl__laguerre_step(l, in[0][j]);
        out[0][j] = kl__plain(in[0][j] + ((l->d[0] + l->d[3]) + 2.0 * (l->d[1] + l->d[2])) / 6.0);
    }
}
static void laguerre_pack(void *state, kl__snap *p) { kl__laguerre_pack(state, p); }
static double laguerre_needed(const double *params, double digits) { return kl__laguerre_needed(params[0], digits); }

static const kl_input_info laguerre_in[] = {{"x", "close"}};
static const kl_param_info laguerre_par[] = {{"gamma", "damping", KL_PARAM_REAL, 0.8, 0, 1, NULL}};
static const kl_output_info laguerre_out[] = {{"laguerre", "smoothed value", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(laguerre, "Laguerre filter", "overlap", "John Ehlers, Time Warp - Without Space Travel, 2002", laguerre_needed)
