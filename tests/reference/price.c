/* Group price. */
#include "series.h"

/* The greatest of what is left of each value so far. */
void ref_expdecay(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad y = q_nan();
    for (size_t k = 0; k < n; k++) {
        if (q_missing(in[0][k])) continue;
        quad left = y * ((quad)params[0] - 1) / (quad)params[0];
        out[0][k] = y = q_known(y) && left > in[0][k] ? left : (quad)in[0][k];
    }
}

void ref_lindecay(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad y = q_nan();
    for (size_t k = 0; k < n; k++) {
        if (q_missing(in[0][k])) continue;
        quad left = y - 1 / (quad)params[0];
        out[0][k] = y = q_known(y) && left > in[0][k] ? left : (quad)in[0][k];
    }
}

/* Weighted mean of the inputs of each row. */
static void price_mean(const double *const *in, const quad *weight, size_t inputs, size_t n, quad *out) {
    for (size_t k = 0; k < n; k++) {
        quad sum = 0, weights = 0;
        for (size_t i = 0; i < inputs; i++) sum += q_missing(in[i][k]) ? q_nan() : weight[i] * in[i][k], weights += weight[i];
        out[k] = sum / weights;
    }
}

void ref_avgprice(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    price_mean(in, (const quad[]){1, 1, 1, 1}, 4, n, out[0]);
}
void ref_medprice(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    price_mean(in, (const quad[]){1, 1}, 2, n, out[0]);
}
void ref_typprice(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    price_mean(in, (const quad[]){1, 1, 1}, 3, n, out[0]);
}
void ref_wclprice(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    price_mean(in, (const quad[]){1, 1, 2}, 3, n, out[0]);
}
