#include "base/fp.h"
#include "indicator/forecast.h"

static int64_t fosc_lookback(const double *params) { return (int64_t)params[0]; }
static void fosc_run(void *state, const double *const *in, size_t n, double *const *out) { kl__forecast_run(state, in[0], n, out[0], 1); }
static int fosc_attempt(void *state, const double *const *in, size_t n, double *const *out) { return kl__forecast_try(state, in, n, out, 1); }

static const kl_input_info fosc_in[] = {{"x", "close"}};
static const kl_param_info fosc_par[] = {{"n", "length of the line of least squares", KL_PARAM_INT, 5, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info fosc_out[] = {{"fosc", "distance from the forecast in percent", KL__ANY, "own", 0, 0, 0}};

const kl__indicator kl__ind_fosc = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "fosc", .title = "Forecast oscillator", .group = "momentum",
            .since = "0.1", .source = "Tushar S. Chande", .cost = "O(log n) a bar", .stability = KL_EXACT, KL__PORTS(fosc_in, fosc_par, fosc_out)},
    .lookback = fosc_lookback, .size = kl__forecast_size, .init = kl__forecast_init, .run = fosc_run, .attempt = fosc_attempt,
    .settle = kl__forecast_settle, .pack = kl__forecast_pack,
};
