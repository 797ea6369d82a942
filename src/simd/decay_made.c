/* Filters of what is made of columns on the way, tile by tile, and with AVX-512 in registers: see decay_lanes.h. */
#include "base/fp.h"
#include "simd/decay_lanes.h"

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
    kl__lanes_turn8(f->m);
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
        kl__lanes_turn8(u.m);
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
