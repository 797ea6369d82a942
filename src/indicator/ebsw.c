#include "indicator/poles.h"

typedef struct {
    kl__poles high;
    kl__poles low;
    double f1, f2;
} ebsw_state;

static int64_t ebsw_lookback(const double *params) { return (void)params, 1; }
static void ebsw_init(void *state, const double *params) {
    ebsw_state *s = state;
    *s = (ebsw_state){.f1 = 0.0, .f2 = 0.0};
    kl__poles_highpass(&s->high, params[0], 1.0);
    kl__poles_supersmoother(&s->low, params[1]);
}
/* Mean of three over their root mean square; by shares of the greatest, so that no square runs out of range. */
static double ebsw_wave(double a, double b, double c) {
    double top = kl__max2(fabs(a), kl__max2(fabs(b), fabs(c)));
    if (top == 0.0) return kl__nan();
    a /= top, b /= top, c /= top;
    return kl__clip((a + b + c) / sqrt(3.0 * (a * a + b * b + c * c)), -1.0, 1.0);
}
static void ebsw_run(void *state, const double *const *in, size_t n, double *const *out) {
    ebsw_state *s = state;
    for (size_t j = 0; j < n; j++) {
        double f = kl__pole_flush(kl__lowpass_step(&s->low, kl__highpass_step(&s->high, in[0][j])));
        out[0][j] = kl__plain(ebsw_wave(f, s->f1, s->f2));
        s->f2 = s->f1, s->f1 = f;
    }
}
static void ebsw_pack(void *state, kl__snap *p) {
    ebsw_state *s = state;
    kl__poles_pack(&s->high, p);
    kl__poles_pack(&s->low, p);
    kl__snap_f64(p, &s->f1, 1);
    kl__snap_f64(p, &s->f2, 1);
}
static double ebsw_needed(const double *params, double digits) { return kl__poles_needed(params[0] + params[1], digits); }

static const kl_input_info ebsw_in[] = {{"x", "close"}};
static const kl_param_info ebsw_par[] = {{"long", "period in bars above which waves are damped", KL_PARAM_REAL, 40, 3, KL_PERIOD_MAX, NULL},
                                         {"short", "period in bars below which waves are damped", KL_PARAM_REAL, 10, 1, KL_PERIOD_MAX, NULL}};
static const kl_output_info ebsw_out[] = {{"ebsw", "the wave over its power", -1, 1, "own", 0, 0, 0}};

KL__KERNEL(ebsw, "Even better sine wave", "cycle", "John Ehlers, Cycle Analytics for Traders, 2013", ebsw_needed)
