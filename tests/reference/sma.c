#include "reference.h"

void ref_sma(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    size_t w = (size_t)params[0];
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0; k < n; k++) {
        if (!ref_window(in, 1, k, w)) continue;
        quad sum = 0, top = 0;
        for (size_t j = k + 1 - w; j <= k; j++) sum += in[0][j], top = ref_max(top, ref_abs(in[0][j]));
        out[0][k] = (double)(sum / (quad)w);
        tol[0][k] = 4 * REF_U * (double)top + 0x1p-1074; /* 2 ulp of max |x| */
    }
}
