#include "indicator/laguerre.h"

typedef kl__laguerre laguerre_rsi_state;

static int64_t laguerre_rsi_lookback(const double *params) { return (void)params, 1; }
static void laguerre_rsi_init(void *state, const double *params) { *(kl__laguerre *)state = (kl__laguerre){.gamma = params[0]}; }
static void laguerre_rsi_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__laguerre *l = state;
    for (size_t j = 0; j < n; j++) {
        double up = 0.0, down = 0.0;
        kl__laguerre_step(l, in[0][j]);
        for (int k = 0; k < 3; k++) {
            double d = l->d[k] - l->d[k + 1];
            up += d > 0.0 ? d : 0.0, down += d < 0.0 ? -d : 0.0;
        }
        out[0][j] = kl__plain(up / (up + down)); /* 0/0 is unknown */
    }
}
static void laguerre_rsi_pack(void *state, kl__snap *p) { kl__laguerre_pack(state, p); }
static double laguerre_rsi_needed(const double *params, double digits) { return kl__laguerre_needed(params[0], digits); }

static const kl_input_info laguerre_rsi_in[] = {{"x", "close"}};
static const kl_param_info laguerre_rsi_par[] = {{"gamma", "damping", KL_PARAM_REAL, 0.5, 0, 1, NULL}};
static const kl_output_info laguerre_rsi_out[] = {{"laguerre_rsi", "share of the rise among the filters", 0, 1, "own", 0, 0, 0}};

KL__KERNEL(laguerre_rsi, "Laguerre relative strength index", "momentum", "John Ehlers, Time Warp - Without Space Travel, 2002", laguerre_rsi_needed)
