#include "indicator/poles.h"

typedef struct {
    kl__poles filter;
    double y1, y2;
} itrend_state;

static int64_t itrend_lookback(const double *params) { return (void)params, 0; }
static void itrend_init(void *state, const double *params) {
    itrend_state *s = state;
    s->y1 = s->y2 = 0.0;
    kl__poles_trend(&s->filter, params[0]);
}
static void itrend_run(void *state, const double *const *in, size_t n, double *const *out) {
    itrend_state *s = state;
    for (size_t j = 0; j < n; j++) {
        if (!s->filter.seen) s->y1 = s->y2 = in[0][j];
        double line = kl__lowpass_step(&s->filter, in[0][j]);
        out[0][j] = kl__plain(line);
        out[1][j] = kl__plain(line + (line - s->y2));
        s->y2 = s->y1, s->y1 = line;
    }
}
static void itrend_pack(void *state, kl__snap *p) {
    itrend_state *s = state;
    kl__poles_pack(&s->filter, p);
    kl__snap_f64(p, &s->y1, 1);
    kl__snap_f64(p, &s->y2, 1);
}
static double itrend_needed(const double *params, double digits) { return 8.0 + ceil(3.0 * (digits + 2.0) / params[0]); }

static const kl_input_info itrend_in[] = {{"x", "close"}};
static const kl_param_info itrend_par[] = {{"alpha", "weight of the new; 2 / (n + 1) for n bars", KL_PARAM_REAL, 0.07, 0, 1, NULL}};
static const kl_output_info itrend_out[] = {{"itrend", "trend without lag", KL__FREE, "price", 0, 1, 0},
                                            {"trigger", "where it goes in two bars at its pace of the last two", KL__FREE, "price", 0, 1, 0}};

KL__KERNEL(itrend, "Ehlers' instantaneous trend line", "overlap", "John Ehlers, Cybernetic Analysis for Stocks and Futures, 2004", itrend_needed)
