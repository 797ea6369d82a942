#include "base/fp.h"
#include "indicator/fir.h"
#include "indicator/formula.h"
#include "kline/base.h"

enum { ALMA_EXACT = 0, ALMA_WHOLE = 1 };

static int64_t alma_lookback(const double *params) { return (int64_t)params[0] - 1; }
static size_t alma_size(const double *params) { return kl__fir_size((size_t)params[0]); }
static void alma_init(void *state, const double *params) {
    double n = params[0], width = n / params[1], peak = params[2] * (n - 1.0);
    if (params[3] == ALMA_WHOLE) peak = floor(peak);
    kl__fir_init(state, (size_t)n);
    double *weight = kl__fir_weights(state);
    for (size_t i = 0; i < (size_t)n; i++) {
        double away = ((double)i - peak) / width;
        weight[i] = kl_exp(-0.5 * (away * away));
    }
    kl__fir_begin(state);
}
static void alma_run(void *state, const double *const *in, size_t n, double *const *out) { kl__fir_run(state, in[0], n, out[0]); }
static void alma_pack(void *state, kl__snap *p) { kl__fir_pack(state, p); }

static const char *const alma_peaks[] = {"exact", "whole", NULL};
static const kl_input_info alma_in[] = {{"x", "close"}};
static const kl_param_info alma_par[] = {
    {"n", "length of the window in bars", KL_PARAM_INT, 9, 1, KL_PERIOD_MAX, NULL},
    {"sigma", "the standard deviation of the weights is n / sigma bars", KL_PARAM_REAL, 6, 0.001, 1000, NULL},
    {"offset", "where the heaviest weight lies: 0 at the oldest, 1 at the newest bar", KL_PARAM_REAL, 0.85, 0, 1, NULL},
    {"peak", "the heaviest weight lies at the very place, or on the whole bar before it", KL_PARAM_CHOICE, ALMA_EXACT, 0, 1, alma_peaks}};
static const kl_output_info alma_out[] = {{"alma", "mean with Gaussian weights", KL__ANY, "price", 0, 1, 0}};

const kl__indicator kl__ind_alma = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "alma", .title = "Arnaud Legoux moving average",
            .group = "overlap", .since = "0.1", .source = "A. Legoux, D. Kouzis-Loukas, ALMA, 2009", .cost = "O(n) a bar, lanes across bars",
            .stability = KL_EXACT, KL__PORTS(alma_in, alma_par, alma_out)},
    .lookback = alma_lookback, .size = alma_size, .init = alma_init, .run = alma_run, .pack = alma_pack,
};
