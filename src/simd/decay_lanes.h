/* Blocks of the recursive filter in registers: a lane is a block. Samples are transposed to lanes, each lane runs its local filter, and
 * what is one after the other is only the distances of the carries, a product and a sum a block. A distance that is to become 0 is
 * rare: it takes a sum that is next to nothing before, and a group of blocks that has one looks at each distance. */
#ifndef KL__DECAY_LANES_H
#define KL__DECAY_LANES_H
#include "base/fp.h"
#include "base/endian.h"
#include "simd/decay.h"
#include "simd/lanes.h"
#include <math.h>
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

enum { DECAY_LAST = KL__DECAY_BLOCK - 1 };
enum { DECAY_AHEAD = 1000 }; /* values that are fetched meanwhile: those of the next chunk; nothing is read of them here */
/* m + q with |m| from here on is 0, or far greater than what becomes 0: where the two cancel, both have their last digits above it. */
#define DECAY_SMALL 0x1p-900

KL__INLINE double decay_flushed(double d) { return fabs(d) < KL__DECAY_TINY ? 0.0 : d; }
KL__INLINE double decay_greater(double x, double than) { return fabs(x) > than ? fabs(x) : than; }

/* The distance of the carry from the anchor of the block that begins with x. */
KL__INLINE double decay_distance(const kl__carry *c, double power, double x, int zero) {
    return decay_flushed((zero ? c->local : c->local + (c->anchor - x)) + power * c->distance);
}

/* The samples of one block, or of less than one. */
KL__INLINE double decay_block(const kl__pole *pole, kl__carry *c, const double *x, size_t n, double *y, int zero, double greatest) {
    const double a = pole->a, b = pole->b, anchor = zero ? 0.0 : x[0] + 0.0; /* -0.0 may come */
    const double distance = decay_distance(c, pole->power[DECAY_LAST], anchor, zero);
    double local = zero ? a * x[0] : 0.0;
    for (size_t j = 0; j < n; j++) {
        if (j) local = b * local + a * (zero ? x[j] : x[j] - anchor);
        const double v = local + pole->power[j] * distance;
        greatest = decay_greater(x[j], greatest);
        y[j] = zero ? v : anchor + v;
    }
    c->anchor = anchor, c->local = local, c->distance = distance, c->at = n & DECAY_LAST;
    return greatest;
}

KL__INLINE double decay_plain(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    const kl__pole p = *pole;
    kl__carry c = *carry;
    double greatest = 0.0;
    size_t i = 0;
    for (; i + KL__DECAY_BLOCK <= n; i += KL__DECAY_BLOCK) greatest = decay_block(&p, &c, x + i, KL__DECAY_BLOCK, y + i, zero, greatest);
    if (i < n) greatest = decay_block(&p, &c, x + i, n - i, y + i, zero, greatest);
    *carry = c;
    return greatest;
}
/* Distances of a group of blocks, from what each adds to its share of the one before. */
KL__INLINE double decay_chain(const double *lead, double power, double distance, double *d, int blocks, int careful) {
    for (int k = 0; k < blocks; k++) {
        distance = lead[k] + power * distance;
        if (careful) distance = decay_flushed(distance);
        d[k] = distance;
    }
    return distance;
}

#if defined(KL__SIMD_X86)
/* ------------------------------------------------------------------------------------------- four blocks, AVX2 --- */

enum { DECAY_FOUR = 4 * KL__DECAY_BLOCK, DECAY_EIGHT = 8 * KL__DECAY_BLOCK };

/* a: lane k is that of the block before block k; in front of all, lane 3 of `before` */
KL__TARGET_AVX2 KL__INLINE __m256d decay_before4(__m256d a, __m256d before) {
    return _mm256_shuffle_pd(_mm256_permute2f128_pd(before, a, 0x21), a, 0x5);
}

typedef struct decay_carry4 {
    __m256d anchor, local; /* lane 3 */
    double distance;
    __m256d greatest;
} decay_carry4;

KL__TARGET_AVX2 KL__INLINE decay_carry4 decay_take4(const kl__carry *c) {
    const decay_carry4 v = {_mm256_set1_pd(c->anchor), _mm256_set1_pd(c->local), c->distance, _mm256_setzero_pd()};
    return v;
}

KL__TARGET_AVX2 KL__INLINE void decay_group4(const kl__pole *p, decay_carry4 *c, const double *x, double *y, int zero) {
    __m256d m[2][4], local[KL__DECAY_BLOCK], anchor;
    double lead[4], d[4], first[4];
    const __m256d a = _mm256_set1_pd(p->a), b = _mm256_set1_pd(p->b), sign = _mm256_set1_pd(-0.0);
    for (int half = 0; half < 2; half++) {
        for (int k = 0; k < 4; k++) {
            m[half][k] = _mm256_loadu_pd(x + k * KL__DECAY_BLOCK + half * 4);
            c->greatest = _mm256_max_pd(_mm256_andnot_pd(sign, m[half][k]), c->greatest);
        }
        kl__lanes_turn4(m[half]);
    }
    anchor = zero ? _mm256_setzero_pd() : _mm256_add_pd(m[0][0], _mm256_setzero_pd());
    _mm256_storeu_pd(first, anchor);
    local[0] = zero ? _mm256_mul_pd(a, m[0][0]) : _mm256_setzero_pd();
    for (int j = 1; j < KL__DECAY_BLOCK; j++) {
        const __m256d v = zero ? m[j / 4][j % 4] : _mm256_sub_pd(m[j / 4][j % 4], anchor);
        local[j] = _mm256_add_pd(j == 1 && !zero ? local[0] : _mm256_mul_pd(b, local[j - 1]), _mm256_mul_pd(a, v));
    }
    __m256d sum = decay_before4(local[DECAY_LAST], c->local);
    if (!zero) sum = _mm256_add_pd(sum, _mm256_sub_pd(decay_before4(anchor, c->anchor), anchor));
    const __m256d small = _mm256_cmp_pd(_mm256_andnot_pd(sign, sum), _mm256_set1_pd(DECAY_SMALL), _CMP_LT_OQ);
    _mm256_storeu_pd(lead, sum);
    if (KL__UNLIKELY(_mm256_movemask_pd(small))) c->distance = decay_chain(lead, p->power[DECAY_LAST], c->distance, d, 4, 1);
    else c->distance = decay_chain(lead, p->power[DECAY_LAST], c->distance, d, 4, 0);
    c->anchor = anchor, c->local = local[DECAY_LAST];
    kl__lanes_turn4(local), kl__lanes_turn4(local + 4);
    for (int k = 0; k < 4; k++) {
        for (int half = 0; half < 2; half++) {
            const __m256d v = _mm256_add_pd(local[half * 4 + k], _mm256_mul_pd(_mm256_loadu_pd(p->power + half * 4), _mm256_set1_pd(d[k])));
            _mm256_storeu_pd(y + k * KL__DECAY_BLOCK + half * 4, zero ? v : _mm256_add_pd(_mm256_set1_pd(first[k]), v));
        }
    }
}

KL__TARGET_AVX2 KL__INLINE double decay_leave4(const decay_carry4 *v, kl__carry *c) {
    double lanes[4], greatest;
    _mm256_storeu_pd(lanes, v->greatest);
    greatest = decay_greater(lanes[3], decay_greater(lanes[2], decay_greater(lanes[1], lanes[0])));
    _mm256_storeu_pd(lanes, v->anchor), c->anchor = lanes[3];
    _mm256_storeu_pd(lanes, v->local), c->local = lanes[3];
    c->distance = v->distance;
    return greatest;
}

/* ---------------------------------------------------------------------------------------- eight blocks, AVX-512 --- */

/* a: lane k is that of the block before block k; in front of all, lane 7 of `before` */
KL__TARGET_AVX512 KL__INLINE __m512d decay_before8(__m512d a, __m512d before) {
    return _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(a), _mm512_castpd_si512(before), 7));
}

/* What is written to `at` goes through memory: loads of one number into all lanes cost nothing, while moves between lanes are what
 * these loops consist of. */
#define DECAY_MEMORY(array) __asm__("" : "+m"(array))

typedef struct decay_carry8 {
    __m512d anchor, local; /* lane 7 */
    double distance;
} decay_carry8;

/* Samples of eight blocks, the lanes; then the local values. */
typedef struct decay_front8 {
    __m512d m[KL__DECAY_BLOCK];
} decay_front8;
/* What goes through memory: what each block adds to its share of the distance before, anchors and distances. */
typedef struct decay_side8 {
    double lead[8], first[8], d[8];
    __mmask8 small;
} decay_side8;

KL__TARGET_AVX512 KL__INLINE decay_carry8 decay_take8(const kl__carry *c) {
    const decay_carry8 v = {_mm512_set1_pd(c->anchor), _mm512_set1_pd(c->local), c->distance};
    return v;
}

/* n: 64, or less for the last group; what is behind is 0. */
KL__TARGET_AVX512 KL__INLINE void decay_load8(decay_front8 *f, const double *x, size_t n, __m512d *greatest, int ahead) {
    for (size_t k = 0; k < 8; k++) {
        const size_t left = n > 8 * k ? n - 8 * k : 0;
        if (ahead) KL__PREFETCH((const void *)((uintptr_t)(x + k * KL__DECAY_BLOCK) + DECAY_AHEAD * sizeof *x));
        f->m[k] = n == DECAY_EIGHT ? _mm512_loadu_pd(x + k * KL__DECAY_BLOCK)
                : left ? _mm512_maskz_loadu_pd((__mmask8)((1u << (left < 8 ? left : 8)) - 1), x + k * KL__DECAY_BLOCK) : _mm512_setzero_pd();
        *greatest = _mm512_range_pd(*greatest, f->m[k], 11); /* that of greater magnitude, without sign */
    }
    kl__lanes_turn8(f->m);
}

/* The samples become the local values. */
KL__TARGET_AVX512 KL__INLINE void decay_local8(decay_front8 *f, decay_side8 *side, const kl__pole *p, decay_carry8 *c, int zero) {
    const __m512d a = _mm512_set1_pd(p->a), b = _mm512_set1_pd(p->b);
    const __m512d anchor = zero ? _mm512_setzero_pd() : _mm512_add_pd(f->m[0], _mm512_setzero_pd());
    if (!zero) _mm512_storeu_pd(side->first, anchor);
    f->m[0] = zero ? _mm512_mul_pd(a, f->m[0]) : _mm512_setzero_pd();
    for (int j = 1; j < KL__DECAY_BLOCK; j++) {
        const __m512d v = zero ? f->m[j] : _mm512_sub_pd(f->m[j], anchor);
        f->m[j] = _mm512_add_pd(j == 1 && !zero ? f->m[0] : _mm512_mul_pd(b, f->m[j - 1]), _mm512_mul_pd(a, v));
    }
    __m512d sum = decay_before8(f->m[DECAY_LAST], c->local);
    if (!zero) sum = _mm512_add_pd(sum, _mm512_sub_pd(decay_before8(anchor, c->anchor), anchor));
    _mm512_storeu_pd(side->lead, sum);
    side->small = _mm512_cmp_pd_mask(_mm512_abs_pd(sum), _mm512_set1_pd(DECAY_SMALL), _CMP_LT_OQ);
    c->anchor = anchor, c->local = f->m[DECAY_LAST];
}

KL__TARGET_AVX512 KL__INLINE void decay_chain8(decay_side8 *side, const kl__pole *p, decay_carry8 *c, int zero) {
    DECAY_MEMORY(side->lead);
    if (!zero) DECAY_MEMORY(side->first);
    if (KL__UNLIKELY(side->small)) c->distance = decay_chain(side->lead, p->power[DECAY_LAST], c->distance, side->d, 8, 1);
    else c->distance = decay_chain(side->lead, p->power[DECAY_LAST], c->distance, side->d, 8, 0);
    DECAY_MEMORY(side->d);
}

/* Row k of the outputs, from the turned local values. */
KL__TARGET_AVX512 KL__INLINE __m512d decay_row8(const decay_front8 *f, const decay_side8 *side, const kl__pole *p, int k, int zero) {
    const __m512d v = _mm512_add_pd(f->m[k], _mm512_mul_pd(_mm512_loadu_pd(p->power), _mm512_set1_pd(side->d[k])));
    return zero ? v : _mm512_add_pd(_mm512_set1_pd(side->first[k]), v);
}

/* less: NULL, or receives x - y. */
KL__TARGET_AVX512 KL__INLINE void decay_rows8(decay_front8 *f, const decay_side8 *side, const kl__pole *p, const double *x, double *y, double *less,
                                              int zero) {
    kl__lanes_turn8(f->m);
    for (int k = 0; k < 8; k++) {
        const __m512d row = decay_row8(f, side, p, k, zero);
        if (less) {
            KL__PREFETCH_WRITE((const void *)((uintptr_t)(y + k * KL__DECAY_BLOCK) + DECAY_AHEAD * sizeof *y));
            KL__PREFETCH_WRITE((const void *)((uintptr_t)(less + k * KL__DECAY_BLOCK) + DECAY_AHEAD * sizeof *y));
        }
        if (less) _mm512_storeu_pd(less + k * KL__DECAY_BLOCK, _mm512_sub_pd(_mm512_loadu_pd(x + k * KL__DECAY_BLOCK), row));
        _mm512_storeu_pd(y + k * KL__DECAY_BLOCK, row);
    }
}

/* The last rows, less than 64. */
KL__TARGET_AVX512 KL__INLINE void decay_rest8(const kl__pole *p, decay_carry8 *c, kl__carry *carry, const double *x, size_t n, double *y,
                                              int zero, __m512d *greatest) {
    decay_front8 f;
    decay_side8 side;
    double local[KL__DECAY_BLOCK][8], lanes[8];
    const size_t last = n ? (n - 1) / KL__DECAY_BLOCK : 7, end = n ? (n - 1) % KL__DECAY_BLOCK : DECAY_LAST;
    carry->at = n % KL__DECAY_BLOCK;
    if (n) {
        decay_load8(&f, x, n, greatest, 0);
        decay_local8(&f, &side, p, c, zero);
        decay_chain8(&side, p, c, zero);
        carry->distance = side.d[last];
        for (int j = 0; j < KL__DECAY_BLOCK; j++) _mm512_storeu_pd(local[j], f.m[j]);
        carry->local = local[end][last];
        kl__lanes_turn8(f.m);
        for (size_t k = 0; k <= last; k++) {
            const size_t left = n - 8 * k;
            _mm512_mask_storeu_pd(y + 8 * k, (__mmask8)((1u << (left < 8 ? left : 8)) - 1), decay_row8(&f, &side, p, (int)k, zero));
        }
    } else {
        carry->distance = c->distance;
        _mm512_storeu_pd(lanes, c->local), carry->local = lanes[7];
    }
    _mm512_storeu_pd(lanes, c->anchor), carry->anchor = lanes[last];
}
#endif

#endif
