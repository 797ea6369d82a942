#include "reference.h"

void ref_vwap(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    size_t w = (size_t)params[0];
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0; k < n; k++) {
        if (!ref_window(in, 4, k, w)) continue;
        quad value = 0, volume = 0, top = 0;
        int negative = 0;
        for (size_t j = k + 1 - w; j <= k; j++) {
            /* the price of a bar is a double of its own */
            double price = params[1] == 1 ? in[2][j] : ((in[0][j] + in[1][j]) + in[2][j]) / 3.0;
            negative |= in[3][j] < 0;
            value += (quad)price * (quad)in[3][j], volume += in[3][j], top = ref_max(top, ref_abs((quad)price));
        }
        if (negative || !(volume > 0)) continue;
        out[0][k] = (double)(value / volume);
        tol[0][k] = 6 * REF_U * (double)top + 0x1p-1072; /* 3 ulp of the greatest price */
    }
}
