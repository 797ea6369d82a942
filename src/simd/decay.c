/* A lane is a block. Samples are transposed to lanes, each lane runs its local filter, and what is one after the other is only
 * the carry, four operations a block: c' = K + (l_7 + b^8 * (c - K)). A carry that is to become 0 is rare: it is looked for
 * beside that chain, and a group of blocks that has one is done again in the plain way. */
#include "base/fp.h"
#include "simd/decay.h"
#include "simd/level.h"
#include <math.h>
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

enum { DECAY_LAST = KL__DECAY_BLOCK - 1 };

KL__INLINE double decay_plain(const kl__pole *pole, double last, const double *x, size_t blocks, double *y, int zero) {
    const double a = pole->a, b = pole->b;
    double power[KL__DECAY_BLOCK], local[KL__DECAY_BLOCK];
    for (int j = 0; j < KL__DECAY_BLOCK; j++) power[j] = pole->power[j];
    for (size_t k = 0; k < blocks; k++, x += KL__DECAY_BLOCK, y += KL__DECAY_BLOCK) {
        const double anchor = zero ? 0.0 : x[0];
        local[0] = zero ? a * x[0] : 0.0;
        for (int j = 1; j < KL__DECAY_BLOCK; j++) local[j] = b * local[j - 1] + a * (zero ? x[j] : x[j] - anchor);
        double distance = zero ? last : last - anchor;
        if (KL__UNLIKELY(fabs(distance) < KL__DECAY_TINY)) distance = 0.0;
        for (int j = 0; j < KL__DECAY_BLOCK; j++) {
            const double v = local[j] + power[j] * distance;
            y[j] = zero ? v : anchor + v;
        }
        last = y[DECAY_LAST];
    }
    return last;
}

/* Distances to the carries before each of the blocks of a group, and the carry behind them. */
KL__INLINE double decay_carry(double last, double power, const double *x, const double *local, double *distance, int blocks,
                              int zero) {
    for (int k = 0; k < blocks; k++) {
        const double anchor = zero ? 0.0 : x[k * KL__DECAY_BLOCK];
        distance[k] = zero ? last : last - anchor;
        last = local[k] + power * distance[k];
        if (!zero) last = anchor + last;
    }
    return last;
}

#if defined(KL__SIMD_X86)
/* ------------------------------------------------------------------------------------------- four blocks, AVX2 --- */

typedef __m256d decay_four[4];

KL__TARGET_AVX2 KL__INLINE void decay_turn4(decay_four m) {
    const __m256d a = _mm256_unpacklo_pd(m[0], m[1]), b = _mm256_unpackhi_pd(m[0], m[1]);
    const __m256d c = _mm256_unpacklo_pd(m[2], m[3]), d = _mm256_unpackhi_pd(m[2], m[3]);
    m[0] = _mm256_permute2f128_pd(a, c, 0x20), m[1] = _mm256_permute2f128_pd(b, d, 0x20);
    m[2] = _mm256_permute2f128_pd(a, c, 0x31), m[3] = _mm256_permute2f128_pd(b, d, 0x31);
}

/* Local values of four blocks, the lanes, sample by sample. */
typedef struct decay_front4 {
    __m256d local[KL__DECAY_BLOCK], anchor;
} decay_front4;

KL__TARGET_AVX2 KL__INLINE void decay_begin4(decay_front4 *f, const kl__pole *pole, const double *x, int zero) {
    __m256d m[2][4];
    const __m256d a = _mm256_set1_pd(pole->a), b = _mm256_set1_pd(pole->b);
    for (int half = 0; half < 2; half++) {
        for (int k = 0; k < 4; k++) m[half][k] = _mm256_loadu_pd(x + k * KL__DECAY_BLOCK + half * 4);
        decay_turn4(m[half]);
    }
    f->anchor = m[0][0];
    f->local[0] = zero ? _mm256_mul_pd(a, m[0][0]) : _mm256_setzero_pd();
    for (int j = 1; j < KL__DECAY_BLOCK; j++) {
        const __m256d v = zero ? m[j / 4][j % 4] : _mm256_sub_pd(m[j / 4][j % 4], f->anchor);
        f->local[j] = _mm256_add_pd(_mm256_mul_pd(b, f->local[j - 1]), _mm256_mul_pd(a, v));
    }
}

KL__TARGET_AVX2 KL__INLINE double decay_end4(const decay_front4 *f, const kl__pole *pole, double last, const double *x, double *y,
                                             int zero) {
    __m256d m[2][4];
    double ends[4], d[4];
    _mm256_storeu_pd(ends, f->local[DECAY_LAST]);
    const double end = decay_carry(last, pole->power[DECAY_LAST], x, ends, d, 4, zero);
    const __m256d distance = _mm256_setr_pd(d[0], d[1], d[2], d[3]);
    const __m256d size = _mm256_andnot_pd(_mm256_set1_pd(-0.0), distance);
    const __m256d small = _mm256_cmp_pd(size, _mm256_set1_pd(KL__DECAY_TINY), _CMP_LT_OQ);
    const __m256i none = _mm256_cmpeq_epi64(_mm256_castpd_si256(distance), _mm256_setzero_si256());
    if (KL__UNLIKELY(_mm256_movemask_pd(_mm256_andnot_pd(_mm256_castsi256_pd(none), small))))
        return decay_plain(pole, last, x, 4, y, zero);
    for (int j = 0; j < KL__DECAY_BLOCK; j++) {
        const __m256d v = _mm256_add_pd(f->local[j], _mm256_mul_pd(_mm256_set1_pd(pole->power[j]), distance));
        m[j / 4][j % 4] = zero ? v : _mm256_add_pd(f->anchor, v);
    }
    for (int half = 0; half < 2; half++) {
        decay_turn4(m[half]);
        for (int k = 0; k < 4; k++) _mm256_storeu_pd(y + k * KL__DECAY_BLOCK + half * 4, m[half][k]);
    }
    return end;
}

/* The next group begins before the carry of this one is known. */
KL__TARGET_AVX2 KL__INLINE double decay_avx2_body(const kl__pole *pole, double last, const double *x, size_t blocks, double *y,
                                                  int zero) {
    const kl__pole p = *pole;
    decay_front4 f, next;
    size_t left = blocks;
    if (left >= 4) decay_begin4(&f, &p, x, zero);
    for (; left >= 8; left -= 4, x += 4 * KL__DECAY_BLOCK, y += 4 * KL__DECAY_BLOCK) {
        decay_begin4(&next, &p, x + 4 * KL__DECAY_BLOCK, zero);
        last = decay_end4(&f, &p, last, x, y, zero);
        f = next;
    }
    if (left >= 4) last = decay_end4(&f, &p, last, x, y, zero), left -= 4, x += 4 * KL__DECAY_BLOCK, y += 4 * KL__DECAY_BLOCK;
    return decay_plain(&p, last, x, left, y, zero);
}

/* ---------------------------------------------------------------------------------------- eight blocks, AVX-512 --- */

KL__TARGET_AVX512 KL__INLINE void decay_turn8(__m512d m[8]) {
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

typedef struct decay_front8 {
    __m512d local[KL__DECAY_BLOCK], anchor;
} decay_front8;

KL__TARGET_AVX512 KL__INLINE void decay_begin8(decay_front8 *f, const kl__pole *pole, const double *x, int zero) {
    __m512d m[KL__DECAY_BLOCK];
    const __m512d a = _mm512_set1_pd(pole->a), b = _mm512_set1_pd(pole->b);
    for (int k = 0; k < 8; k++) m[k] = _mm512_loadu_pd(x + k * KL__DECAY_BLOCK);
    decay_turn8(m);
    f->anchor = m[0];
    f->local[0] = zero ? _mm512_mul_pd(a, m[0]) : _mm512_setzero_pd();
    for (int j = 1; j < KL__DECAY_BLOCK; j++) {
        const __m512d v = zero ? m[j] : _mm512_sub_pd(m[j], f->anchor);
        f->local[j] = _mm512_add_pd(_mm512_mul_pd(b, f->local[j - 1]), _mm512_mul_pd(a, v));
    }
}

/* d: distances, `from`: the carry before them, for those that are to become 0; returns the carry behind, `end` unless there are any. */
KL__TARGET_AVX512 KL__INLINE double decay_finish8(const decay_front8 *f, const kl__pole *pole, const double *d, double from, double end,
                                                  const double *x, double *y, int zero) {
    __m512d m[KL__DECAY_BLOCK];
    const __m512d distance = _mm512_setr_pd(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
    const __mmask8 some = _mm512_test_epi64_mask(_mm512_castpd_si512(distance), _mm512_castpd_si512(distance));
    if (KL__UNLIKELY(_mm512_mask_cmp_pd_mask(some, _mm512_abs_pd(distance), _mm512_set1_pd(KL__DECAY_TINY), _CMP_LT_OQ)))
        return decay_plain(pole, from, x, 8, y, zero);
    for (int j = 0; j < KL__DECAY_BLOCK; j++) {
        const __m512d v = _mm512_add_pd(f->local[j], _mm512_mul_pd(_mm512_set1_pd(pole->power[j]), distance));
        m[j] = zero ? v : _mm512_add_pd(f->anchor, v);
    }
    decay_turn8(m);
    for (int k = 0; k < 8; k++) _mm512_storeu_pd(y + k * KL__DECAY_BLOCK, m[k]);
    return end;
}

KL__TARGET_AVX512 KL__INLINE double decay_end8(const decay_front8 *f, const kl__pole *pole, double last, const double *x, double *y,
                                               int zero) {
    double ends[8], d[8];
    _mm512_storeu_pd(ends, f->local[DECAY_LAST]);
    const double end = decay_carry(last, pole->power[DECAY_LAST], x, ends, d, 8, zero);
    return decay_finish8(f, pole, d, last, end, x, y, zero);
}

/* The next group begins before the carry of this one is known. */
KL__TARGET_AVX512 KL__INLINE double decay_avx512_body(const kl__pole *pole, double last, const double *x, size_t blocks, double *y,
                                                    int zero) {
    const kl__pole p = *pole;
    decay_front8 f, next;
    decay_front4 half;
    size_t left = blocks;
    if (left >= 8) decay_begin8(&f, &p, x, zero);
    for (; left >= 16; left -= 8, x += 8 * KL__DECAY_BLOCK, y += 8 * KL__DECAY_BLOCK) {
        double ends[8], d[8];
        _mm512_storeu_pd(ends, f.local[DECAY_LAST]);
        const double end = decay_carry(last, p.power[DECAY_LAST], x, ends, d, 8, zero);
        next = f;
        decay_begin8(&f, &p, x + 8 * KL__DECAY_BLOCK, zero);
        last = decay_finish8(&next, &p, d, last, end, x, y, zero);
    }
    if (left >= 8) last = decay_end8(&f, &p, last, x, y, zero), left -= 8, x += 8 * KL__DECAY_BLOCK, y += 8 * KL__DECAY_BLOCK;
    if (left >= 4) {
        decay_begin4(&half, &p, x, zero);
        last = decay_end4(&half, &p, last, x, y, zero), left -= 4, x += 4 * KL__DECAY_BLOCK, y += 4 * KL__DECAY_BLOCK;
    }
    return decay_plain(&p, last, x, left, y, zero);
}

/* Two filters side by side: their carries run at the same time. */
KL__TARGET_AVX512 KL__INLINE void decay_both_avx512_body(const kl__pole *const pole[2], double *const last[2], const double *const x[2],
                                                         size_t blocks, double *const y[2], int zero) {
    const kl__pole p = *pole[0], q = *pole[1];
    const double *x0 = x[0], *x1 = x[1];
    double *y0 = y[0], *y1 = y[1], from0 = *last[0], from1 = *last[1], ends[2][8], d[2][8];
    const size_t step = 8 * KL__DECAY_BLOCK;
    decay_front8 f, g;
    size_t left = blocks;
    if (left >= 8) decay_begin8(&f, &p, x0, zero), decay_begin8(&g, &q, x1, zero);
    for (; left >= 8; left -= 8, x0 += step, x1 += step, y0 += step, y1 += step) {
        _mm512_storeu_pd(ends[0], f.local[DECAY_LAST]);
        _mm512_storeu_pd(ends[1], g.local[DECAY_LAST]);
        const double end0 = decay_carry(from0, p.power[DECAY_LAST], x0, ends[0], d[0], 8, zero);
        const double end1 = decay_carry(from1, q.power[DECAY_LAST], x1, ends[1], d[1], 8, zero);
        const decay_front8 f0 = f, g0 = g;
        if (left >= 16) decay_begin8(&f, &p, x0 + step, zero), decay_begin8(&g, &q, x1 + step, zero);
        from0 = decay_finish8(&f0, &p, d[0], from0, end0, x0, y0, zero);
        from1 = decay_finish8(&g0, &q, d[1], from1, end1, x1, y1, zero);
    }
    *last[0] = decay_avx512_body(&p, from0, x0, left, y0, zero);
    *last[1] = decay_avx512_body(&q, from1, x1, left, y1, zero);
}
KL__TARGET_AVX512 static void decay_both_avx512(const kl__pole *const pole[2], double *const last[2], const double *const x[2],
                                                size_t blocks, double *const y[2], int zero) {
    if (zero) decay_both_avx512_body(pole, last, x, blocks, y, 1);
    else decay_both_avx512_body(pole, last, x, blocks, y, 0);
}
#endif

/* ------------------------------------------------------------------------------------------------------ tables --- */

#define DECAY_TIER(tier, target, body)                                                                                           \
    target static double decay_##tier(const kl__pole *pole, double last, const double *x, size_t blocks, double *y) {            \
        return body(pole, last, x, blocks, y, 0);                                                                                \
    }                                                                                                                            \
    target static double decay_##tier##_zero(const kl__pole *pole, double last, const double *x, size_t blocks, double *y) {     \
        return body(pole, last, x, blocks, y, 1);                                                                                \
    }
DECAY_TIER(baseline, , decay_plain)
#if defined(KL__SIMD_X86)
DECAY_TIER(avx2, KL__TARGET_AVX2, decay_avx2_body)
DECAY_TIER(avx512, KL__TARGET_AVX512, decay_avx512_body)
#endif

typedef double decay_kernel(const kl__pole *pole, double last, const double *x, size_t blocks, double *y);
static decay_kernel *const decay_tiers[] = KL__SIMD_TABLE(decay);
#if defined(KL__SIMD_X86)
static decay_kernel *const decay_tiers_zero[] = {decay_baseline_zero, decay_avx2_zero, decay_avx512_zero};
#else
static decay_kernel *const decay_tiers_zero[] = {decay_baseline_zero, decay_baseline_zero, decay_baseline_zero};
#endif

double kl__decay_blocks(const kl__pole *pole, double last, const double *x, size_t blocks, double *y) {
    return decay_tiers[kl__simd_tier()](pole, last, x, blocks, y);
}

double kl__decay_blocks_zero(const kl__pole *pole, double last, const double *x, size_t blocks, double *y) {
    return decay_tiers_zero[kl__simd_tier()](pole, last, x, blocks, y);
}

void kl__decay_blocks_both(const kl__pole *const pole[2], double *const last[2], const double *const x[2], size_t blocks,
                           double *const y[2], int zero) {
    const uint32_t tier = kl__simd_tier();
#if defined(KL__SIMD_X86)
    if (tier == 2) {
        decay_both_avx512(pole, last, x, blocks, y, zero);
        return;
    }
#endif
    for (int k = 0; k < 2; k++) *last[k] = (zero ? decay_tiers_zero : decay_tiers)[tier](pole[k], *last[k], x[k], blocks, y[k]);
}
