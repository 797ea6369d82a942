#include "indicator/poles.h"

/* Distances of the four filters from the newest price: they fade to nothing in a flat market instead of ending in rounding. */
typedef struct {
    double gamma, x, d[4];
    uint64_t seen;
} laguerre_rsi_state;

static void laguerre_rsi_step(laguerre_rsi_state *l, double x) {
    double move = l->seen ? l->x - x : 0.0, before = l->d[0] + move;
    l->d[0] = kl__pole_flush(l->gamma * before);
    for (int j = 1; j < 4; j++) {
        double own = l->d[j] + move;
        l->d[j] = kl__pole_flush(before + l->gamma * (own - l->d[j - 1]));
        before = own;
    }
    l->x = x, l->seen = 1;
}

static int64_t laguerre_rsi_lookback(const double *params) { return (void)params, 1; }
static void laguerre_rsi_init(void *state, const double *params) { *(laguerre_rsi_state *)state = (laguerre_rsi_state){.gamma = kl__min2(params[0], 0.999)}; }
static void laguerre_rsi_run(void *state, const double *const *in, size_t n, double *const *out) {
    laguerre_rsi_state *l = state;
    for (size_t j = 0; j < n; j++) {
        double up = 0.0, down = 0.0;
        laguerre_rsi_step(l, in[0][j]);
        for (int k = 0; k < 3; k++) {
            double d = l->d[k] - l->d[k + 1];
            up += d > 0.0 ? d : 0.0, down += d < 0.0 ? -d : 0.0;
        }
        out[0][j] = kl__plain(up / (up + down)); /* 0/0 is unknown */
    }
}
static void laguerre_rsi_pack(void *state, kl__snap *p) {
    laguerre_rsi_state *l = state;
    kl__snap_u64(p, &l->seen, 1);
    kl__snap_f64(p, &l->x, 1);
    kl__snap_f64(p, l->d, 4);
}
static double laguerre_rsi_needed(const double *params, double digits) { 
    return params[0] > 0.0 ? 8.0 + ceil(6.0 * (digits + 2.0) / (1.0 - kl__min2(params[0], 0.999))) : 8.0;
 }

static const kl_input_info laguerre_rsi_in[] = {{"x", "close"}};
static const kl_param_info laguerre_rsi_par[] = {{"gamma", "damping; beyond 0.999 it is that", KL_PARAM_REAL, 0.5, 0, 1, NULL}};
static const kl_output_info laguerre_rsi_out[] = {{"laguerre_rsi", "share of the rise among the filters", 0, 1, "own", 0, 0, 0}};

KL__KERNEL(laguerre_rsi, "Laguerre relative strength index", "momentum", "John Ehlers, Time Warp - Without Space Travel, 2002", laguerre_rsi_needed)
