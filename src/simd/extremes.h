/* Least and greatest values of windows. */
#ifndef KL__EXTREMES_H
#define KL__EXTREMES_H
#include "base/check.h"

#define KL__EXTREMES_W 1024 /* longest window */
#define KL__EXTREMES_SEES_W 32

/* out[j], j < n: the least (greatest) of the w values from x[j] on, NaN where one of them is NaN; 1 <= w <= KL__EXTREMES_W.
 * x holds n + w - 1 values, none infinite and none -0.0; it must not overlap out.
 * With AVX-512 and up to KL__EXTREMES_SEES_W: 1 where all values are below 2^1000 and none is NaN or -0.0; else 0. */
int kl__extremes(const double *x, double *out, size_t n, size_t w, int greatest);

#endif
