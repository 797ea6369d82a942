#include "base/fp.h"
#include "simd/order.h"
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

static void order_replace_plain(double *s, size_t n, double before, double r, double p) {
    for (size_t k = 0; k < n; k++) {
        double here = s[k] < r ? s[k] : s[k + 1]; /* without r */
        double least = here < p ? here : p;
        s[k] = before > least ? before : least;
        before = here;
    }
}

static uint32_t order_below_plain(const double *s, size_t n, double v) {
    uint32_t sum = 0;
    for (size_t k = 0; k < n; k++) sum += s[k] < v;
    return sum;
}

static uint32_t order_up_to_plain(const double *s, size_t n, double v) {
    uint32_t sum = 0;
    for (size_t k = 0; k < n; k++) sum += s[k] <= v;
    return sum;
}

#if defined(KL__SIMD_X86)
/* Every vector is loaded where it was stored, whole: a neighbour's load across two stores of the last step would wait for
 * both of them. So neighbours come by moving values between registers. */
KL__TARGET_AVX2 static void order_replace_avx2(double *s, size_t n, double before, double r, double p) {
    const __m256d leaves = _mm256_set1_pd(r), comes = _mm256_set1_pd(p);
    __m256d last = _mm256_set1_pd(before), cur = _mm256_loadu_pd(s);
    for (size_t k = 0; k < n; k += 4) {
        __m256d next = _mm256_loadu_pd(s + k + 4), right = _mm256_permute4x64_pd(_mm256_blend_pd(cur, next, 1), 0x39);
        __m256d here = _mm256_blendv_pd(right, cur, _mm256_cmp_pd(cur, leaves, _CMP_LT_OQ));
        __m256d left = _mm256_permute4x64_pd(_mm256_blend_pd(here, last, 8), 0x93);
        _mm256_storeu_pd(s + k, _mm256_max_pd(left, _mm256_min_pd(here, comes)));
        last = here;
        cur = next;
    }
}

KL__TARGET_AVX2 static uint32_t order_sum_avx2(__m256i lanes) {
    __m128i two = _mm_add_epi64(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    return (uint32_t)(_mm_cvtsi128_si32(two) + _mm_cvtsi128_si32(_mm_unpackhi_epi64(two, two)));
}

#define ORDER_COUNT_AVX2(name, compare, scalar)                                                                             \
    KL__TARGET_AVX2 static uint32_t name(const double *s, size_t n, double v) {                                             \
        const __m256d value = _mm256_set1_pd(v);                                                                            \
        __m256i a = _mm256_setzero_si256(), b = a;                                                                          \
        size_t k = 0;                                                                                                       \
        for (; k + 8 <= n; k += 8) {                                                                                        \
            a = _mm256_sub_epi64(a, _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(s + k), value, compare)));            \
            b = _mm256_sub_epi64(b, _mm256_castpd_si256(_mm256_cmp_pd(_mm256_loadu_pd(s + k + 4), value, compare)));        \
        }                                                                                                                   \
        return order_sum_avx2(_mm256_add_epi64(a, b)) + scalar(s + k, n - k, v);                                            \
    }
ORDER_COUNT_AVX2(order_below_avx2, _CMP_LT_OQ, order_below_plain)
ORDER_COUNT_AVX2(order_up_to_avx2, _CMP_LE_OQ, order_up_to_plain)

KL__TARGET_AVX512 static __m512d order_neighbour_avx512(__m512d high, __m512d low, int by_one) {
    __m512i h = _mm512_castpd_si512(high), l = _mm512_castpd_si512(low);
    return _mm512_castsi512_pd(by_one ? _mm512_alignr_epi64(h, l, 1) : _mm512_alignr_epi64(h, l, 7));
}

KL__TARGET_AVX512 static void order_replace_avx512(double *s, size_t n, double before, double r, double p) {
    const __m512d leaves = _mm512_set1_pd(r), comes = _mm512_set1_pd(p);
    __m512d last = _mm512_set1_pd(before), cur = _mm512_loadu_pd(s);
    for (size_t k = 0; k < n; k += 8) {
        __m512d next = _mm512_loadu_pd(s + k + 8), right = order_neighbour_avx512(next, cur, 1);
        __m512d here = _mm512_mask_blend_pd(_mm512_cmp_pd_mask(cur, leaves, _CMP_LT_OQ), right, cur);
        __m512d left = order_neighbour_avx512(here, last, 0);
        _mm512_storeu_pd(s + k, _mm512_max_pd(left, _mm512_min_pd(here, comes)));
        last = here;
        cur = next;
    }
}

#define ORDER_COUNT_AVX512(name, compare)                                                                                   \
    KL__TARGET_AVX512 static uint32_t name(const double *s, size_t n, double v) {                                           \
        const __m512d value = _mm512_set1_pd(v);                                                                            \
        const __m512i one = _mm512_set1_epi64(1);                                                                           \
        __m512i a = _mm512_setzero_si512(), b = a;                                                                          \
        size_t k = 0;                                                                                                       \
        for (; k + 16 <= n; k += 16) {                                                                                      \
            a = _mm512_mask_add_epi64(a, _mm512_cmp_pd_mask(_mm512_loadu_pd(s + k), value, compare), a, one);               \
            b = _mm512_mask_add_epi64(b, _mm512_cmp_pd_mask(_mm512_loadu_pd(s + k + 8), value, compare), b, one);           \
        }                                                                                                                   \
        for (; k < n; k += 8) {                                                                                             \
            __mmask8 there = (__mmask8)(n - k >= 8 ? 0xffu : (1u << (n - k)) - 1);                                          \
            __m512d x = _mm512_maskz_loadu_pd(there, s + k);                                                                \
            a = _mm512_mask_add_epi64(a, _mm512_mask_cmp_pd_mask(there, x, value, compare), a, one);                        \
        }                                                                                                                   \
        return (uint32_t)_mm512_reduce_add_epi64(_mm512_add_epi64(a, b));                                                   \
    }
ORDER_COUNT_AVX512(order_below_avx512, _CMP_LT_OQ)
ORDER_COUNT_AVX512(order_up_to_avx512, _CMP_LE_OQ)

const kl__order_kernels kl__order_kernels_of[KL__SIMD_TIERS] = {
    {order_replace_plain, 128, order_below_plain, order_up_to_plain},
    {order_replace_avx2, 256, order_below_avx2, order_up_to_avx2},
    {order_replace_avx512, 512, order_below_avx512, order_up_to_avx512}};
#else
#define ORDER_PLAIN {order_replace_plain, 128, order_below_plain, order_up_to_plain}
const kl__order_kernels kl__order_kernels_of[KL__SIMD_TIERS] = {ORDER_PLAIN, ORDER_PLAIN, ORDER_PLAIN};
#endif
