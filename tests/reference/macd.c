#include "reference.h"

static quad macd_b(double n) { return ((quad)n - 1) / ((quad)n + 1); }

void ref_macd(const double *params, const double *const *in, size_t n, double *const *out, double *const *tol) {
    double short_n = fmin(params[0], params[1]), long_n = fmax(params[0], params[1]);
    ref_average fast = {.decay = {.b = macd_b(short_n)}, .n = (size_t)short_n};
    ref_average slow = {.decay = {.b = macd_b(long_n)}, .n = (size_t)long_n};
    ref_average signal = {.decay = {.b = macd_b(params[2])}, .n = (size_t)params[2]};
    quad carried = 0; /* what the line's error may have become in the signal */
    ref_unknown(out, tol, 3, n);
    for (size_t k = 0, seen = 0; k < n; k++) {
        if (ref_missing(in[0][k])) continue;
        if (seen++ >= (size_t)(long_n - short_n)) ref_average_step(&fast, in[0][k]);
        if (!ref_average_step(&slow, in[0][k])) continue;
        quad line = fast.decay.y - slow.decay.y;
        quad error = ref_decay_tol(&fast.decay) + ref_decay_tol(&slow.decay) + REF_U * ref_abs(line);
        carried = seen - (size_t)long_n < signal.n ? ref_max(carried, error) : signal.decay.b * carried + (1 - signal.decay.b) * error;
        if (!ref_average_step(&signal, line)) continue;
        out[0][k] = (double)line, out[1][k] = (double)signal.decay.y, out[2][k] = (double)(line - signal.decay.y);
        tol[0][k] = (double)error, tol[1][k] = (double)carried + ref_decay_tol(&signal.decay);
        tol[2][k] = tol[0][k] + tol[1][k] + REF_U * fabs(out[2][k]);
    }
}
