#include "simd/level.h"
#include <stdatomic.h>

#if defined(__aarch64__)
enum { SIMD_FLOOR = KL_SIMD_NEON };
#else
enum { SIMD_FLOOR = KL_SIMD_BASELINE };
#endif

static _Atomic int32_t simd_level = KL_SIMD_BEST; /* the one global of the library; BEST: not looked at yet */

static int simd_has(int32_t level) {
#if defined(KL__SIMD_X86)
    if (level == KL_SIMD_AVX2) return __builtin_cpu_supports("avx2") != 0;
    if (level == KL_SIMD_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#endif
    return level == KL_SIMD_BASELINE || level == SIMD_FLOOR;
}

static int32_t simd_now(void) {
    int32_t level = atomic_load_explicit(&simd_level, memory_order_relaxed);
    if (KL__LIKELY(level != KL_SIMD_BEST)) return level;
    level = SIMD_FLOOR;
    for (int32_t better = KL_SIMD_AVX2; better <= KL_SIMD_AVX512; better++)
        if (simd_has(better)) level = better;
    int32_t unset = KL_SIMD_BEST; /* what another thread forced meanwhile stays */
    if (!atomic_compare_exchange_strong_explicit(&simd_level, &unset, level, memory_order_relaxed, memory_order_relaxed))
        level = unset;
    return level;
}

kl_status kl_simd_force(int32_t level) {
    if (level < KL_SIMD_BEST || level > KL_SIMD_NEON) return KL_E_ARG;
    if (level != KL_SIMD_BEST && !simd_has(level)) return KL_E_UNSUPPORTED;
    atomic_store_explicit(&simd_level, level, memory_order_relaxed);
    return KL_OK;
}

int32_t kl_simd_level(void) { return simd_now(); }

const char *kl_simd_name(int32_t level) {
    static const char *const names[] = {"baseline", "avx2", "avx512", "neon"};
    return level >= KL_SIMD_BASELINE && level <= KL_SIMD_NEON ? names[level] : NULL;
}

uint32_t kl__simd_tier(void) {
    int32_t level = simd_now();
    return level == KL_SIMD_NEON ? 0 : (uint32_t)level;
}
