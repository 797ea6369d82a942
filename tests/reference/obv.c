#include "reference.h"

void ref_obv(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    quad total = 0;
    double top = 0, close = 0, rows = 0;
    (void)params;
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0; k < n; k++) {
        if (ref_row_missing(in, 2, k)) continue;
        if (rows++ == 0 || in[0][k] > close) total += in[1][k];
        else if (in[0][k] < close) total -= in[1][k];
        close = in[0][k];
        top = fmax(top, fabs((double)total));
        out[0][k] = (double)total;
        tol[0][k] = 2 * REF_U * fabs((double)total) + rows * rows * REF_U * REF_U * top; /* no drift */
    }
}
