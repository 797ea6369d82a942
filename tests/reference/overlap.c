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
    q_copy(out[0], q_average(q_from(in[0], n), n, (size_t)params[0], 2 / ((quad)params[0] + 1), params[1], params[2]), n);
}

void ref_rma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_average(q_from(in[0], n), n, (size_t)params[0], 1 / (quad)params[0], params[1], params[2]), n);
}

void ref_sma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_mean(q_from(in[0], n), n, (size_t)params[0]), n);
}

void ref_wma(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_wmean(q_from(in[0], n), n, (size_t)params[0]), n);
}

/* y goes from `first` by alpha of the distance to x; rows with an unknown input are left out. */
static quad *overlap_adapt(const quad *x, const quad *alpha, const quad *first, size_t n) {
    quad *result = q_new(n), y = q_nan();
    for (size_t k = 0; k < n; k++) {
        if (!q_known(x[k]) || !q_known(alpha[k]) || !q_known(first[k])) continue;
        if (!q_known(y)) y = first[k];
        quad next = y + alpha[k] * (x[k] - y);
        if (q_abs(next) < 0x1p1000) result[k] = y = next;
    }
    return result;
}

void ref_adapt(const double *params, const double *const *in, size_t n, quad *const *out) {
    (void)params;
    q_copy(out[0], overlap_adapt(q_in(in, 3, 0, n), q_in(in, 3, 1, n), q_in(in, 3, 2, n), n), n);
}

void ref_alma(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *weight = q_new(w), s = (quad)w / (quad)params[1], m = q_floor((quad)params[2] * (quad)(w - 1)), sum = 0;
    for (size_t j = 0; j < w; j++) {
        quad d = (quad)j - m;
        sum += weight[j] = q_exp(-d * d / (2 * s * s));
    }
    q_copy(out[0], q_scale(q_weighted(q_from(in[0], n), n, w, weight), 1 / sum, n), n);
}

void ref_mavp(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_in(in, 2, 0, n), *periods = q_in(in, 2, 1, n);
    double least = params[0], greatest = params[1] > params[0] ? params[1] : params[0];
    quad *whole = q_sum(x, n, (size_t)greatest);
    for (size_t k = 0; k < n; k++) {
        if (!q_known(whole[k])) continue;
        size_t w = (size_t)(periods[k] < least ? least : periods[k] > greatest ? greatest : (double)periods[k]);
        quad sum = 0, weights = 0;
        for (size_t j = 0; j < w; j++) {
            quad weight = params[2] == 1 ? (quad)(w - j) : 1;
            sum += weight * x[k - j], weights += weight;
        }
        out[0][k] = sum / weights;
    }
}

void ref_mcgd(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 1, n, row);
    quad *x = q_pack(in[0], row, rows), y = 0;
    for (size_t i = 0; i < rows; i++) {
        quad r = y != 0 ? x[i] / y : 0, divisor = (quad)params[0] * (quad)params[1] * r * r * r * r;
        y = y == 0 || divisor <= 1 ? x[i] : y + (x[i] - y) / divisor;
        if ((double)i + 1 >= params[0]) out[0][row[i]] = y;
    }
}
