/* Eight doubles in a register of AVX-512, for the loops whose neighbours in time are shifted from registers instead of being
 * loaded again. + - * work on them. Only inside functions with KL__TARGET_AVX512, but for what says 4: four doubles, AVX2. */
#ifndef KL__LANES_H
#define KL__LANES_H
#include "simd/level.h"
#if defined(KL__SIMD_X86)
#include <immintrin.h>

typedef __m512d kl__lanes;
#define KL__LANES 8
#define KL__LANES_INLINE KL__TARGET_AVX512 KL__INLINE

KL__LANES_INLINE kl__lanes kl__lanes_load(const double *from) { return _mm512_loadu_pd(from); }
KL__LANES_INLINE void kl__lanes_store(double *to, kl__lanes x) { _mm512_storeu_pd(to, x); }
/* Fetches what the next chunk of rows will load, where several columns are read by turns: the machine itself follows one. They may lie
 * behind the end, where nothing is read. */
KL__LANES_INLINE void kl__lanes_ahead(const double *from) { KL__PREFETCH((const void *)((uintptr_t)from + 1024 * sizeof *from)); }
/* Only the values that `some` says, bit j for value j; no other is touched; loaded as 0. */
KL__LANES_INLINE kl__lanes kl__lanes_load_some(const double *from, uint32_t some) { return _mm512_maskz_loadu_pd((__mmask8)some, from); }
KL__LANES_INLINE void kl__lanes_store_some(double *to, kl__lanes x, uint32_t some) { _mm512_mask_storeu_pd(to, (__mmask8)some, x); }
KL__LANES_INLINE kl__lanes kl__lanes_all(double x) { return _mm512_set1_pd(x); }
/* Looks at values on their way. */
typedef struct {
    __m512i greatest, least; /* magnitude; bits as a number with sign, of which -0.0 has the least */
} kl__lanes_watch;
KL__LANES_INLINE kl__lanes_watch kl__lanes_watch_none(void) {
    const kl__lanes_watch none = {_mm512_setzero_si512(), _mm512_setzero_si512()};
    return none;
}
KL__LANES_INLINE void kl__lanes_see(kl__lanes_watch *watch, kl__lanes x) {
    const __m512i bits = _mm512_castpd_si512(x);
    watch->greatest = _mm512_max_epu64(watch->greatest, _mm512_and_si512(bits, _mm512_set1_epi64(INT64_MAX)));
    watch->least = _mm512_min_epi64(watch->least, bits);
}
/* 1 where all were below 2^1000 and none was NaN or -0.0. */
KL__LANES_INLINE int kl__lanes_clean(const kl__lanes_watch *watch) {
    const __m512i missing = _mm512_castpd_si512(_mm512_set1_pd(0x1p1000)), zero = _mm512_set1_epi64(INT64_MIN);
    return !(_mm512_cmpge_epu64_mask(watch->greatest, missing) | _mm512_cmpeq_epi64_mask(watch->least, zero));
}
/* The same for kernels that fuse or leave out what tiny and huge values alone would tell: 1 where all were 0 or of a magnitude from
 * 2^-800 to 2^900, and none was -0.0. Sums of them are multiples of 2^-853, so that products with small powers of two are exact. */
typedef struct {
    __m512i greatest, least; /* of the bits with the sign lowest; of those less 1, where 0 is beyond all */
} kl__lanes_narrow;
KL__LANES_INLINE kl__lanes_narrow kl__lanes_narrow_none(void) {
    const kl__lanes_narrow none = {_mm512_setzero_si512(), _mm512_set1_epi64(-1)};
    return none;
}
KL__LANES_INLINE void kl__lanes_narrow_see(kl__lanes_narrow *narrow, kl__lanes x) {
    const __m512i bits = _mm512_rol_epi64(_mm512_castpd_si512(x), 1);
    narrow->greatest = _mm512_max_epu64(narrow->greatest, bits);
    narrow->least = _mm512_min_epu64(narrow->least, _mm512_sub_epi64(bits, _mm512_set1_epi64(1)));
}
KL__LANES_INLINE int kl__lanes_narrow_clean(const kl__lanes_narrow *narrow) {
    const __m512i least = _mm512_rol_epi64(_mm512_castpd_si512(_mm512_set1_pd(0x1p-800)), 1);
    const __m512i most = _mm512_rol_epi64(_mm512_castpd_si512(_mm512_set1_pd(0x1p900)), 1);
    return !(_mm512_cmpge_epu64_mask(narrow->greatest, most) | _mm512_cmplt_epu64_mask(narrow->least, least));
}
/* a * b + c without a rounding between: only where a * b is exact. */
KL__LANES_INLINE kl__lanes kl__lanes_fused(kl__lanes a, kl__lanes b, kl__lanes c) { return _mm512_fmadd_pd(a, b, c); }
/* a + b and a - b by the units that multiply, for loops whose additions are the most. */
KL__LANES_INLINE kl__lanes kl__lanes_plus(kl__lanes a, kl__lanes b) { return _mm512_fmadd_pd(a, kl__lanes_all(1.0), b); }
KL__LANES_INLINE kl__lanes kl__lanes_less(kl__lanes a, kl__lanes b) { return _mm512_fmsub_pd(a, kl__lanes_all(1.0), b); }
/* a < b ? a : b and a > b ? a : b */
KL__LANES_INLINE kl__lanes kl__lanes_min(kl__lanes a, kl__lanes b) { return _mm512_min_pd(a, b); }
KL__LANES_INLINE kl__lanes kl__lanes_max(kl__lanes a, kl__lanes b) { return _mm512_max_pd(a, b); }

/* The values `by` (0..7, a constant) rows older than those of `now`; before: the eight in front of them. */
#define KL__LANES_SHIFT(by)                                                                                           \
    case by:                                                                                                          \
        return _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(now), _mm512_castpd_si512(before), 8 - by));
KL__LANES_INLINE kl__lanes kl__lanes_older(kl__lanes now, kl__lanes before, size_t by) {
    switch (by) {
        KL__LANES_SHIFT(1) KL__LANES_SHIFT(2) KL__LANES_SHIFT(3) KL__LANES_SHIFT(4)
        KL__LANES_SHIFT(5) KL__LANES_SHIFT(6) KL__LANES_SHIFT(7)
    default: return now;
    }
}

/* Blocks become lanes and back: element j of vector k changes places with element k of vector j. */
KL__TARGET_AVX2 KL__INLINE void kl__lanes_turn4(__m256d m[4]) {
    const __m256d a = _mm256_unpacklo_pd(m[0], m[1]), b = _mm256_unpackhi_pd(m[0], m[1]);
    const __m256d c = _mm256_unpacklo_pd(m[2], m[3]), d = _mm256_unpackhi_pd(m[2], m[3]);
    m[0] = _mm256_permute2f128_pd(a, c, 0x20), m[1] = _mm256_permute2f128_pd(b, d, 0x20);
    m[2] = _mm256_permute2f128_pd(a, c, 0x31), m[3] = _mm256_permute2f128_pd(b, d, 0x31);
}
KL__TARGET_AVX512 KL__INLINE void kl__lanes_turn8(__m512d m[8]) {
    __m512d t[2][4];
    for (int k = 0; k < 4; k++)
        t[0][k] = _mm512_unpacklo_pd(m[2 * k], m[2 * k + 1]), t[1][k] = _mm512_unpackhi_pd(m[2 * k], m[2 * k + 1]);
    for (int odd = 0; odd < 2; odd++) {
        const __m512d a = _mm512_shuffle_f64x2(t[odd][0], t[odd][1], 0x88), b = _mm512_shuffle_f64x2(t[odd][2], t[odd][3], 0x88);
        const __m512d c = _mm512_shuffle_f64x2(t[odd][0], t[odd][1], 0xdd), d = _mm512_shuffle_f64x2(t[odd][2], t[odd][3], 0xdd);
        m[odd] = _mm512_shuffle_f64x2(a, b, 0x88), m[4 + odd] = _mm512_shuffle_f64x2(a, b, 0xdd);
        m[2 + odd] = _mm512_shuffle_f64x2(c, d, 0x88), m[6 + odd] = _mm512_shuffle_f64x2(c, d, 0xdd);
    }
}

/* Calls body(r, digits) with a constant for the three lowest binary digits of r->w. */
#define KL__LANES_BY_DIGITS(body, r)       \
    switch ((r)->w & 7) {                  \
    case 0: body(r, 0); break;             \
    case 1: body(r, 1); break;             \
    case 2: body(r, 2); break;             \
    case 3: body(r, 3); break;             \
    case 4: body(r, 4); break;             \
    case 5: body(r, 5); break;             \
    case 6: body(r, 6); break;             \
    default: body(r, 7); break;            \
    }
#endif
#endif
