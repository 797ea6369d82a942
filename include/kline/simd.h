/* kline/simd.h: which instruction set the kernels use. It changes speed and never results. */
#ifndef KLINE_SIMD_H
#define KLINE_SIMD_H
#include "kline/base.h"
#ifdef __cplusplus
extern "C" {
#endif

enum {
    KL_SIMD_BEST = -1,    /* the widest that this machine has */
    KL_SIMD_BASELINE = 0, /* what every machine of the architecture has: SSE2 on x86-64 */
    KL_SIMD_AVX2 = 1,
    KL_SIMD_AVX512 = 2, /* F, BW, DQ and VL */
    KL_SIMD_NEON = 3    /* 64-bit ARM, where it is the baseline */
};

/** Tells which kernels are in use.
 *
 *  Return: KL_SIMD_BASELINE .. KL_SIMD_NEON; the widest of this machine until one is forced.
 *  On failure: cannot fail.
 *  Cost: O(1), one atomic load.
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API int32_t kl_simd_level(void);

/** Forces kernels, for tests and comparisons: the one setting that is shared by the whole process.
 *
 *  `level`: KL_SIMD_x; KL_SIMD_BEST takes the choice back. Calls that already run go on with what they have; the bits of
 *  results are the same with each.
 *  Return: KL_OK; KL_E_UNSUPPORTED where the machine does not have it, or the library was compiled without optimisation (then the
 *  baseline alone is there); KL_E_ARG for another number.
 *  On failure: nothing changes.
 *  Cost: O(1), one atomic store.
 *  Thread: pure; from any thread at any time.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API kl_status kl_simd_force(int32_t level);

/** Names a level.
 *
 *  `level`: KL_SIMD_BASELINE .. KL_SIMD_NEON.
 *  Return: "baseline", "avx2", "avx512" or "neon"; NULL for another number.
 *  On failure: NULL.
 *  Cost: O(1).
 *  Thread: pure.
 *  Source: own definition.
 *  Since: 0.1 */
KL_API const char *kl_simd_name(int32_t level);

#ifdef __cplusplus
}
#endif
#endif
