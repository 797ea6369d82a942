/* The accumulation line as a part of kernels: volume by the place of the close in its bar, summed up. */
#ifndef KL__FLOW_H
#define KL__FLOW_H
#include "indicator/indicator.h"
#include "simd/sums.h"

/* in: high, low, close, volume, with holes where they are. line: NaN where a flow is unknown; the sum goes on behind it. */
void kl__flow_run(kl__sums *s, const double *const *in, size_t n, double *line);
/* Of values that nobody has looked at: KL__ATTEMPT_MADE or _FAILED. */
int kl__flow_try(kl__sums *s, const double *const *in, size_t n, double *line);
/* A sum of values that nobody has looked at (sums.c). */
int kl__sums_try(kl__sums *s, const double *x, size_t n, double *y, const kl__ahead *ahead);
void kl__sums_pack(kl__sums *s, kl__snap *p);

#endif
