/* The number type of references: at least 113 bits where the machine or its compiler has them. */
#ifndef KL_TEST_QUAD_H
#define KL_TEST_QUAD_H
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* doubles become quads everywhere here, on purpose */
#pragma GCC diagnostic ignored "-Wdouble-promotion"

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;
#else
typedef long double quad; /* 113 bits on the machines without __float128 that we test on */
#endif

#endif
