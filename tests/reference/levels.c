/* Group levels. */
#include "series.h"

void ref_fractal(const double *params, const double *const *in, size_t n, quad *const *out) {
    size_t left = (size_t)params[0], right = (size_t)params[1];
    for (int side = 0; side < 2; side++) {
        quad *x = q_scale(q_from(in[side], n), side ? -1 : 1, n), held = q_nan();
        for (size_t k = 0; k < n; k++) {
            quad swing = q_nan();
            if (k >= left + right) {
                quad middle = x[k - right];
                swing = 100;
                for (size_t j = k - right - left; j <= k; j++)
                    if (j != k - right && !(middle > x[j])) swing = 0;
                for (size_t j = k - right - left; j <= k; j++)
                    if (!q_known(x[j])) swing = q_nan();
            }
            if (swing == 100) held = x[k - right];
            out[side][k] = swing;
            out[side + 2][k] = side ? -held : held;
        }
    }
}
