/* Averages and bands: group overlap. */
#include "series.h"

void ref_bbands(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *mean = q_mean(x, n, (size_t)params[0]), *std = q_std(x, n, (size_t)params[0], 0);
    for (size_t k = 0; k < n; k++) {
        out[1][k] = mean[k];
        if (std[k] * std[k] * (quad)params[0] > 0x1p1023) continue; /* beyond what a double holds */
        out[0][k] = mean[k] + params[1] * std[k];
        out[2][k] = mean[k] - params[1] * std[k];
    }
}

void ref_ema(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_average(q_from(in[0], n), n, (size_t)params[0], 2 / ((quad)params[0] + 1), params[1], 0), n);
}

void ref_rma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_average(q_from(in[0], n), n, (size_t)params[0], 1 / (quad)params[0], params[1], 0), n);
}

void ref_sma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_mean(q_from(in[0], n), n, (size_t)params[0]), n);
}

void ref_wma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_wmean(q_from(in[0], n), n, (size_t)params[0]), n);
}
