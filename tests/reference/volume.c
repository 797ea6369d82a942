/* Group volume. */
#include "series.h"

void ref_obv(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 2, n, row);
    quad *close = q_pack(in[0], row, rows), *volume = q_pack(in[1], row, rows), *sign = q_map(q_change(close, rows, 1), rows, q_sign);
    (void)params;
    if (rows) sign[0] = 1;
    q_spread(out[0], q_cumsum(q_mul(sign, volume, rows), rows), row, rows);
}

void ref_vwap(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t w = (size_t)params[0];
    quad *close = q_in(in, 4, 2, n), *volume = q_in(in, 4, 3, n);
    quad *price = params[1] == 1 ? close : q_typical(q_in(in, 4, 0, n), q_in(in, 4, 1, n), close, n);
    quad *least = q_min(volume, n, w), *vwap = q_quotient(q_sum(q_mul(price, volume, n), n, w), q_sum(volume, n, w), n);
    for (size_t k = 0; k < n; k++)
        if (least[k] >= 0) out[0][k] = vwap[k];
}
