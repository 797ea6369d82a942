/* Filters of one array, of two side by side, and of their difference: see decay_lanes.h. */
#include "base/fp.h"
#include "simd/decay_lanes.h"

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

#if defined(KL__SIMD_X86)
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
        kl__lanes_turn8(a.m), kl__lanes_turn8(b.m);
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
