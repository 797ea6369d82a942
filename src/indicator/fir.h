/* A weighted mean of the last w values; equal values give exactly themselves. */
#ifndef KL__INDICATOR_FIR_H
#define KL__INDICATOR_FIR_H
#include "indicator/past.h"

/* Its weights follow it, the oldest first; then what is behind the current value. */
typedef struct kl__fir {
    uint64_t w;
} kl__fir;

KL__INLINE double *kl__fir_weights(kl__fir *f) { return (double *)(void *)(f + 1); }
size_t kl__fir_size(size_t w);
/* The caller fills in kl__fir_weights, 0 or more and not all 0, and calls kl__fir_begin. */
void kl__fir_init(kl__fir *f, size_t w);
void kl__fir_begin(kl__fir *f);
void kl__fir_run(kl__fir *f, const double *x, size_t n, double *y);
void kl__fir_pack(kl__fir *f, kl__snap *p);

#endif
