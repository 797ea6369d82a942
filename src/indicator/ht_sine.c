#include "base/fp.h"
#include "indicator/hilbert.h"
#include "indicator/angle.h"
#include <math.h>

static int64_t ht_sine_lookback(const double *params) { return (void)params, KL__HILBERT_PHASE_LOOKBACK; }
static size_t ht_sine_size(const double *params) { return (void)params, sizeof(kl__hilbert_phase); }
static void ht_sine_init(void *state, const double *params) { kl__hilbert_phase_init(state, params[0]); }
static void ht_sine_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__hilbert_phase *h = state;
    for (size_t j = 0; j < n; j++) {
        int known = kl__hilbert_phase_step(h, in[0][j], KL__HILBERT_PHASE);
        out[0][j] = known ? kl__sin(h->phase / KL__DEGREES) + 0.0 : kl__nan();
        out[1][j] = known ? kl__sin((h->phase + 45.0) / KL__DEGREES) + 0.0 : kl__nan();
    }
}
static void ht_sine_pack(void *state, kl__snap *p) { kl__hilbert_phase_pack(state, p); }
static double ht_sine_needed(const double *params, double digits) { return (void)params, 130.0 + 40.0 * digits; }

static const kl_input_info ht_sine_in[] = {{"x", "close"}};
static const kl_param_info ht_sine_par[] = {KL__HILBERT_SEED};
static const kl_output_info ht_sine_out[] = {{"sine", "sine of the phase", -1, 1, "own", 0, 0, 0},
                                             {"leadsine", "sine of the phase an eighth of a cycle ahead", -1, 1, "own", 0, 0, 0}};

const kl__indicator kl__ind_ht_sine = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ht_sine", .title = "Hilbert transform: sine wave of the dominant cycle",
            .group = "cycle", .since = "0.1", .source = "John Ehlers, Rocket Science for Traders, 2001",
            .cost = "O(length of the cycle) a bar, at most 50", .stability = KL_EXACT,
            KL__PORTS(ht_sine_in, ht_sine_par, ht_sine_out)},
    .flags = KL__HOLDS, .lookback = ht_sine_lookback, .size = ht_sine_size, .init = ht_sine_init, .run = ht_sine_run,
    .pack = ht_sine_pack, .needed = ht_sine_needed,
};
