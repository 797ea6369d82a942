/* A lane is a block. Samples are transposed to lanes, each lane runs its local filter, and what is one after the other is only the
 * distances of the carries, a product and a sum a block. A distance that is to become 0 is rare: it takes a sum that is next to
 * nothing before, and a group of blocks that has one looks at each distance. */
#include "base/fp.h"
#include "base/endian.h"
#include "simd/decay.h"
#include "simd/level.h"
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
KL__INLINE double decay_plain_both(const kl__pole *const pole[2], kl__carry *const carry[2], const double *const x[2], size_t n,
                                   double *const y[2], int zero) {
    if (y[0] != y[1]) {
        const double first = decay_plain(pole[0], carry[0], x[0], n, y[0], zero);
        return decay_greater(decay_plain(pole[1], carry[1], x[1], n, y[1], zero), first);
    }
    double greatest = 0.0;
    for (size_t i = 0, part; i < n; i += part) {
        double slow[KL__DECAY_BLOCK], fast[KL__DECAY_BLOCK];
        part = n - i < KL__DECAY_BLOCK ? n - i : KL__DECAY_BLOCK;
        greatest = decay_block(pole[0], carry[0], x[0] + i, part, fast, zero, greatest);
        decay_block(pole[1], carry[1], x[1] + i, part, slow, zero, 0.0);
        for (size_t j = 0; j < part; j++) y[0][i + j] = fast[j] - slow[j];
    }
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

KL__TARGET_AVX2 KL__INLINE void decay_turn4(__m256d m[4]) {
    const __m256d a = _mm256_unpacklo_pd(m[0], m[1]), b = _mm256_unpackhi_pd(m[0], m[1]);
    const __m256d c = _mm256_unpacklo_pd(m[2], m[3]), d = _mm256_unpackhi_pd(m[2], m[3]);
    m[0] = _mm256_permute2f128_pd(a, c, 0x20), m[1] = _mm256_permute2f128_pd(b, d, 0x20);
    m[2] = _mm256_permute2f128_pd(a, c, 0x31), m[3] = _mm256_permute2f128_pd(b, d, 0x31);
}

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
        decay_turn4(m[half]);
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
    decay_turn4(local), decay_turn4(local + 4);
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

KL__TARGET_AVX2 KL__INLINE double decay_avx2_body(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    const kl__pole p = *pole;
    decay_carry4 c = decay_take4(carry);
    size_t i = 0;
    for (; i + DECAY_FOUR <= n; i += DECAY_FOUR) decay_group4(&p, &c, x + i, y + i, zero);
    const double greatest = decay_leave4(&c, carry);
    return decay_greater(decay_plain(&p, carry, x + i, n - i, y + i, zero), greatest);
}
KL__TARGET_AVX2 KL__INLINE double decay_avx2_both_body(const kl__pole *const pole[2], kl__carry *const carry[2], const double *const x[2],
                                                       size_t n, double *const y[2], int zero) {
    const kl__pole p = *pole[0], q = *pole[1];
    decay_carry4 c = decay_take4(carry[0]), e = decay_take4(carry[1]);
    const int difference = y[0] == y[1];
    double slow[DECAY_FOUR];
    size_t i = 0;
    for (; i + DECAY_FOUR <= n; i += DECAY_FOUR) {
        double *second = difference ? slow : y[1] + i;
        decay_group4(&q, &e, x[1] + i, second, zero);
        decay_group4(&p, &c, x[0] + i, y[0] + i, zero);
        for (int j = 0; difference && j < DECAY_FOUR; j += 4)
            _mm256_storeu_pd(y[0] + i + j, _mm256_sub_pd(_mm256_loadu_pd(y[0] + i + j), _mm256_loadu_pd(slow + j)));
    }
    const double first = decay_leave4(&c, carry[0]), greatest = decay_greater(decay_leave4(&e, carry[1]), first);
    const double *from[2] = {x[0] + i, x[1] + i};
    double *to[2] = {y[0] + i, y[1] + i};
    return decay_greater(decay_plain_both(pole, carry, from, n - i, to, zero), greatest);
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
    decay_turn8(f->m);
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
    decay_turn8(f->m);
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
        decay_turn8(f.m);
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

/* The chain of a group runs while the next one begins: the machine does not look so far ahead by itself. */
KL__TARGET_AVX512 KL__INLINE double decay_avx512_less(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, double *less,
                                                      int zero) {
    const kl__pole p = *pole;
    decay_carry8 c = decay_take8(carry);
    decay_front8 f, next;
    decay_side8 side[2];
    __m512d greatest = _mm512_setzero_pd();
    const size_t rows = n / DECAY_EIGHT * DECAY_EIGHT;
    if (rows) decay_load8(&f, x, DECAY_EIGHT, &greatest, 1), decay_local8(&f, &side[0], &p, &c, zero);
    for (size_t i = 0, turn = 0; i < rows; i += DECAY_EIGHT, turn ^= 1) {
        decay_chain8(&side[turn], &p, &c, zero);
        if (i + DECAY_EIGHT < rows) {
            decay_load8(&next, x + i + DECAY_EIGHT, DECAY_EIGHT, &greatest, 1);
            decay_local8(&next, &side[turn ^ 1], &p, &c, zero);
        }
        decay_rows8(&f, &side[turn], &p, x + i, y + i, less ? less + i : NULL, zero);
        f = next;
    }
    decay_rest8(&p, &c, carry, x + rows, n - rows, y + rows, zero, &greatest);
    for (size_t j = rows; less && j < n; j++) less[j] = x[j] - y[j];
    return _mm512_reduce_max_pd(greatest);
}
KL__TARGET_AVX512 KL__INLINE double decay_avx512_body(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    return decay_avx512_less(pole, carry, x, n, y, NULL, zero);
}
KL__TARGET_AVX512 static double decay_less_avx512(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, double *less) {
    return decay_avx512_less(pole, carry, x, n, y, less, 0);
}

/* Two filters side by side: their carries run at the same time; of the same samples, these are turned once. */
KL__TARGET_AVX512 KL__INLINE double decay_avx512_both_body(const kl__pole *const pole[2], kl__carry *const carry[2], const double *const x[2],
                                                           size_t n, double *const y[2], int zero) {
    const kl__pole p = *pole[0], q = *pole[1];
    const int difference = y[0] == y[1];
    if (!difference) {
        const double first = decay_avx512_body(&p, carry[0], x[0], n, y[0], zero);
        return decay_greater(decay_avx512_body(&q, carry[1], x[1], n, y[1], zero), first);
    }
    const double *from = x[0];
    double *to = y[0], rest[DECAY_EIGHT];
    decay_carry8 c = decay_take8(carry[0]), e = decay_take8(carry[1]);
    decay_front8 f, g, next;
    decay_side8 side[2][2];
    __m512d greatest = _mm512_setzero_pd();
    const size_t rows = n / DECAY_EIGHT * DECAY_EIGHT;
    if (rows) {
        decay_load8(&f, from, DECAY_EIGHT, &greatest, 1);
        g = f;
        decay_local8(&f, &side[0][0], &p, &c, zero), decay_local8(&g, &side[0][1], &q, &e, zero);
    }
    for (size_t i = 0, turn = 0; i < rows; i += DECAY_EIGHT, turn ^= 1) {
        decay_chain8(&side[turn][0], &p, &c, zero), decay_chain8(&side[turn][1], &q, &e, zero);
        const decay_front8 f0 = f, g0 = g;
        if (i + DECAY_EIGHT < rows) {
            decay_load8(&next, from + i + DECAY_EIGHT, DECAY_EIGHT, &greatest, 1);
            f = g = next;
            decay_local8(&f, &side[turn ^ 1][0], &p, &c, zero), decay_local8(&g, &side[turn ^ 1][1], &q, &e, zero);
        }
        decay_front8 a = f0, b = g0;
        decay_turn8(a.m), decay_turn8(b.m);
        for (int k = 0; k < 8; k++)
            _mm512_storeu_pd(to + i + k * KL__DECAY_BLOCK,
                             _mm512_sub_pd(decay_row8(&a, &side[turn][0], &p, k, zero), decay_row8(&b, &side[turn][1], &q, k, zero)));
    }
    decay_rest8(&q, &e, carry[1], from + rows, n - rows, rest, zero, &greatest);
    decay_rest8(&p, &c, carry[0], from + rows, n - rows, to + rows, zero, &greatest);
    for (size_t j = rows; j < n; j++) to[j] -= rest[j - rows];
    return _mm512_reduce_max_pd(greatest);
}
#endif

/* ----------------------------------------------------------------------------- filters of what is made on the way --- */

enum { DECAY_TILE = 64 };

/* One filter, or two, as a tier takes it up, runs it over a tile and puts it down with what is left of the rows. */
typedef struct decay_plain_state {
    kl__carry c;
} decay_plain_state;
KL__INLINE decay_plain_state decay_take_baseline(const kl__carry *c) { return (decay_plain_state){*c}; }
KL__INLINE void decay_tile_baseline(const kl__pole *p, decay_plain_state *s, const double *x, double *y, int zero) {
    decay_plain(p, &s->c, x, DECAY_TILE, y, zero);
}
KL__INLINE void decay_put_baseline(const kl__pole *p, decay_plain_state *s, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    decay_plain(p, &s->c, x, n, y, zero);
    *carry = s->c;
}
#if defined(KL__SIMD_X86)
KL__TARGET_AVX2 KL__INLINE decay_carry4 decay_take_avx2(const kl__carry *c) { return decay_take4(c); }
KL__TARGET_AVX2 KL__INLINE void decay_tile_avx2(const kl__pole *p, decay_carry4 *s, const double *x, double *y, int zero) {
    decay_group4(p, s, x, y, zero);
    decay_group4(p, s, x + DECAY_FOUR, y + DECAY_FOUR, zero);
}
KL__TARGET_AVX2 KL__INLINE void decay_put_avx2(const kl__pole *p, decay_carry4 *s, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    decay_leave4(s, carry);
    decay_plain(p, carry, x, n, y, zero);
}
KL__TARGET_AVX512 KL__INLINE decay_carry8 decay_take_avx512(const kl__carry *c) { return decay_take8(c); }
KL__TARGET_AVX512 KL__INLINE void decay_tile_avx512(const kl__pole *p, decay_carry8 *s, const double *x, double *y, int zero) {
    __m512d greatest = _mm512_setzero_pd();
    decay_front8 f;
    decay_side8 side;
    decay_load8(&f, x, DECAY_EIGHT, &greatest, 0);
    decay_local8(&f, &side, p, s, zero);
    decay_chain8(&side, p, s, zero);
    decay_rows8(&f, &side, p, x, y, NULL, zero);
}
KL__TARGET_AVX512 KL__INLINE void decay_put_avx512(const kl__pole *p, decay_carry8 *s, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    __m512d greatest = _mm512_setzero_pd();
    decay_rest8(p, s, carry, x, n, y, zero, &greatest);
}
#endif

#if defined(KL__SIMD_X86)
KL__TARGET_AVX512 KL__INLINE __m512d decay_lanes8(const double *d) { return _mm512_setr_pd(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]); }

/* Rises, falls and the index of both are made of samples that lie in lanes: they are turned once there and once back. Returns the rows. */
typedef struct decay_watch8 {
    __m512d greatest, last;
    __mmask8 unknown;
} decay_watch8;

/* Either order of two values passes NaN of the second: those of high and low reach the range, that of the close is looked for. */
KL__TARGET_AVX512 KL__INLINE void decay_ranges_load8(decay_front8 *f, const double *high, const double *low, const double *close, decay_watch8 *watch) {
    for (int k = 0; k < 8; k++) {
        const int at = k * KL__DECAY_BLOCK;
        KL__PREFETCH((const void *)((uintptr_t)(high + at) + DECAY_AHEAD * sizeof *high));
        KL__PREFETCH((const void *)((uintptr_t)(low + at) + DECAY_AHEAD * sizeof *low));
        KL__PREFETCH((const void *)((uintptr_t)(close + at) + DECAY_AHEAD * sizeof *close));
        const __m512d h = _mm512_loadu_pd(high + at), l = _mm512_loadu_pd(low + at), c = _mm512_loadu_pd(close + at);
        if (k % 2) watch->unknown |= _mm512_cmp_pd_mask(c, watch->last, _CMP_UNORD_Q);
        watch->last = c;
        watch->greatest = _mm512_range_pd(_mm512_range_pd(watch->greatest, c, 11), _mm512_range_pd(h, l, 11), 11);
        f->m[k] = _mm512_sub_pd(_mm512_max_pd(c, h), _mm512_min_pd(c, l));
    }
    decay_turn8(f->m);
}

KL__TARGET_AVX512 KL__INLINE size_t decay_ranges8(const kl__pole *p, decay_carry8 *c, const double *high, const double *low, const double *close, size_t n,
                                                  double *y, uint64_t *seen) {
    decay_watch8 watch = {_mm512_setzero_pd(), _mm512_setzero_pd(), 0};
    decay_front8 f, next;
    decay_side8 side[2];
    const size_t rows = n / DECAY_EIGHT * DECAY_EIGHT;
    if (rows) decay_ranges_load8(&f, high, low, close, &watch), decay_local8(&f, &side[0], p, c, 0);
    for (size_t i = 0, turn = 0, to = DECAY_EIGHT; i < rows; i = to, to += DECAY_EIGHT, turn ^= 1) {
        decay_chain8(&side[turn], p, c, 0);
        if (to < rows) {
            decay_ranges_load8(&next, high + to, low + to, close + to, &watch);
            decay_local8(&next, &side[turn ^ 1], p, c, 0);
        }
        decay_rows8(&f, &side[turn], p, NULL, y + i, NULL, 0);
        f = next;
    }
    if (watch.unknown || !(_mm512_reduce_max_pd(watch.greatest) < 0x1p998)) *seen |= UINT64_C(1) << 63;
    return rows;
}

KL__TARGET_AVX512 KL__INLINE void decay_sides_load8(decay_front8 *gain, decay_front8 *loss, const double *x, decay_watch8 *watch) {
    const __m512d none = _mm512_setzero_pd();
    decay_front8 f;
    decay_load8(&f, x, DECAY_EIGHT, &watch->greatest, 1);
    __m512d before = decay_before8(f.m[DECAY_LAST], watch->last);
    watch->last = f.m[DECAY_LAST];
    for (int j = 0; j < KL__DECAY_BLOCK; j++) {
        if (j % 2) watch->unknown |= _mm512_cmp_pd_mask(f.m[j], before, _CMP_UNORD_Q);
        gain->m[j] = _mm512_max_pd(_mm512_sub_pd(f.m[j], before), none);
        loss->m[j] = _mm512_max_pd(_mm512_sub_pd(before, f.m[j]), none);
        before = f.m[j];
    }
}

KL__TARGET_AVX512 KL__INLINE size_t decay_sides8(const kl__pole *p, decay_carry8 *up, decay_carry8 *down, const double *x, size_t n, double flat,
                                                 double *y, uint64_t *seen) {
    const __m512d none = _mm512_setzero_pd(), all = _mm512_set1_pd(100.0), even = _mm512_set1_pd(flat);
    decay_watch8 watch = {none, _mm512_set1_pd(*(x - 1)), 0};
    decay_front8 gain, loss;
    decay_side8 side[2];
    const size_t rows = n / DECAY_EIGHT * DECAY_EIGHT;
    if (rows) {
        decay_sides_load8(&gain, &loss, x, &watch);
        decay_local8(&gain, &side[0], p, up, 1), decay_local8(&loss, &side[1], p, down, 1);
    }
    for (size_t i = 0; i < rows; i += DECAY_EIGHT) {
        decay_chain8(&side[0], p, up, 1), decay_chain8(&side[1], p, down, 1);
        const __m512d from = decay_lanes8(side[0].d), to = decay_lanes8(side[1].d);
        decay_front8 u = gain, v = loss;
        if (i + DECAY_EIGHT < rows) {
            decay_sides_load8(&gain, &loss, x + i + DECAY_EIGHT, &watch);
            decay_local8(&gain, &side[0], p, up, 1), decay_local8(&loss, &side[1], p, down, 1);
        }
        for (int j = 0; j < KL__DECAY_BLOCK; j++) {
            const __m512d power = _mm512_set1_pd(p->power[j]), rises = _mm512_add_pd(u.m[j], _mm512_mul_pd(power, from));
            const __m512d both = _mm512_add_pd(rises, _mm512_add_pd(v.m[j], _mm512_mul_pd(power, to)));
            u.m[j] = _mm512_mask_mov_pd(_mm512_mul_pd(all, _mm512_div_pd(rises, both)), _mm512_cmp_pd_mask(both, none, _CMP_EQ_OQ), even);
        }
        decay_turn8(u.m);
        for (int k = 0; k < 8; k++) _mm512_storeu_pd(y + i + k * KL__DECAY_BLOCK, u.m[k]);
    }
    if (watch.unknown || !(_mm512_reduce_max_pd(watch.greatest) < 0x1p998)) *seen |= UINT64_C(1) << 63;
    return rows;
}
#endif
#define DECAY_NO_RANGES(p, s, high, low, close, n, y, seen) 0
#define DECAY_NO_TILES(p, up, down, x, n, flat, y, seen) 0

/* In the top bit: a value is NaN or not below 2^998. */
KL__INLINE uint64_t decay_large(double x) { return (kl__double_bits(x) & UINT64_C(0x7fffffffffffffff)) + (UINT64_C(27) << 52); }

KL__INLINE void decay_fetch(const double *x) {
    for (size_t j = 0; j < DECAY_TILE; j += 8) KL__PREFETCH((const void *)((uintptr_t)(x + j) + DECAY_AHEAD * sizeof *x));
}

KL__INLINE void decay_true_ranges(const double *high, const double *low, const double *close, size_t n, double *restrict range, uint64_t *seen) {
    uint64_t all = *seen;
    for (size_t j = 0; j < n; j++) {
        const double top = high[j] > close[j] ? high[j] : close[j], bottom = low[j] < close[j] ? low[j] : close[j];
        range[j] = top - bottom;
        all |= decay_large(high[j]) | decay_large(low[j]) | decay_large(close[j]);
    }
    *seen = all;
}
KL__INLINE void decay_both_sides(const double *x, size_t n, double *restrict gain, double *restrict loss, uint64_t *seen) {
    uint64_t all = *seen;
    for (size_t j = 0; j < n; j++) {
        const double now = *(x + j), change = now - *(x + j - 1);
        gain[j] = (fabs(change) + change) * 0.5; /* the change or 0, exactly, without a branch */
        loss[j] = (fabs(change) - change) * 0.5;
        all |= decay_large(now);
    }
    *seen = all;
}
KL__INLINE void decay_index(const double *gain, const double *loss, size_t n, double flat, double *restrict out) {
    uint64_t seen = 0;
    for (size_t j = 0; j < n; j++) {
        const double both = gain[j] + loss[j];
        out[j] = 100.0 * (gain[j] / both);
        seen |= kl__double_bits(both) - 1; /* the top bit: 0.0 is among them */
    }
    if (KL__UNLIKELY(seen >> 63))
        for (size_t j = 0; j < n; j++)
            if (gain[j] + loss[j] == 0.0) out[j] = flat;
}

#define DECAY_FUSED(tier, target, state, ranges, tiles)                                                                                              \
    target static int decay_range_##tier(const kl__pole *pole, kl__carry *carry, const double *const *in, size_t n, double *y) {      \
        const kl__pole p = *pole;                                                                                                     \
        const double *high = in[0], *low = in[1], *close = in[2] - 1;                                                                 \
        double tile[DECAY_TILE];                                                                                                      \
        uint64_t seen = 0;                                                                                                            \
        state s = decay_take_##tier(carry);                                                                                           \
        size_t i = ranges(&p, &s, high, low, close, n, y, &seen);                                                                     \
        for (; i + DECAY_TILE <= n; i += DECAY_TILE) {                                                                                \
            decay_fetch(high + i), decay_fetch(low + i), decay_fetch(close + i);                                                      \
            decay_true_ranges(high + i, low + i, close + i, DECAY_TILE, tile, &seen);                                                 \
            decay_tile_##tier(&p, &s, tile, y + i, 0);                                                                                \
        }                                                                                                                             \
        decay_true_ranges(high + i, low + i, close + i, n - i, tile, &seen);                                                          \
        decay_put_##tier(&p, &s, carry, tile, n - i, y + i, 0);                                                                       \
        return (int)((seen | decay_large(in[2][n - 1])) >> 63);                                                                       \
    }                                                                                                                                 \
    target static int decay_sides_##tier(const kl__pole *pole, kl__carry *const carry[2], const double *x, size_t n, double flat, double *y) { \
        const kl__pole p = *pole;                                                                                                     \
        double gain[DECAY_TILE], loss[DECAY_TILE];                                                                                    \
        uint64_t seen = 0;                                                                                                            \
        state s = decay_take_##tier(carry[0]), t = decay_take_##tier(carry[1]);                                                       \
        size_t i = tiles(&p, &s, &t, x, n, flat, y, &seen);                                                                           \
        for (; i + DECAY_TILE <= n; i += DECAY_TILE) {                                                                                \
            decay_fetch(x + i);                                                                                                       \
            decay_both_sides(x + i, DECAY_TILE, gain, loss, &seen);                                                                        \
            decay_tile_##tier(&p, &s, gain, gain, 1);                                                                                 \
            decay_tile_##tier(&p, &t, loss, loss, 1);                                                                                 \
            decay_index(gain, loss, DECAY_TILE, flat, y + i);                                                                         \
        }                                                                                                                             \
        decay_both_sides(x + i, n - i, gain, loss, &seen);                                                                                 \
        decay_put_##tier(&p, &s, carry[0], gain, n - i, gain, 1);                                                                     \
        decay_put_##tier(&p, &t, carry[1], loss, n - i, loss, 1);                                                                     \
        decay_index(gain, loss, n - i, flat, y + i);                                                                                  \
        return (int)(seen >> 63);                                                                                                     \
    }
DECAY_FUSED(baseline, , decay_plain_state, DECAY_NO_RANGES, DECAY_NO_TILES)
#if defined(KL__SIMD_X86)
DECAY_FUSED(avx2, KL__TARGET_AVX2, decay_carry4, DECAY_NO_RANGES, DECAY_NO_TILES)
DECAY_FUSED(avx512, KL__TARGET_AVX512, decay_carry8, decay_ranges8, decay_sides8)
#endif

int kl__decay_rows_range(const kl__pole *pole, kl__carry *carry, const double *const *in, size_t n, double *y) {
    static int (*const tiers[KL__SIMD_TIERS])(const kl__pole *, kl__carry *, const double *const *, size_t, double *) = KL__SIMD_TABLE(decay_range);
    return tiers[kl__simd_tier()](pole, carry, in, n, y);
}

int kl__decay_rows_sides(const kl__pole *pole, kl__carry *const carry[2], const double *x, size_t n, double flat, double *y) {
    static int (*const tiers[KL__SIMD_TIERS])(const kl__pole *, kl__carry *const[2], const double *, size_t, double, double *) = KL__SIMD_TABLE(decay_sides);
    return tiers[kl__simd_tier()](pole, carry, x, n, flat, y);
}

/* ------------------------------------------------------------------------------------------------------ tables --- */

#define DECAY_TIER(tier, target, body, both_body)                                                                                     \
    target static double decay_##tier(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, int zero) {       \
        return zero ? body(pole, carry, x, n, y, 1) : body(pole, carry, x, n, y, 0);                                                  \
    }                                                                                                                                 \
    target static double decay_both_##tier(const kl__pole *const pole[2], kl__carry *const carry[2], const double *const x[2],        \
                                           size_t n, double *const y[2], int zero) {                                                  \
        return zero ? both_body(pole, carry, x, n, y, 1) : both_body(pole, carry, x, n, y, 0);                                        \
    }
DECAY_TIER(baseline, , decay_plain, decay_plain_both)
#if defined(KL__SIMD_X86)
DECAY_TIER(avx2, KL__TARGET_AVX2, decay_avx2_body, decay_avx2_both_body)
DECAY_TIER(avx512, KL__TARGET_AVX512, decay_avx512_body, decay_avx512_both_body)
static double (*const decay_both_tiers[])(const kl__pole *const[2], kl__carry *const[2], const double *const[2], size_t, double *const[2],
                                          int) = {decay_both_baseline, decay_both_avx2, decay_both_avx512};
#else
static double (*const decay_both_tiers[])(const kl__pole *const[2], kl__carry *const[2], const double *const[2], size_t, double *const[2],
                                          int) = {decay_both_baseline, decay_both_baseline, decay_both_baseline};
#endif
KL__INLINE void decay_difference_body(const double *x, const double *y, double *restrict less, size_t n) {
    for (size_t j = 0; j < n; j++) less[j] = x[j] - y[j];
}
static double decay_less_baseline(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, double *less) {
    const double greatest = decay_baseline(pole, carry, x, n, y, 0);
    return decay_difference_body(x, y, less, n), greatest;
}
#if defined(KL__SIMD_X86)
KL__TARGET_AVX2 static double decay_less_avx2(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, double *less) {
    const double greatest = decay_avx2(pole, carry, x, n, y, 0);
    return decay_difference_body(x, y, less, n), greatest;
}
#endif
static double (*const decay_less_tiers[])(const kl__pole *, kl__carry *, const double *, size_t, double *, double *) = KL__SIMD_TABLE(decay_less);
static double (*const decay_tiers[])(const kl__pole *, kl__carry *, const double *, size_t, double *, int) = KL__SIMD_TABLE(decay);

double kl__decay_rows(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, int zero) {
    return decay_tiers[kl__simd_tier()](pole, carry, x, n, y, zero);
}

double kl__decay_rows_less(const kl__pole *pole, kl__carry *carry, const double *x, size_t n, double *y, double *less) {
    return decay_less_tiers[kl__simd_tier()](pole, carry, x, n, y, less);
}

double kl__decay_rows_both(const kl__pole *const pole[2], kl__carry *const carry[2], const double *const x[2], size_t n, double *const y[2],
                           int zero) {
    return decay_both_tiers[kl__simd_tier()](pole, carry, x, n, y, zero);
}
