#include "reference.h"

void ref_atr(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    quad length = params[0], carried = 0;
    ref_average m = {.decay = {.b = (length - 1) / length}, .n = (size_t)params[0]};
    double close = 0;
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0, seen = 0; k < n; k++) {
        if (ref_row_missing(in, 3, k)) continue;
        quad range = (quad)fmax(in[0][k], close) - (quad)fmin(in[1][k], close);
        close = in[2][k];
        if (seen++ == 0) continue;
        carried = m.decay.b * carried + (1 - m.decay.b) * REF_U * ref_abs(range); /* the range is rounded once */
        if (m.have < m.n) carried = ref_max(carried, REF_U * ref_abs(range));
        if (!ref_average_step(&m, range)) continue;
        out[0][k] = (double)m.decay.y;
        tol[0][k] = ref_decay_tol(&m.decay) + (double)carried;
    }
}
