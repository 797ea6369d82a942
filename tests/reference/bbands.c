#include "reference.h"

void ref_bbands(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    size_t w = (size_t)params[0];
    ref_unknown(out, tol, 3, n);
    for (size_t k = 0; k < n; k++) {
        if (!ref_window(in, 1, k, w)) continue;
        quad mean = 0, square = 0, top = 0;
        for (size_t j = k + 1 - w; j <= k; j++) mean += in[0][j], top = ref_max(top, ref_abs(in[0][j]));
        mean /= (quad)w;
        for (size_t j = k + 1 - w; j <= k; j++) square += (in[0][j] - mean) * (in[0][j] - mean);
        out[1][k] = (double)mean;
        tol[1][k] = 4 * REF_U * (double)top + 0x1p-1069; /* 2 ulp of max |x| */
        if (square > 0x1p1023) continue; /* beyond what a double holds */
        quad std = ref_sqrt(square / (quad)w), width = params[1] * std;
        out[0][k] = (double)(mean + width), out[2][k] = (double)(mean - width);
        /* std to 4 ulp (below 2^-511 its square leaves the doubles), one rounding at the end */
        tol[0][k] = tol[2][k] = tol[1][k] + 8 * REF_U * (double)width + params[1] * 0x1p-500 + REF_U * (double)(top + width);
    }
}
