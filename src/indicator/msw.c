#include "indicator/angle.h"
#include "indicator/kernel.h"

typedef struct {
    uint64_t n, at, have;
} msw_state; /* n cosines, n sines, the last n values follow */

static double *msw_table(msw_state *s) { return (double *)(void *)((uintptr_t)(s + 1)); }
static int64_t msw_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t msw_size(const double *params) { return sizeof(msw_state) + 3 * sizeof(double) * (size_t)params[0]; }
static void msw_init(void *state, const double *params) {
    msw_state *s = state;
    *s = (msw_state){(uint64_t)params[0], 0, 0};
    double *table = msw_table(s);
    for (uint64_t j = 0; j < s->n; j++) {
        double angle = 2.0 * KL__PI * ((double)j / (double)s->n);
        table[j] = kl__cos(angle), table[s->n + j] = kl__sin(angle), table[2 * s->n + j] = 0.0;
    }
}

/* Distances from the newest value: over a whole turn it falls out anyhow. */
static void msw_bar(msw_state *s, double x, double *sine, double *lead) {
    const double *c = msw_table(s), *sn = c + s->n, *ring = sn + s->n;
    double real = 0.0, imag = 0.0, moved = 0.0;
    for (uint64_t j = 0, i = s->at; j < s->n; j++) {
        i = i ? i - 1 : s->n - 1;
        double v = ring[i] - x;
        real += c[j] * v, imag += sn[j] * v, moved += fabs(v);
    }
    double top = kl__max2(fabs(real), fabs(imag));
    *sine = *lead = kl__nan();
    if (!(top > 0x1p-45 * moved) || !(top < HUGE_VAL)) return; /* no more than rounding */
    real /= top, imag /= top;
    double size = sqrt(real * real + imag * imag);
    *sine = kl__plain(kl__clip(real / size, -1.0, 1.0));
    *lead = kl__plain(kl__clip((real - imag) / (0x1.6a09e667f3bcdp+0 * size), -1.0, 1.0));
}

static void msw_run(void *state, const double *const *in, size_t n, double *const *out) {
    msw_state *s = state;
    for (size_t j = 0; j < n; j++) {
        msw_table(s)[2 * s->n + s->at] = in[0][j];
        s->at = s->at + 1 < s->n ? s->at + 1 : 0;
        s->have += s->have < s->n;
        out[0][j] = out[1][j] = kl__nan();
        if (s->have == s->n) msw_bar(s, in[0][j], &out[0][j], &out[1][j]);
    }
}
static void msw_pack(void *state, kl__snap *p) {
    msw_state *s = state;
    kl__snap_u64(p, &s->at, s->n - 1);
    kl__snap_u64(p, &s->have, s->n);
    kl__snap_f64(p, msw_table(s) + 2 * s->n, (size_t)s->n);
}
static double msw_needed(const double *params, double digits) { return (void)digits, params[0]; }

static const kl_input_info msw_in[] = {{"x", "close"}};
static const kl_param_info msw_par[] = {{"period", "length of the cycle in bars", KL_PARAM_INT, 20, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info msw_out[] = {{"sine", "sine of the phase", -1, 1, "own", 0, 0, 0}, {"lead", "sine of the phase an eighth of a cycle ahead", -1, 1, "own", 0, 0, 0}};

KL__KERNEL_AS(msw, "MESA sine wave", "cycle", "John Ehlers, MESA and Trading Market Cycles, 1992", "O(period) a bar", msw_size, NULL, msw_needed,
              KL__PORTS(msw_in, msw_par, msw_out));
