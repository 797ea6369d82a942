#include "base/fp.h"
#include "indicator/hilbert.h"
#include <math.h>

static int64_t ht_phasor_lookback(const double *params) { return (void)params, 32; }
static size_t ht_phasor_size(const double *params) { return (void)params, sizeof(kl__hilbert); }
static void ht_phasor_init(void *state, const double *params) { kl__hilbert_init(state, params[0], 9); }
static void ht_phasor_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__hilbert *h = state;
    for (size_t j = 0; j < n; j++) {
        int known = kl__hilbert_step(h, in[0][j]) && h->bars > 32;
        out[0][j] = known ? h->inphase + 0.0 : kl__nan();
        out[1][j] = known ? h->quadrature + 0.0 : kl__nan();
    }
}
static void ht_phasor_pack(void *state, kl__snap *p) { kl__hilbert_pack(state, p); }
static double ht_phasor_needed(const double *params, double digits) { return (void)params, 80.0 + 40.0 * digits; }

static const kl_input_info ht_phasor_in[] = {{"x", "close"}};
static const kl_param_info ht_phasor_par[] = {KL__HILBERT_SEED};
static const kl_output_info ht_phasor_out[] = {{"inphase", "component in phase", -HUGE_VAL, HUGE_VAL, "own", 0, 1, 0},
                                               {"quadrature", "component a quarter of a cycle ahead", -HUGE_VAL, HUGE_VAL, "own", 0, 1, 0}};

const kl__indicator kl__ind_ht_phasor = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ht_phasor", .title = "Hilbert transform: phasor components",
            .group = "cycle", .since = "0.1", .source = "John Ehlers, Rocket Science for Traders, 2001", .cost = "O(1) a bar",
            .stability = KL_EXACT, KL__PORTS(ht_phasor_in, ht_phasor_par, ht_phasor_out)},
    .flags = KL__HOLDS, .lookback = ht_phasor_lookback, .size = ht_phasor_size, .init = ht_phasor_init, .run = ht_phasor_run,
    .pack = ht_phasor_pack, .needed = ht_phasor_needed,
};
