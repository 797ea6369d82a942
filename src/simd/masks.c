/* Conditions as bits. Comparisons make masks on every machine but in the shape of its own: plain C does not vectorise them. */
#include "base/fp.h"
#include "base/endian.h"
#include "simd/masks.h"
#include "simd/level.h"
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

#define MASKS_WORD 64

KL__INLINE uint64_t masks_is(uint32_t how, double a, double b) {
    return how == KL__MASKS_LT ? a < b : how == KL__MASKS_LE ? a <= b : how == KL__MASKS_EQ ? a == b : how == KL__MASKS_GT ? a > b : a >= b;
}
/* The rows behind the last whole word. */
KL__INLINE uint64_t masks_rest(uint32_t how, const double *a, const double *b, int number, size_t from, size_t n, uint64_t *bits) {
    uint64_t word = 0;
    for (size_t j = from; j < n; j++) word |= masks_is(how, a[j], number ? *b : b[j]) << (j - from);
    if (from < n) bits[from / MASKS_WORD] = word;
    return word;
}

typedef uint64_t (*const masks_compare_of)(const double *a, const double *b, size_t n, uint64_t *bits);

#if defined(KL__SIMD_X86)
/* `how` and `number` are known where these are inlined. Ordered and quiet: a comparison with NaN is 0. */
#define MASKS_SIGN(how)                                                                                                \
    ((how) == KL__MASKS_LT ? _CMP_LT_OQ : (how) == KL__MASKS_LE ? _CMP_LE_OQ : (how) == KL__MASKS_EQ ? _CMP_EQ_OQ      \
     : (how) == KL__MASKS_GT ? _CMP_GT_OQ : _CMP_GE_OQ)
#define MASKS_AVX512(name, how, number)                                                                                \
    KL__TARGET_AVX512 static uint64_t masks_##name##_avx512(const double *a, const double *b, size_t n, uint64_t *bits) { \
        const __m512d one = _mm512_set1_pd(*b);                                                                        \
        uint64_t any = 0;                                                                                              \
        size_t j = 0;                                                                                                  \
        for (; j + MASKS_WORD <= n; j += MASKS_WORD) {                                                                 \
            uint64_t word = 0;                                                                                         \
            for (uint32_t k = 0; k < MASKS_WORD; k += 8) {                                                             \
                const __m512d y = number ? one : _mm512_loadu_pd(b + j + k);                                           \
                word |= (uint64_t)_mm512_cmp_pd_mask(_mm512_loadu_pd(a + j + k), y, MASKS_SIGN(how)) << k;             \
            }                                                                                                          \
            bits[j / MASKS_WORD] = word;                                                                               \
            any |= word;                                                                                               \
        }                                                                                                              \
        return any | masks_rest(how, a, b, number, j, n, bits);                                                        \
    }
#define MASKS_AVX2(name, how, number)                                                                                  \
    KL__TARGET_AVX2 static uint64_t masks_##name##_avx2(const double *a, const double *b, size_t n, uint64_t *bits) {   \
        const __m256d one = _mm256_set1_pd(*b);                                                                        \
        uint64_t any = 0;                                                                                              \
        size_t j = 0;                                                                                                  \
        for (; j + MASKS_WORD <= n; j += MASKS_WORD) {                                                                 \
            uint64_t word = 0;                                                                                         \
            for (uint32_t k = 0; k < MASKS_WORD; k += 4) {                                                             \
                const __m256d y = number ? one : _mm256_loadu_pd(b + j + k);                                           \
                word |= (uint64_t)(uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(_mm256_loadu_pd(a + j + k), y, MASKS_SIGN(how))) << k; \
            }                                                                                                          \
            bits[j / MASKS_WORD] = word;                                                                               \
            any |= word;                                                                                               \
        }                                                                                                              \
        return any | masks_rest(how, a, b, number, j, n, bits);                                                        \
    }
KL__INLINE __m128d masks_pair(uint32_t how, __m128d a, __m128d b) {
    return how == KL__MASKS_LT ? _mm_cmplt_pd(a, b) : how == KL__MASKS_LE ? _mm_cmple_pd(a, b) : how == KL__MASKS_EQ ? _mm_cmpeq_pd(a, b)
           : how == KL__MASKS_GT ? _mm_cmpgt_pd(a, b) : _mm_cmpge_pd(a, b);
}
#define MASKS_BASELINE(name, how, number)                                                                              \
    static uint64_t masks_##name##_baseline(const double *a, const double *b, size_t n, uint64_t *bits) {              \
        const __m128d one = _mm_set1_pd(*b);                                                                           \
        uint64_t any = 0;                                                                                              \
        size_t j = 0;                                                                                                  \
        for (; j + MASKS_WORD <= n; j += MASKS_WORD) {                                                                 \
            uint64_t word = 0;                                                                                         \
            for (uint32_t k = 0; k < MASKS_WORD; k += 2) {                                                             \
                const __m128d y = number ? one : _mm_loadu_pd(b + j + k);                                              \
                word |= (uint64_t)(uint32_t)_mm_movemask_pd(masks_pair(how, _mm_loadu_pd(a + j + k), y)) << k;         \
            }                                                                                                          \
            bits[j / MASKS_WORD] = word;                                                                               \
            any |= word;                                                                                               \
        }                                                                                                              \
        return any | masks_rest(how, a, b, number, j, n, bits);                                                        \
    }
#define MASKS_COMPARE(name, how, number) MASKS_BASELINE(name, how, number) MASKS_AVX2(name, how, number) MASKS_AVX512(name, how, number)
#define MASKS_TIERS(name) {masks_##name##_baseline, masks_##name##_avx2, masks_##name##_avx512}
#else
#define MASKS_COMPARE(name, how, number)                                                                               \
    static uint64_t masks_##name##_baseline(const double *a, const double *b, size_t n, uint64_t *bits) {              \
        uint64_t any = 0;                                                                                              \
        size_t j = 0;                                                                                                  \
        for (; j + MASKS_WORD <= n; j += MASKS_WORD) {                                                                 \
            uint64_t word = 0;                                                                                         \
            for (uint32_t k = 0; k < MASKS_WORD; k++) word |= masks_is(how, a[j + k], number ? *b : b[j + k]) << k;    \
            bits[j / MASKS_WORD] = word;                                                                               \
            any |= word;                                                                                               \
        }                                                                                                              \
        return any | masks_rest(how, a, b, number, j, n, bits);                                                        \
    }
#define MASKS_TIERS(name) {masks_##name##_baseline, masks_##name##_baseline, masks_##name##_baseline}
#endif

MASKS_COMPARE(lt, KL__MASKS_LT, 0)
MASKS_COMPARE(le, KL__MASKS_LE, 0)
MASKS_COMPARE(eq, KL__MASKS_EQ, 0)
MASKS_COMPARE(gt, KL__MASKS_GT, 0)
MASKS_COMPARE(ge, KL__MASKS_GE, 0)
MASKS_COMPARE(lt_number, KL__MASKS_LT, 1)
MASKS_COMPARE(le_number, KL__MASKS_LE, 1)
MASKS_COMPARE(eq_number, KL__MASKS_EQ, 1)
MASKS_COMPARE(gt_number, KL__MASKS_GT, 1)
MASKS_COMPARE(ge_number, KL__MASKS_GE, 1)

uint64_t kl__masks_compare(uint32_t how, const double *a, const double *b, size_t n, uint64_t *bits) {
    static masks_compare_of all[][KL__SIMD_TIERS] = {MASKS_TIERS(lt), MASKS_TIERS(le), MASKS_TIERS(eq), MASKS_TIERS(gt), MASKS_TIERS(ge)};
    return all[how][kl__simd_tier()](a, b, n, bits);
}
uint64_t kl__masks_compare_number(uint32_t how, const double *a, double b, size_t n, uint64_t *bits) {
    static masks_compare_of all[][KL__SIMD_TIERS] = {MASKS_TIERS(lt_number), MASKS_TIERS(le_number), MASKS_TIERS(eq_number),
                                                    MASKS_TIERS(gt_number), MASKS_TIERS(ge_number)};
    return all[how][kl__simd_tier()](a, &b, n, bits);
}

/* A word of rows in plain C, with the bits of the numbers as masks: no branches. */
KL__INLINE void masks_spread_body(const uint64_t *a, double x, const uint64_t *b, double y, double base, size_t n, double *out) {
    const uint64_t first = kl__double_bits(x), second = kl__double_bits(y);
    for (size_t j = 0; j < n; j += MASKS_WORD) {
        const uint64_t p = a[j / MASKS_WORD], q = b[j / MASKS_WORD];
        const size_t rows = n - j < MASKS_WORD ? n - j : MASKS_WORD;
        double *restrict to = out + j;
        if ((p | q) == 0)
            for (size_t k = 0; k < rows; k++) to[k] = base;
        else
            for (size_t k = 0; k < rows; k++)
                to[k] = base + kl__bits_double(first & (0 - (p >> k & 1))) + kl__bits_double(second & (0 - (q >> k & 1)));
    }
}
KL__SIMD_EACH(masks_spread, (const uint64_t *a, double x, const uint64_t *b, double y, double base, size_t n, double *out),
              (a, x, b, y, base, n, out))
void kl__masks_spread(const uint64_t *a, double x, const uint64_t *b, double y, double base, size_t n, double *out) {
    static void (*const all[KL__SIMD_TIERS])(const uint64_t *, double, const uint64_t *, double, double, size_t, double *) =
        KL__SIMD_TABLE(masks_spread);
    all[kl__simd_tier()](a, x, b, y, base, n, out);
}

KL__INLINE void masks_add_body(const uint64_t *a, double x, const uint64_t *b, double y, size_t n, double *out) {
    const uint64_t first = kl__double_bits(x), second = kl__double_bits(y);
    for (size_t j = 0; j < n; j += MASKS_WORD) {
        const uint64_t p = a[j / MASKS_WORD], q = b[j / MASKS_WORD];
        const size_t rows = n - j < MASKS_WORD ? n - j : MASKS_WORD;
        double *restrict to = out + j;
        for (size_t k = 0; (p | q) && k < rows; k++)
            to[k] += kl__bits_double(first & (0 - (p >> k & 1))) + kl__bits_double(second & (0 - (q >> k & 1)));
    }
}
KL__SIMD_EACH(masks_add, (const uint64_t *a, double x, const uint64_t *b, double y, size_t n, double *out), (a, x, b, y, n, out))
void kl__masks_add(const uint64_t *a, double x, const uint64_t *b, double y, size_t n, double *out) {
    static void (*const all[KL__SIMD_TIERS])(const uint64_t *, double, const uint64_t *, double, size_t, double *) = KL__SIMD_TABLE(masks_add);
    all[kl__simd_tier()](a, x, b, y, n, out);
}

/* With the carry added, the bits without sign reach the top bit from 2^900 on. */
#define MASKS_ABS UINT64_C(0x7fffffffffffffff)
#define MASKS_LARGE ((uint64_t)(2048 - 1023 - 900) << 52)
#define MASKS_LANES 8
KL__INLINE void masks_moderate_body(const double *x, size_t n, int *moderate) {
    uint64_t seen[MASKS_LANES] = {0};
    size_t j = 0;
    for (; j + MASKS_LANES <= n; j += MASKS_LANES)
        for (size_t lane = 0; lane < MASKS_LANES; lane++) seen[lane] |= (kl__double_bits(x[j + lane]) & MASKS_ABS) + MASKS_LARGE;
    for (; j < n; j++) seen[0] |= (kl__double_bits(x[j]) & MASKS_ABS) + MASKS_LARGE;
    for (size_t lane = 1; lane < MASKS_LANES; lane++) seen[0] |= seen[lane];
    *moderate = !(seen[0] >> 63);
}
KL__SIMD_EACH(masks_moderate, (const double *x, size_t n, int *moderate), (x, n, moderate))
int kl__masks_moderate(const double *x, size_t n) {
    static void (*const all[KL__SIMD_TIERS])(const double *, size_t, int *) = KL__SIMD_TABLE(masks_moderate);
    int moderate;
    all[kl__simd_tier()](x, n, &moderate);
    return moderate;
}
