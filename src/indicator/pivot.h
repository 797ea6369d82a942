/* Pivots of highs and lows: a high above each of the `left` bars before it and not below any of the `right` bars after it, known with
 * the last of these; lows the other way. The last bars are kept in a ring behind the struct. */
#ifndef KL__PIVOT_H
#define KL__PIVOT_H
#include "indicator/kernel.h"

#define KL__PIVOT_MAX 1000 /* most bars on one side */

typedef struct kl__pivot {
    uint64_t left, right;
    uint64_t at, have; /* where the next bar goes, and how many there are, at most left + 1 + right */
} kl__pivot;

KL__INLINE size_t kl__pivot_size(double left, double right) { return sizeof(kl__pivot) + 2 * sizeof(double) * (size_t)(left + right + 1.0); }
void kl__pivot_init(kl__pivot *p, double left, double right);
/* Takes a bar. Bit 0: the bar of `right` bars ago is a pivot high, *top; bit 1: a pivot low, *bottom. */
unsigned kl__pivot_step(kl__pivot *p, double high, double low, double *top, double *bottom);
void kl__pivot_pack(kl__pivot *p, kl__snap *snap);

#endif
