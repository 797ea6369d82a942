/* Sorted values in vectors, by the instruction set of the machine. */
#ifndef KL__SIMD_ORDER_H
#define KL__SIMD_ORDER_H
#include "simd/level.h"

#define KL__ORDER_LANES 8

typedef struct kl__order_kernels {
    /* In n sorted places, n a multiple of 8, the first value that is not below r leaves and p comes: each place chooses among
     * itself and its neighbours. `before` is not above the first place; behind the last there are 8 more that may be read.
     * r or p may be +inf: none, where +inf fills the last places. */
    void (*replace)(double *s, size_t n, double before, double r, double p);
    size_t whole; /* up to so many places it is faster to replace in all than to look where it begins and ends */
    /* how many of n values lie below v, in any order; how many do not lie above it */
    uint32_t (*below)(const double *s, size_t n, double v);
    uint32_t (*up_to)(const double *s, size_t n, double v);
} kl__order_kernels;

extern const kl__order_kernels kl__order_kernels_of[KL__SIMD_TIERS];

#endif
