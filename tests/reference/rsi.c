#include "reference.h"

/* Gains and losses are sums of values >= 0: their errors are relative to themselves, and grow with the age of the newest
 * change, from the rounding of b. */
void ref_rsi(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    quad length = params[0], b = (length - 1) / (params[1] == 1 ? length + 1 : length), gain = 0, loss = 0;
    double previous = 0, age = 0;
    ref_unknown(out, tol, 1, n);
    for (size_t k = 0, seen = 0; k < n; k++) {
        if (ref_missing(in[0][k])) continue;
        double change = in[0][k] - previous; /* its rounding counts as the input's */
        quad up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
        previous = in[0][k];
        if (seen++ == 0) continue;
        if (seen - 1 <= (size_t)length) gain += up / length, loss += down / length;
        else gain = b * gain + (1 - b) * up, loss = b * loss + (1 - b) * down;
        age = change != 0 ? 0 : age + 1;
        if (ref_abs(gain) < 0x1p-1000) gain = 0;
        if (ref_abs(loss) < 0x1p-1000) loss = 0;
        if (seen - 1 < (size_t)length) continue;
        out[0][k] = gain + loss > 0 ? (double)(100 * gain / (gain + loss)) : params[2];
        tol[0][k] = 100 * REF_U * (double)(8 + 2 / (1 - b) + 2 * age);
        if (gain + loss < 0x1p-950) tol[0][k] = 100; /* fading into nothing: on the way the index may end early */
    }
}
