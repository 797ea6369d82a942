#include "base/fp.h"
#include "indicator/fir.h"
#include "simd/level.h"

#define FIR_LANES 32
#define FIR_PART 64 /* terms that are added in a row, before their sum is added to the whole */

KL__INLINE kl__past *fir_past(kl__fir *f) { return (kl__past *)(void *)(kl__fir_weights(f) + f->w); }

size_t kl__fir_size(size_t w) { return sizeof(kl__fir) + w * sizeof(double) + kl__past_size(w); }

void kl__fir_init(kl__fir *f, size_t w) {
    f->w = w;
    kl__past_init(fir_past(f), w);
}

void kl__fir_begin(kl__fir *f) {
    double *weight = kl__fir_weights(f), sum = 0.0, error = 0.0;
    for (size_t i = 0; i < f->w; i++) {
        double next = sum + weight[i], back = next - sum;
        error += (sum - (next - back)) + (weight[i] - back);
        sum = next;
    }
    for (size_t i = 0; i < f->w; i++) weight[i] /= sum + error;
}

/* Weights are 0 or more, so nothing cancels; a mean lies between least and greatest value. */
KL__INLINE void fir_some(const double *restrict weight, const double *restrict x, size_t w, double *restrict y, const size_t lanes) {
    double sum[FIR_LANES], part[FIR_LANES], least[FIR_LANES], greatest[FIR_LANES];
    for (size_t j = 0; j < lanes; j++) sum[j] = 0.0, least[j] = greatest[j] = x[j];
    for (size_t i = 0, end; i < w; i = end) {
        end = i + FIR_PART < w ? i + FIR_PART : w;
        for (size_t j = 0; j < lanes; j++) part[j] = 0.0;
        for (; i < end; i++)
            for (size_t j = 0; j < lanes; j++) {
                double v = x[i + j];
                part[j] += weight[i] * v;
                least[j] = v < least[j] ? v : least[j];
                greatest[j] = v > greatest[j] ? v : greatest[j];
            }
        for (size_t j = 0; j < lanes; j++) sum[j] += part[j];
    }
    for (size_t j = 0; j < lanes; j++) {
        double mean = sum[j] < least[j] ? least[j] : sum[j];
        y[j] = (mean > greatest[j] ? greatest[j] : mean) + 0.0; /* no -0.0 */
    }
}

KL__INLINE void fir_rows_body(const double *weight, const double *x, size_t w, size_t rows, double *y) {
    size_t j = 0;
    for (; rows - j >= FIR_LANES; j += FIR_LANES) fir_some(weight, x + j, w, y + j, FIR_LANES);
    for (; rows - j >= 8; j += 8) fir_some(weight, x + j, w, y + j, 8);
    for (; j < rows; j++) fir_some(weight, x + j, w, y + j, 1);
}
KL__SIMD_EACH(fir_rows, (const double *weight, const double *x, size_t w, size_t rows, double *y), (weight, x, w, rows, y))
static void (*const fir_rows[])(const double *, const double *, size_t, size_t, double *) = KL__SIMD_TABLE(fir_rows);

static void fir_windows(const void *context, const double *window, size_t w, size_t rows, double *y) {
    fir_rows[kl__simd_tier()](context, window, w, rows, y);
}

void kl__fir_run(kl__fir *f, const double *x, size_t n, double *y) {
    kl__past_run(fir_past(f), x, n, fir_windows, kl__fir_weights(f), y);
}

void kl__fir_pack(kl__fir *f, kl__snap *p) { kl__past_pack(fir_past(f), p); }
