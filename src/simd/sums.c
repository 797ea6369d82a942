/* A lane is a block. What is one after the other is one addition a block, of S, and one of E. */
#include "base/fp.h"
#include "simd/sums.h"
#include "simd/lanes.h"
#include <math.h>
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

enum { SUMS_LAST = KL__SUMS_BLOCK - 1 };

KL__INLINE void sums_fetch(const kl__ahead *ahead, size_t from, size_t rows) {
    for (uint32_t c = 0; c < ahead->n; c++)
        for (size_t j = from; j < from + rows; j += 8) KL__PREFETCH((const void *)((uintptr_t)ahead->column[c] + j * sizeof(double)));
}

double kl__sums_one(kl__sums *s, double x) {
    const double before = s->local, local = before + x, back = local - before;
    s->lost = s->lost + ((before - (local - back)) + (x - back));
    const double sum = s->sum + local, own = sum - s->sum, lost = (s->sum - (sum - own)) + (local - own);
    const double y = sum + (lost + (s->error + s->lost));
    s->local = local;
    if (++s->at == KL__SUMS_BLOCK) *s = (kl__sums){sum, s->error + (s->lost + lost), 0.0, 0.0, 0};
    return y;
}

/* Groups of `width` blocks: `load` and `put` turn values to lanes and back, `set` makes lanes of numbers, `get` the other way. Returns the rows. */
#define SUMS_GROUP(name, target, lanes, width, load, put, set, get, watch, plus, less)                                \
    typedef struct name##_front {                                                                                     \
        lanes l[KL__SUMS_BLOCK], e[KL__SUMS_BLOCK];                                                                   \
    } name##_front;                                                                                                   \
    target KL__INLINE void name##_begin(name##_front *f, double *ends, const double *x, lanes *greatest) {            \
        const double zero[width] = {0.0};                                                                             \
        lanes m[KL__SUMS_BLOCK], back;                                                                                \
        load(m, x);                                                                                                   \
        for (int j = 0; j < KL__SUMS_BLOCK; j++) *greatest = watch(*greatest, m[j]);                                  \
        f->e[0] = set(zero), f->l[0] = m[0] + f->e[0];                                                                \
        for (int j = 1; j < KL__SUMS_BLOCK; j++) {                                                                    \
            f->l[j] = f->l[j - 1] + m[j], back = f->l[j] - f->l[j - 1];                                               \
            f->e[j] = plus(f->e[j - 1], plus(less(f->l[j - 1], less(f->l[j], back)), m[j] - back));                   \
        }                                                                                                             \
        get(ends, f->l[SUMS_LAST]);                                                                                   \
    }                                                                                                                 \
    target KL__INLINE lanes name##_chain(double *at, const double *ends) {                                            \
        double from[width];                                                                                           \
        for (int k = 0; k < (width); k++) from[k] = *at, *at = *at + ends[k];                                         \
        return set(from);                                                                                             \
    }                                                                                                                 \
    target KL__INLINE void name##_end(kl__sums *c, const name##_front *f, lanes from, double *y) {                    \
        double ends[width];                                                                                           \
        lanes m[KL__SUMS_BLOCK], s = from + f->l[SUMS_LAST], back = s - from, lost = (from - (s - back)) + (f->l[SUMS_LAST] - back);\
        get(ends, f->e[SUMS_LAST] + lost);                                                                            \
        const lanes before = name##_chain(&c->error, ends);                                                           \
        for (int j = 0; j < KL__SUMS_BLOCK; j++) {                                                                    \
            s = from + f->l[j], back = s - from, lost = plus(less(from, less(s, back)), f->l[j] - back);              \
            m[j] = s + plus(lost, before + f->e[j]);                                                                  \
        }                                                                                                             \
        put(m, y);                                                                                                    \
    }                                                                                                                 \
    /* The next group begins before the end of this one. */                                                           \
    target KL__INLINE size_t name(kl__sums *c, const double *x, size_t n, double *y, lanes *greatest, const kl__ahead *ahead, size_t done) {\
        const size_t step = (width) * KL__SUMS_BLOCK, rows = n / step * step;                                         \
        name##_front f, next;                                                                                         \
        double ends[width];                                                                                           \
        if (rows) name##_begin(&f, ends, x, greatest);                                                                \
        for (size_t i = 0; i < rows; i += step) {                                                                     \
            const lanes from = name##_chain(&c->sum, ends);                                                           \
            sums_fetch(ahead, done + i, step);                                                                        \
            if (i + step < rows) name##_begin(&next, ends, x + i + step, greatest);                                   \
            name##_end(c, &f, from, y + i);                                                                           \
            f = next;                                                                                                 \
        }                                                                                                             \
        return rows;                                                                                                  \
    }

#define SUMS_PLUS(a, b) ((a) + (b))
#define SUMS_LESS(a, b) ((a) - (b))

KL__INLINE void sums_load1(double *m, const double *x) { for (int j = 0; j < KL__SUMS_BLOCK; j++) m[j] = x[j]; }
KL__INLINE void sums_put1(const double *m, double *y) { for (int j = 0; j < KL__SUMS_BLOCK; j++) y[j] = m[j]; }
KL__INLINE double sums_set1(const double *from) { return from[0]; }
KL__INLINE void sums_get1(double *to, double x) { to[0] = x; }
KL__INLINE double sums_watch1(double greatest, double x) { return fabs(x) > greatest ? fabs(x) : greatest; }
SUMS_GROUP(sums_group1, , double, 1, sums_load1, sums_put1, sums_set1, sums_get1, sums_watch1, SUMS_PLUS, SUMS_LESS)

#if defined(KL__SIMD_X86)
/* Two blocks, SSE2. */
KL__INLINE void sums_load2(__m128d *m, const double *x) {
    for (int j = 0; j < KL__SUMS_BLOCK; j += 2) {
        const __m128d a = _mm_loadu_pd(x + j), b = _mm_loadu_pd(x + KL__SUMS_BLOCK + j);
        m[j] = _mm_unpacklo_pd(a, b), m[j + 1] = _mm_unpackhi_pd(a, b);
    }
}
KL__INLINE void sums_put2(const __m128d *m, double *y) {
    for (int j = 0; j < KL__SUMS_BLOCK; j += 2) {
        _mm_storeu_pd(y + j, _mm_unpacklo_pd(m[j], m[j + 1]));
        _mm_storeu_pd(y + KL__SUMS_BLOCK + j, _mm_unpackhi_pd(m[j], m[j + 1]));
    }
}
KL__INLINE __m128d sums_set2(const double *from) { return _mm_setr_pd(from[0], from[1]); }
KL__INLINE void sums_get2(double *to, __m128d x) { _mm_storeu_pd(to, x); }
KL__INLINE __m128d sums_watch2(__m128d greatest, __m128d x) { return _mm_max_pd(_mm_andnot_pd(_mm_set1_pd(-0.0), x), greatest); }
SUMS_GROUP(sums_group2, , __m128d, 2, sums_load2, sums_put2, sums_set2, sums_get2, sums_watch2, SUMS_PLUS, SUMS_LESS)

/* Four, AVX2. */
KL__TARGET_AVX2 KL__INLINE void sums_load4(__m256d *m, const double *x) {
    for (int half = 0; half < KL__SUMS_BLOCK; half += 4) {
        for (int k = 0; k < 4; k++) m[half + k] = _mm256_loadu_pd(x + k * KL__SUMS_BLOCK + half);
        kl__lanes_turn4(m + half);
    }
}
KL__TARGET_AVX2 KL__INLINE void sums_put4(__m256d *m, double *y) {
    for (int half = 0; half < KL__SUMS_BLOCK; half += 4) {
        kl__lanes_turn4(m + half);
        for (int k = 0; k < 4; k++) _mm256_storeu_pd(y + k * KL__SUMS_BLOCK + half, m[half + k]);
    }
}
KL__TARGET_AVX2 KL__INLINE __m256d sums_set4(const double *from) { return _mm256_setr_pd(from[0], from[1], from[2], from[3]); }
KL__TARGET_AVX2 KL__INLINE void sums_get4(double *to, __m256d x) { _mm256_storeu_pd(to, x); }
KL__TARGET_AVX2 KL__INLINE __m256d sums_watch4(__m256d greatest, __m256d x) {
    return _mm256_max_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), x), greatest);
}
SUMS_GROUP(sums_group4, KL__TARGET_AVX2, __m256d, 4, sums_load4, sums_put4, sums_set4, sums_get4, sums_watch4, SUMS_PLUS, SUMS_LESS)

/* Eight, AVX-512. */
KL__TARGET_AVX512 KL__INLINE void sums_load8(__m512d *m, const double *x) {
    for (int k = 0; k < 8; k++) {
        m[k] = _mm512_loadu_pd(x + k * KL__SUMS_BLOCK);
    }
    kl__lanes_turn8(m);
}
KL__TARGET_AVX512 KL__INLINE void sums_put8(__m512d *m, double *y) {
    kl__lanes_turn8(m);
    for (int k = 0; k < 8; k++) _mm512_storeu_pd(y + k * KL__SUMS_BLOCK, m[k]);
}
KL__TARGET_AVX512 KL__INLINE __m512d sums_set8(const double *d) { return _mm512_setr_pd(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]); }
KL__TARGET_AVX512 KL__INLINE void sums_get8(double *to, __m512d x) {
    _mm512_storeu_pd(to, x);
    __asm__("" : "+m"(*(double(*)[8])to)); /* as numbers of memory, not by moves between lanes */
}
KL__TARGET_AVX512 KL__INLINE __m512d sums_watch8(__m512d greatest, __m512d x) { return _mm512_range_pd(greatest, x, 11); }
/* The same sums by the units that multiply, beside those that add: a product with 1 is exact. */
KL__TARGET_AVX512 KL__INLINE __m512d sums_one8(void) {
    __m512d one = _mm512_set1_pd(1.0);
    __asm__("" : "+v"(one));
    return one;
}
KL__TARGET_AVX512 KL__INLINE __m512d sums_plus8(__m512d a, __m512d b) { return _mm512_fmadd_pd(a, sums_one8(), b); }
KL__TARGET_AVX512 KL__INLINE __m512d sums_less8(__m512d a, __m512d b) { return _mm512_fnmadd_pd(b, sums_one8(), a); }
SUMS_GROUP(sums_group8, KL__TARGET_AVX512, __m512d, 8, sums_load8, sums_put8, sums_set8, sums_get8, sums_watch8, sums_plus8, sums_less8)
#endif

/* Values of the block under way, then whole blocks, then the rest. */
#define SUMS_TIER(tier, target, lanes, width, group, set, get)                                                        \
    target static double sums_rows_##tier(kl__sums *state, const double *x, size_t n, double *y, const kl__ahead *ahead) {\
        kl__sums c = *state;                                                                                          \
        double zero[width] = {0.0}, most[width], greatest = 0.0;                                                      \
        lanes watch = set(zero);                                                                                      \
        size_t i = 0;                                                                                                 \
        for (; c.at && i < n; i++) greatest = sums_watch1(greatest, x[i]), y[i] = kl__sums_one(&c, x[i]);             \
        i += group(&c, x + i, n - i, y + i, &watch, ahead, i);                                                        \
        i += sums_group1(&c, x + i, n - i, y + i, &greatest, ahead, i);                                               \
        for (; i < n; i++) greatest = sums_watch1(greatest, x[i]), y[i] = kl__sums_one(&c, x[i]);                     \
        *state = c;                                                                                                   \
        get(most, watch);                                                                                             \
        for (int k = 0; k < (width); k++) greatest = sums_watch1(greatest, most[k]);                                  \
        return greatest;                                                                                              \
    }
#if defined(KL__SIMD_X86)
SUMS_TIER(baseline, , __m128d, 2, sums_group2, sums_set2, sums_get2)
SUMS_TIER(avx2, KL__TARGET_AVX2, __m256d, 4, sums_group4, sums_set4, sums_get4)
SUMS_TIER(avx512, KL__TARGET_AVX512, __m512d, 8, sums_group8, sums_set8, sums_get8)
#else
SUMS_TIER(baseline, , double, 1, sums_group1, sums_set1, sums_get1)
#endif

double kl__sums_rows(kl__sums *s, const double *x, size_t n, double *y, const kl__ahead *ahead) {
    static double (*const tiers[KL__SIMD_TIERS])(kl__sums *, const double *, size_t, double *, const kl__ahead *) = KL__SIMD_TABLE(sums_rows);
    return tiers[kl__simd_tier()](s, x, n, y, ahead);
}
