#include "base/fp.h"
#include "indicator/forecast.h"

static int64_t tsf_lookback(const double *params) { return (int64_t)params[0] - 1; }
static void tsf_run(void *state, const double *const *in, size_t n, double *const *out) { kl__forecast_run(state, in[0], n, out[0], 0); }
static int tsf_attempt(void *state, const double *const *in, size_t n, double *const *out) { return kl__forecast_try(state, in, n, out, 0); }

static const kl_input_info tsf_in[] = {{"x", "close"}};
static const kl_param_info tsf_par[] = {{"n", "length of the window in bars", KL_PARAM_INT, 14, 2, KL_PERIOD_MAX, NULL}};
static const kl_output_info tsf_out[] = {{"tsf", "value of the line one bar ahead", KL__ANY, "price", 0, 1, 0}};

const kl__indicator kl__ind_tsf = {
    .pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "tsf", .title = "Time series forecast", .group = "statistics",
            .since = "0.1", .source = "least squares", .cost = "O(log n) a bar", .stability = KL_EXACT, KL__PORTS(tsf_in, tsf_par, tsf_out)},
    .lookback = tsf_lookback, .size = kl__forecast_size, .init = kl__forecast_init, .run = tsf_run, .attempt = tsf_attempt,
    .settle = kl__forecast_settle, .pack = kl__forecast_pack,
};
