/* Sums and extremes over a run of trades, by the instruction set of the machine; the bits are the same with each.
 *
 * Value j of a run goes into lane j mod 8; the lanes are added ((0+4)+(2+6)) + ((1+5)+(3+7)). */
#ifndef KL__RUNS_H
#define KL__RUNS_H
#include "base/check.h"

typedef struct kl__run_sums {
    double high, low, volume;
    double amount; /* sum of price * quantity */
} kl__run_sums;

typedef struct kl__run_kernels {
    /* price and quantity have n > 0 values. */
    void (*sums)(const double *price, const double *quantity, size_t n, kl__run_sums *sums);
    void (*sums_without_amount)(const double *price, const double *quantity, size_t n, kl__run_sums *sums);
    /* 1 where no value lies below the one in front of it; values of one century. */
    int (*rises)(const int64_t *values, size_t n);
} kl__run_kernels;

const kl__run_kernels *kl__run_kernels_best(void);
/* 0 plain C, 1 SSE2, 2 AVX2; NULL where the machine has it not: for tests. */
const kl__run_kernels *kl__run_kernels_at(int level);

KL__INLINE double kl__run_tree(const double *lane) {
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

#endif
