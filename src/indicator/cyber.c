#include "indicator/poles.h"

typedef struct {
    kl__poles filter;
    double x[3], before; /* prices of the last bars; the cycle a bar ago */
    uint64_t seen;
} cyber_state;

static int64_t cyber_lookback(const double *params) { return (void)params, 0; }
static void cyber_init(void *state, const double *params) {
    cyber_state *s = state;
    *s = (cyber_state){.seen = 0};
    kl__poles_cycle(&s->filter, params[0]);
}
static void cyber_run(void *state, const double *const *in, size_t n, double *const *out) {
    cyber_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double x = in[0][j];
        if (!s->seen) s->x[0] = s->x[1] = s->x[2] = x, s->seen = 1;
        double smooth = x + (2.0 * (s->x[0] - x) + 2.0 * (s->x[1] - x) + (s->x[2] - x)) / 6.0;
        double cycle = kl__highpass_step(&s->filter, smooth);
        out[0][j] = kl__plain(cycle);
        out[1][j] = kl__plain(s->before);
        s->x[2] = s->x[1], s->x[1] = s->x[0], s->x[0] = x, s->before = cycle;
    }
}
static void cyber_pack(void *state, kl__snap *p) {
    cyber_state *s = state;
    kl__snap_u64(p, &s->seen, 1);
    kl__snap_f64(p, s->x, 3);
    kl__snap_f64(p, &s->before, 1);
    kl__poles_pack(&s->filter, p);
}
static double cyber_needed(const double *params, double digits) { return 8.0 + ceil(3.0 * (digits + 2.0) / params[0]); }

static const kl_input_info cyber_in[] = {{"x", "close"}};
static const kl_param_info cyber_par[] = {{"alpha", "weight of the new; 2 / (n + 1) for n bars", KL_PARAM_REAL, 0.07, 0, 1, NULL}};
static const kl_output_info cyber_out[] = {{"cycle", "cycle of the smoothed price", KL__FREE, "own", 0, 1, 0},
                                           {"trigger", "cycle of the bar before", KL__FREE, "own", 0, 1, 0}};

KL__KERNEL(cyber, "Ehlers' cyber cycle", "cycle", "John Ehlers, Cybernetic Analysis for Stocks and Futures, 2004", cyber_needed)
