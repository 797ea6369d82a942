/* A choice between two doubles by their bits: compilers that make a branch of `?:` around arithmetic do not vectorise the loop. */
#ifndef KL__PICK_H
#define KL__PICK_H
#include "base/endian.h"

/* yes: 1 or 0 */
KL__INLINE double kl__pick(int yes, double a, double b) {
    uint64_t mask = yes ? UINT64_MAX : 0;
    return kl__bits_double((kl__double_bits(a) & mask) | (kl__double_bits(b) & ~mask));
}

#endif
