#include "indicator/kernel.h"

typedef struct {
    double gamma, line[4];
    uint64_t seen;
} laguerre_state;

static int64_t laguerre_lookback(const double *params) { return (void)params, 0; }
static void laguerre_init(void *state, const double *params) { *(laguerre_state *)state = (laguerre_state){.gamma = params[0]}; }
static void laguerre_run(void *state, const double *const *in, size_t n, double *const *out) {
    laguerre_state *s = state;
    double *l = s->line;
    for (size_t j = 0; j < n; j++) {
        double x = in[0][j];
        if (!s->seen) l[0] = l[1] = l[2] = l[3] = x, s->seen = 1;
        double before = l[0];
        l[0] = x + s->gamma * (before - x);
        for (int k = 1; k < 4; k++) {
            double next = before + s->gamma * (l[k] - l[k - 1]);
            before = l[k], l[k] = next;
        }
        out[0][j] = kl__plain(l[0] + ((l[3] - l[0]) + 2.0 * ((l[1] - l[0]) + (l[2] - l[0]))) / 6.0);
    }
}
static void laguerre_pack(void *state, kl__snap *p) {
    laguerre_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, s->line, 4);
}
static double laguerre_needed(const double *params, double digits) {
    return params[0] > 0.0 ? 8.0 + ceil(6.0 * (digits + 2.0) / (1.0 - params[0])) : 8.0;
}

static const kl_input_info laguerre_in[] = {{"x", "close"}};
static const kl_param_info laguerre_par[] = {{"gamma", "damping", KL_PARAM_REAL, 0.8, 0, 1, NULL}};
static const kl_output_info laguerre_out[] = {{"laguerre", "smoothed value", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(laguerre, "Laguerre filter", "overlap", "John Ehlers, Time Warp - Without Space Travel, 2002", laguerre_needed)
