#include "reference.h"

void ref_rma(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    quad length = params[0];
    ref_average m = {.decay = {.b = (length - 1) / length}, .n = params[1] == 1 ? 1 : (size_t)params[0]};
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0; k < n; k++) {
        if (ref_missing(in[0][k]) || !ref_average_step(&m, in[0][k])) continue;
        out[0][k] = (double)m.decay.y;
        tol[0][k] = ref_decay_tol(&m.decay);
    }
}
