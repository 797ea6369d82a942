/* Included first by every source with floating-point arithmetic: the bits of results depend on no operation being fused,
 * widened or reordered, whatever flags the library is compiled with. */
#ifndef KL__FP_H
#define KL__FP_H
#include <float.h>
#if defined(__FAST_MATH__)
#error "libkline promises the same bits everywhere: compile it without -ffast-math"
#endif
/* 1 (float in double, as on s390x) and 16 leave double as it is */
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 1 && FLT_EVAL_METHOD != 16
#error "libkline needs arithmetic in double: on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif
#endif
