#include "base/fp.h"
#include "indicator/hilbert.h"
#include "indicator/angle.h"
#include <math.h>

typedef struct {
    kl__hilbert_phase phase;
    double before, sine, lead; /* phase and waves of the bar before; 0 at the start */
    uint64_t days;             /* since the waves crossed */
} ht_trendmode_state;

static int64_t ht_trendmode_lookback(const double *params) { return (void)params, KL__HILBERT_PHASE_LOOKBACK; }
static size_t ht_trendmode_size(const double *params) { return (void)params, sizeof(ht_trendmode_state); }
static void ht_trendmode_init(void *state, const double *params) {
    ht_trendmode_state *s = state;
    *s = (ht_trendmode_state){.days = 0};
    kl__hilbert_phase_init(&s->phase, params[0]);
}

/* 1 in a trend, 0 in a cycle. Called once the filters run. */
static double ht_trendmode_bar(ht_trendmode_state *s) {
    const kl__hilbert_phase *h = &s->phase;
    double trend = 1.0, period = h->hilbert.smooth_period, step = h->phase - s->before, line = h->trendline;
    double sine = kl__sin(h->phase / KL__DEGREES), lead = kl__sin((h->phase + 45.0) / KL__DEGREES);
    if ((sine > lead && s->sine <= s->lead) || (sine < lead && s->sine >= s->lead)) s->days = 0, trend = 0.0;
    s->days++;
    if ((double)s->days < 0.5 * period) trend = 0.0;
    if (step > 0.67 * 360.0 / period && step < 1.5 * 360.0 / period) trend = 0.0;
    if (line != 0.0 && fabs((h->hilbert.smoothed - line) / line) >= 0.015) trend = 1.0;
    if (h->phase != h->phase) return kl__nan(); /* no wave: what was before it stays */
    s->before = h->phase, s->sine = sine, s->lead = lead;
    return trend;
}

static void ht_trendmode_run(void *state, const double *const *in, size_t n, double *const *out) {
    ht_trendmode_state *s = state;
    for (size_t j = 0; j < n; j++) {
        int known = kl__hilbert_phase_step(&s->phase, in[0][j], KL__HILBERT_PHASE | KL__HILBERT_LINE);
        double mode = s->phase.hilbert.bars > s->phase.hilbert.skip ? ht_trendmode_bar(s) : kl__nan();
        out[0][j] = known ? mode : kl__nan();
    }
}
static void ht_trendmode_pack(void *state, kl__snap *p) {
    ht_trendmode_state *s = state;
    kl__hilbert_phase_pack(&s->phase, p);
    kl__snap_f64(p, &s->before, 1);
    kl__snap_f64(p, &s->sine, 1);
    kl__snap_f64(p, &s->lead, 1);
    kl__snap_u64(p, &s->days, UINT64_MAX);
}
static double ht_trendmode_needed(const double *params, double digits) { return (void)params, 180.0 + 40.0 * digits; }

static const kl_input_info ht_trendmode_in[] = {{"x", "close"}};
static const kl_param_info ht_trendmode_par[] = {KL__HILBERT_SEED};
static const kl_output_info ht_trendmode_out[] = {{"trendmode", "1 in a trend, 0 in a cycle", 0, 1, "own", 0, 0, 0}};

const kl__indicator kl__ind_ht_trendmode = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ht_trendmode",
            .title = "Hilbert transform: trend or cycle", .group = "cycle", .since = "0.1",
            .source = "John Ehlers, Rocket Science for Traders, 2001", .cost = "O(length of the cycle) a bar, at most 50",
            .stability = KL_EXACT, KL__PORTS(ht_trendmode_in, ht_trendmode_par, ht_trendmode_out)},
    .flags = KL__HOLDS, .lookback = ht_trendmode_lookback, .size = ht_trendmode_size, .init = ht_trendmode_init,
    .run = ht_trendmode_run, .pack = ht_trendmode_pack, .needed = ht_trendmode_needed,
};
