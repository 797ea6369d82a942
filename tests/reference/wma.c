#include "reference.h"

void ref_wma(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    size_t w = (size_t)params[0];
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0; k < n; k++) {
        if (!ref_window(in, 1, k, w)) continue;
        quad sum = 0, top = 0;
        for (size_t age = 0; age < w; age++) {
            quad x = in[0][k - age];
            sum += x * (quad)(w - age), top = ref_max(top, ref_abs(x));
        }
        out[0][k] = (double)(sum / ((quad)w * (quad)(w + 1) / 2));
        tol[0][k] = 6 * REF_U * (double)top + 0x1p-1072; /* 3 ulp of max |x| */
    }
}
