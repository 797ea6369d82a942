#include "base/fp.h"
#include "indicator/hilbert.h"
#include "indicator/angle.h"
#include <math.h>

typedef struct {
    kl__hilbert hilbert;
    double fast, slow;
    double phase, mama, fama;
} mama_state;

static int64_t mama_lookback(const double *params) { return (void)params, 32; }
static size_t mama_size(const double *params) { return (void)params, sizeof(mama_state); }
static void mama_init(void *state, const double *params) {
    mama_state *s = state;
    *s = (mama_state){.fast = params[0], .slow = params[1]};
    kl__hilbert_init(&s->hilbert, params[2], 9);
}
static void mama_run(void *state, const double *const *in, size_t n, double *const *out) {
    mama_state *s = state;
    kl__hilbert *h = &s->hilbert;
    for (size_t j = 0; j < n; j++) {
        double x = in[0][j];
        if (h->bars == 0 && h->zero == KL__HILBERT_FIRST) s->mama = s->fama = x;
        int runs = kl__hilbert_step(h, x);
        if (runs) {
            double phase = h->inphase != 0.0 ? kl__atan(h->quadrature / h->inphase) * KL__DEGREES : 0.0, turn = s->phase - phase;
            double alpha = turn > 1.0 ? s->fast / turn : s->fast;
            if (turn > 1.0 && alpha < s->slow) alpha = s->slow;
            s->phase = phase;
            s->mama += alpha * (x - s->mama);
            s->fama += 0.5 * alpha * (s->mama - s->fama);
        }
        out[0][j] = h->bars > 32 ? s->mama + 0.0 : kl__nan();
        out[1][j] = h->bars > 32 ? s->fama + 0.0 : kl__nan();
    }
}
static void mama_pack(void *state, kl__snap *p) {
    mama_state *s = state;
    kl__hilbert_pack(&s->hilbert, p);
    kl__snap_f64(p, &s->phase, 1);
    kl__snap_f64(p, &s->mama, 1);
    kl__snap_f64(p, &s->fama, 1);
}
/* The slower line forgets by at least half of the slow limit each bar. */
static double mama_needed(const double *params, double digits) {
    double slow = params[1] < params[0] ? params[1] : params[0];
    return 80.0 + 40.0 * digits + ceil(digits * 2.302585092994046 * 2.0 / slow);
}

static const kl_input_info mama_in[] = {{"x", "close"}};
static const kl_param_info mama_par[] = {{"fastlimit", "greatest weight of the newest price", KL_PARAM_REAL, 0.5, 0, 1, NULL},
                                         {"slowlimit", "least weight of the newest price", KL_PARAM_REAL, 0.05, 0, 1, NULL},
                                         KL__HILBERT_SEED};
static const kl_output_info mama_out[] = {{"mama", "adaptive average", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0},
                                          {"fama", "slower average that follows it", -HUGE_VAL, HUGE_VAL, "price", 0, 1, 0}};

const kl__indicator kl__ind_mama = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "mama", .title = "MESA adaptive moving average",
            .group = "overlap", .since = "0.1", .source = "John Ehlers, Rocket Science for Traders, 2001", .cost = "O(1) a bar",
            .stability = KL_EXACT, KL__PORTS(mama_in, mama_par, mama_out)},
    .flags = KL__HOLDS, .lookback = mama_lookback, .size = mama_size, .init = mama_init, .run = mama_run, .pack = mama_pack,
    .needed = mama_needed,
};
