/* Square roots as the instruction, in loops too, whatever flags the library is compiled with. Where sqrt may have to set errno,
 * compilers call a function and make no vectors of its loops; a function that is `const` sets nothing. The root of IEEE 754 is
 * exact: the bits are the same. */
#ifndef KL__ROOTS_H
#define KL__ROOTS_H
#include "base/check.h"
#include <math.h>

#if defined(__GNUC__)
double(sqrt)(double) __attribute__((const));
#endif

KL__INLINE double kl__sqrt(double x) { return sqrt(x); }

#endif
