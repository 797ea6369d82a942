/* Group volatility. */
#include "series.h"

void ref_atr(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t *row = q_rows(n), rows = q_known_rows(in, 3, n, row);
    quad *tr = q_tr(q_pack(in[0], row, rows), q_pack(in[1], row, rows), q_pack(in[2], row, rows), rows);
    static quad *(*const kinds[])(const quad *, size_t, size_t) = {q_rma, q_ema, q_mean};
    q_spread(out[0], kinds[(int)params[1]](tr, rows, (size_t)params[0]), row, rows);
}
