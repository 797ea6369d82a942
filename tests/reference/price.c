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
