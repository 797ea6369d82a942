/* Whole blocks of the recursive filter of indicator/decay.h, several blocks at once. */
#ifndef KL__SIMD_DECAY_H
#define KL__SIMD_DECAY_H
#include <stddef.h>

#define KL__DECAY_BLOCK 8
#define KL__DECAY_TINY 0x1p-1000 /* a distance below it becomes 0 */

/* power[j] = b^(j+1) */
typedef struct kl__pole {
    double a, b, power[KL__DECAY_BLOCK];
} kl__pole;

/* From the last y of the block before, `last`; returns that of the last block. x and y may be the same memory. */
double kl__decay_blocks(const kl__pole *pole, double last, const double *x, size_t blocks, double *y);
double kl__decay_blocks_zero(const kl__pole *pole, double last, const double *x, size_t blocks, double *y);
/* Two filters: y[0] must not be x[1]. */
void kl__decay_blocks_both(const kl__pole *const pole[2], double *const last[2], const double *const x[2], size_t blocks,
                           double *const y[2], int zero);

#endif
