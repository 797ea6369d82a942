/* The sum of all values so far, which does not drift, in its one canonical form: blocks of 8 values counted from the first one, each with
 * its own sums l and what their additions lost, e:
 *     l_0 = x_0, e_0 = 0, l_j = l_{j-1} + x_j, e_j = e_{j-1} + what that lost;
 *     s_j = S + l_j, t_j what that lost, y_j = s_j + (t_j + (E + e_j)),
 * S and E those of the blocks before: S' = s_7, E' = E + (e_7 + t_7). */
#ifndef KL__SIMD_SUMS_H
#define KL__SIMD_SUMS_H
#include <stddef.h>
#include <stdint.h>

#define KL__SUMS_BLOCK 8

typedef struct kl__sums {
    double sum, error, local, lost; /* S, E, l, e; l and e are 0 where no block is under way */
    uint64_t at;                    /* values of the block under way */
} kl__sums;

/* Columns that are fetched while rows are computed; nothing is read of them. */
typedef struct kl__ahead {
    const double *column[4];
    uint32_t n;
} kl__ahead;

double kl__sums_one(kl__sums *s, double x);
/* Returns the greatest magnitude of x; a value that is NaN is passed over, but leaves NaN behind. x and y may be the same memory. */
double kl__sums_rows(kl__sums *s, const double *x, size_t n, double *y, const kl__ahead *ahead);

#endif
