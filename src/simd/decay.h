/* The recursive filter of indicator/decay.h over rows that begin with a block, several blocks at once. */
#ifndef KL__SIMD_DECAY_H
#define KL__SIMD_DECAY_H
#include <stddef.h>
#include <stdint.h>

#define KL__DECAY_BLOCK 8
#define KL__DECAY_TINY 0x1p-1000 /* a distance below it becomes 0 */

/* power[j] = b^(j+1) */
typedef struct kl__pole {
    double a, b, power[KL__DECAY_BLOCK];
} kl__pole;

/* K, l_j and c - K of the block under way, or of the last one where none is. */
typedef struct kl__carry {
    double anchor, local, distance;
    uint64_t at; /* samples of the block under way */
} kl__carry;

/* Returns the greatest magnitude of x; a value that is NaN is passed over, but leaves the carry NaN. carry->at has to be 0, b > 0.
 * x and y may be the same memory. */
double kl__decay_rows(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, int zero);
/* With less[j] = x[j] - y[j]. */
double kl__decay_rows_less(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, double *less);
/* Two filters: y[0] must not be x[1], unless y[0] is y[1] and x[0] x[1]: then it is y[0] - y[1] that is written. */
double kl__decay_rows_both(const kl__pole *const pole[2], kl__carry *const carry[2], const double *const x[2], size_t n, double *const y[2],
                           int zero);

/* The same of what is made of columns on the way. There are rows before the first one, n > 0, and values may be anything: returns 1 where
 * one was NaN or large, and then carries and outputs are worth nothing. */
/* in: high, low, close; the filter of true ranges. */
int kl__decay_rows_range(const kl__pole *pole, kl__carry *carry, const double *const *in, size_t n, double *y);
/* 100 * gain / (gain + loss) of the filtered rises and falls of x, with zero = 1; flat where there are neither. */
int kl__decay_rows_sides(const kl__pole *pole, kl__carry *const carry[2], const double *x, size_t n, double flat, double *y);

#endif
