/* The choice of an instruction set, and how a loop is compiled once for each.
 *
 * A kernel is written once, in plain C, as an always-inline function `name_body`; vector lanes are times, symbols, pairs or
 * blocks, so that each lane does the operations of the scalar definition in their order and the bits are the same.
 * KL__SIMD_EACH(name, (parameters), (arguments)) makes name_baseline, name_avx2 and name_avx512 of it,
 * KL__SIMD_TABLE(name) the initialiser of a table of them, and table[kl__simd_tier()] is the one to call. Where plain C
 * does not vectorise well enough, a body for one tier may be written with intrinsics, here in src/simd. */
#ifndef KL__LEVEL_H
#define KL__LEVEL_H
#include "base/check.h"
#include "kline/simd.h"

/* gcc makes vectors at -O2 too, but of few loops: it may weigh them as at -O3. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#define KL__SIMD_TIERS 3

/* 0 baseline (or NEON), 1 AVX2, 2 AVX-512. */
uint32_t kl__simd_tier(void);

/* Not without optimisation: there every vector of an inlined body has a place of its own on the stack, megabytes of them. */
#if defined(__GNUC__) && defined(__x86_64__) && defined(__OPTIMIZE__)
#define KL__SIMD_X86 1
#define KL__TARGET_AVX2 __attribute__((target("avx2")))
#if defined(__clang__)
#define KL__TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"), min_vector_width(512)))
#else
#define KL__TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#endif
#define KL__SIMD_EACH(name, parameters, arguments)                                  \
    static void name##_baseline parameters { name##_body arguments; }               \
    KL__TARGET_AVX2 static void name##_avx2 parameters { name##_body arguments; }   \
    KL__TARGET_AVX512 static void name##_avx512 parameters { name##_body arguments; }
#define KL__SIMD_TABLE(name) {name##_baseline, name##_avx2, name##_avx512}
#else
#define KL__SIMD_EACH(name, parameters, arguments) \
    static void name##_baseline parameters { name##_body arguments; }
#define KL__SIMD_TABLE(name) {name##_baseline, name##_baseline, name##_baseline}
#endif

#endif
