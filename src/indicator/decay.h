/* The recursive filter y = b*y + a*x, a = 1 - b, in its one canonical form: blocks of 8 samples counted from the seed, each
 * anchored at its first sample K, with d the distance of the last y before it from K:
 *     l_0 = 0, l_j = b*l_{j-1} + a*(x_j - K), y_j = K + (l_j + b^{j+1} * d).
 * What goes from block to block is the distance, not y: d' = (l_7 + (K - K')) + b^8 * d, and d = seed - K at first. It is never
 * rounded to the digits of y, so equal inputs give exactly themselves and an input that goes flat is reached. A distance
 * below 2^-1000 becomes 0, so that no output creeps along in denormals. With b = 0 each sample is a block of its own.
 * With `zero` it is the same with K = 0, for sums of values >= 0 whose quotient is wanted: it never subtracts, so small
 * averages keep their relative accuracy. */
#ifndef KL__DECAY_H
#define KL__DECAY_H
#include "indicator/indicator.h"
#include "simd/decay.h"

typedef struct kl__decay {
    kl__pole pole;
    kl__carry carry;
} kl__decay;

/* b in [0, 1). */
void kl__decay_init(kl__decay *d, double b);
void kl__decay_seed(kl__decay *d, double y, int zero);
int kl__decay_ordinary(const kl__decay *d); /* 1: y of ordinary values that follow will be ordinary too */
double kl__decay_last(const kl__decay *d, int zero); /* y */
/* x and y may be the same memory. Returns 1 where all values were so ordinary that those of y are too, with one to compare by: where
 * it is not so, d is to be put back to what it was, unless the values had been looked at. */
int kl__decay_run(kl__decay *d, const double *x, size_t n, double *y, int zero);
/* Two filters over as many values, each as alone; y[0] and x[1] are not the same memory. */
int kl__decay_run_both(kl__decay *const d[2], const double *const x[2], size_t n, double *const y[2], int zero);
/* y: the first less the second; x is not y. */
int kl__decay_run_less(kl__decay *const d[2], const double *x, size_t n, double *y);
/* Rows up to the next block, at least one: what goes before the loops of simd/decay.h that look at the row before. */
KL__INLINE size_t kl__decay_head(const kl__decay *d) { return KL__DECAY_BLOCK - (size_t)d->carry.at; }
void kl__decay_pack(kl__decay *d, kl__snap *p);

/* The mean of the first n values: distances from the first one, summed with their rounding errors. */
typedef struct kl__seed {
    uint64_t n, have;
    double first, sum, error;
} kl__seed;
void kl__seed_init(kl__seed *s, uint64_t n);
/* Takes values until it has n; returns how many of the `count` it took. */
size_t kl__seed_take(kl__seed *s, const double *x, size_t count);
double kl__seed_mean(const kl__seed *s);
void kl__seed_pack(kl__seed *s, kl__snap *p);

/* A moving average with its seed: the mean of the first n values, or (n = 1) the first value; NaN before. */
typedef struct kl__average {
    kl__seed seed;
    kl__decay decay;
} kl__average;
void kl__average_init(kl__average *m, double b, uint64_t seed_n);
void kl__average_run(kl__average *m, const double *x, size_t n, double *y);
/* The same for the filter alone, of values that nobody has looked at: returns KL__ATTEMPT_MADE or _FAILED. */
int kl__average_try(kl__average *m, const double *x, size_t n, double *y);
/* less: x - y */
int kl__average_try_less(kl__average *m, const double *x, size_t n, double *y, double *less);
void kl__average_pack(kl__average *m, kl__snap *p);

/* One that leaves the first `start` values out. */
typedef struct kl__late {
    uint64_t start, left; /* left: out so far */
    kl__average average;
} kl__late;
void kl__late_init(kl__late *l, double b, uint64_t seed_n, uint64_t start);
void kl__late_run(kl__late *l, const double *x, size_t n, double *y);
int kl__late_try(kl__late *l, const double *x, size_t n, double *y);
void kl__late_pack(kl__late *l, kl__snap *p);

/* Samples after which a level of before weighs less than 10^-digits: b^samples. */
double kl__decay_needed(double b, double digits);

/* b of the usual smoothings over n bars, a = 1 - b: exponential a = 2/(n+1), Wilder a = 1/n. */
KL__INLINE double kl__decay_ema(double n) { return (n - 1.0) / (n + 1.0); }
KL__INLINE double kl__decay_wilder(double n) { return (n - 1.0) / n; }

#endif
