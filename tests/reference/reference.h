/* Helpers of the long-form references of windows, in arithmetic of 113 or more bits. Those of indicators: series.h. */
#ifndef KL_TEST_REFERENCE_H
#define KL_TEST_REFERENCE_H
#include "quad.h"

#define REF_U 0x1p-53

/* NaN, infinite, or of a magnitude of 2^1000 and more. */
static inline int ref_missing(double x) { return !(fabs(x) < 0x1p1000); }
static inline quad ref_abs(quad x) { return x < 0 ? -x : x; }
static inline quad ref_max(quad a, quad b) { return a > b ? a : b; }

/* Square root by Newton's rule. */
static inline quad ref_sqrt(quad x) {
    if (!(x > 0)) return 0;
    quad scale = 1;
    while (x < 0x1p-200) x *= 0x1p400, scale *= 0x1p-200;
    while (x > 0x1p200) x *= 0x1p-400, scale *= 0x1p200;
    quad y = (quad)sqrt((double)x);
    for (int i = 0; i < 3; i++) y = (y + x / y) / 2;
    return y * scale;
}

#endif
