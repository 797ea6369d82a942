#include "base/fp.h"
#include "indicator/hilbert.h"
#include <math.h>

static int64_t ht_dcperiod_lookback(const double *params) { return (void)params, 32; }
static size_t ht_dcperiod_size(const double *params) { return (void)params, sizeof(kl__hilbert); }
static void ht_dcperiod_init(void *state, const double *params) { kl__hilbert_init(state, params[0], 9); }
static void ht_dcperiod_run(void *state, const double *const *in, size_t n, double *const *out) {
    kl__hilbert *h = state;
    for (size_t j = 0; j < n; j++) {
        int moved = kl__hilbert_step(h, in[0][j]) && (h->re != 0.0 || h->im != 0.0);
        out[0][j] = moved && h->bars > 32 ? h->smooth_period : kl__nan();
    }
}
static void ht_dcperiod_pack(void *state, kl__snap *p) { kl__hilbert_pack(state, p); }
static double ht_dcperiod_needed(const double *params, double digits) { return (void)params, 80.0 + 40.0 * digits; }

static const kl_input_info ht_dcperiod_in[] = {{"x", "close"}};
static const kl_param_info ht_dcperiod_par[] = {KL__HILBERT_SEED};
static const kl_output_info ht_dcperiod_out[] = {{"dcperiod", "length of the dominant cycle in bars", 0, 50, "own", 0, 0, 0}};

const kl__indicator kl__ind_ht_dcperiod = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "ht_dcperiod",
            .title = "Hilbert transform: period of the dominant cycle", .group = "cycle", .since = "0.1",
            .source = "John Ehlers, Rocket Science for Traders, 2001: homodyne discriminator", .cost = "O(1) a bar",
            .stability = KL_EXACT, KL__PORTS(ht_dcperiod_in, ht_dcperiod_par, ht_dcperiod_out)},
    .flags = KL__HOLDS, .lookback = ht_dcperiod_lookback, .size = ht_dcperiod_size, .init = ht_dcperiod_init,
    .run = ht_dcperiod_run, .pack = ht_dcperiod_pack, .needed = ht_dcperiod_needed,
};
