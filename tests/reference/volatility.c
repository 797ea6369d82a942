/* Group volatility. */
#include "series.h"

void ref_atr(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 3, n, row);
    quad *tr = q_tr(q_pack(in[0], row, rows), q_pack(in[1], row, rows), q_pack(in[2], row, rows), rows);
    static quad *(*const kinds[])(const quad *, size_t, size_t) = {q_rma, q_ema, q_mean};
    q_spread(out[0], kinds[(int)params[1]](tr, rows, (size_t)params[0]), row, rows);
}

void ref_bbw(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *x = q_from(in[0], n), *mean = q_mean(x, n, (size_t)params[0]), *std = q_std(x, n, (size_t)params[0], 0);
    q_copy(out[0], q_quotient(q_scale(std, 2 * (quad)params[1], n), mean, n), n);
}

void ref_volatility(const double *params, const double *const *in, size_t n, quad *const *out) {
    quad *ratio = q_ratio(q_from(in[0], n), n, 1);
    q_copy(out[0], q_scale(q_std(ratio, n, (size_t)params[0], 0), q_sqrt(params[1]), n), n);
}
