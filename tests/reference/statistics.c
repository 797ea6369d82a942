/* Group statistics. */
#include "series.h"

void ref_avgdev(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_avgdev(q_from(in[0], n), n, (size_t)params[0]), n);
}

/* Least squares over 1, 2 .. w; `at`: the value there, or 0 for the rise. Each abscissa may be rounded: where the weight of an outlier
 * happens to be 0, what its own rounding moves would say that nothing may be off. */
static quad *statistics_line(const quad *x, size_t n, size_t w, size_t at) {
    quad *result = q_new(n), *t = q_new(w);
    for (size_t k = w - 1; k < n; k++) {
        quad tm = 0, xm = 0, tx = 0, tt = 0;
        for (size_t j = 0; j < w; j++) t[j] = q_rounded((quad)(j + 1)), tm += t[j] / (quad)w, xm += x[k + 1 + j - w] / (quad)w;
        for (size_t j = 0; j < w; j++) tx += (t[j] - tm) * (x[k + 1 + j - w] - xm), tt += (t[j] - tm) * (t[j] - tm);
        result[k] = at ? xm + tx / tt * ((quad)at - tm) : tx / tt;
    }
    return result;
}
static quad statistics_angle(quad rise) { return q_atan(rise) * 180 / q_pi(); }
void ref_linearreg_angle(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_map(statistics_line(q_from(in[0], n), n, (size_t)params[0], 0), n, statistics_angle), n);
}
void ref_tsf(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n);
    q_copy(out[0], q_add(q_intercept(x, n, (size_t)params[0]), q_scale(q_slope(x, n, (size_t)params[0]), params[0], n), n), n);
}
void ref_stddev(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_std(q_from(in[0], n), n, (size_t)params[0], 0), params[1], n), n);
}
void ref_stderror(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_scale(q_std(q_from(in[0], n), n, (size_t)params[0], 0), 1 / q_sqrt(params[0]), n), n);
}
void ref_beta(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_ratio(q_from(in[0], n), n, 1), *y = q_ratio(q_from(in[1], n), n, 1);
    q_copy(out[0], q_regbeta(x, y, n, (size_t)params[0]), n);
}
void ref_minmax(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], q_min(q_from(in[0], n), n, (size_t)params[0]), n);
    q_copy(out[1], q_max(q_from(in[0], n), n, (size_t)params[0]), n);
}
/* The row of an age. */
static quad *statistics_rows(const quad *age, size_t n) {
    quad *result = q_new(n);
    for (size_t k = 0; k < n; k++) result[k] = (quad)k - age[k];
    return result;
}
void ref_maxindex(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], statistics_rows(q_argmax(q_from(in[0], n), n, (size_t)params[0]), n), n);
}
void ref_minindex(const double *params, const double *const *in, size_t n, quad *const *out) {
    q_copy(out[0], statistics_rows(q_argmin(q_from(in[0], n), n, (size_t)params[0]), n), n);
}
void ref_minmaxindex(const double *params, const double *const *in, size_t n, quad *const *out) {
    ref_minindex(params, in, n, out);
    ref_maxindex(params, in, n, out + 1);
}
