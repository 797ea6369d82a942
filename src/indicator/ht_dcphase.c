#include "base/fp.h"
#include "indicator/hilbert.h"
#include <math.h>

static int64_t ht_dcphase_lookback(const double *params) { return (void)params, KL__HILBERT_PHASE_LOOKBACK; }
static size_t ht_dcphase_size(const double *params) { return (void)params, sizeof(kl__hilbert_phase); }
static void ht_dcphase_init(void *state, const double *params) { kl__hilbert_phase_init(state, params[0]); }
static void ht_dcphase_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__hilbert_phase *h = state;
    for (size_t j = 0; j < n; j++) {
        int known = kl__hilbert_phase_step(h, in[0][j], KL__HILBERT_PHASE);
        out[0][j] = known ? h->phase : kl__nan();
    }
}
static void ht_dcphase_pack(void *state, kl__snap *p) { kl__hilbert_phase_pack(state, p); }
static double ht_dcphase_needed(const double *params, double digits) { return (void)params, 130.0 + 40.0 * digits; }

static const kl_input_info ht_dcphase_in[] = {{"x", "close"}};
static const kl_param_info ht_dcphase_par[] = {KL__HILBERT_SEED};
static const kl_output_info ht_dcphase_out[] = {{"dcphase", "phase in degrees", -HUGE_VAL, 315, "own", 0, 0, 0}};

const kl__indicator kl__ind_ht_dcphase = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ht_dcphase", .title = "Hilbert transform: phase of the dominant cycle",
            .group = "cycle", .since = "0.1", .source = "John Ehlers, Rocket Science for Traders, 2001",
            .cost = "O(length of the cycle) a bar, at most 50", .stability = KL_EXACT,
            KL__PORTS(ht_dcphase_in, ht_dcphase_par, ht_dcphase_out)},
    .flags = KL__HOLDS, .lookback = ht_dcphase_lookback, .size = ht_dcphase_size, .init = ht_dcphase_init, .run = ht_dcphase_run,
    .pack = ht_dcphase_pack, .needed = ht_dcphase_needed,
};
