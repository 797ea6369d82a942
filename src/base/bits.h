/* Counting zero bits, on compilers with and without an instruction for it. */
#ifndef KL__BITS_H
#define KL__BITS_H
#include "base/check.h"

/* zeros below the lowest set bit; v is not 0. */
KL__INLINE unsigned kl__trailing_zeros_u64(uint64_t v) {
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(v);
#else
    unsigned n = 0;
    for (unsigned step = 32; step; step >>= 1)
        if ((v & ((UINT64_C(1) << step) - 1)) == 0) v >>= step, n += step;
    return n;
#endif
}
/* zeros above the highest set bit; v is not 0. */
KL__INLINE unsigned kl__leading_zeros_u64(uint64_t v) {
#if defined(__GNUC__)
    return (unsigned)__builtin_clzll(v);
#else
    unsigned n = 0;
    for (unsigned step = 32; step; step >>= 1)
        if (v >> (64 - step) == 0) v <<= step, n += step;
    return n;
#endif
}

#endif
