#include "base/fp.h"
#include "simd/runs.h"
#include "simd/level.h"
#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define RUNS_X86 1
#define RUNS_AVX2 __attribute__((target("avx2")))
#endif

enum { RUN_LANES = 8, RUN_AHEAD = 4096 /* bytes */ };

typedef struct run_lanes {
    double high[RUN_LANES], low[RUN_LANES], volume[RUN_LANES], amount[RUN_LANES];
} run_lanes;

/* the values from `i`, a multiple of the lanes, to the end, and the lanes to their sums. */
KL__INLINE void run_end(run_lanes *s, const double *price, const double *quantity, size_t i, size_t n, kl__run_sums *sums) {
    for (size_t k = 0; i < n; i++, k++) {
        s->high[k] = price[i] > s->high[k] ? price[i] : s->high[k];
        s->low[k] = price[i] < s->low[k] ? price[i] : s->low[k];
        s->volume[k] += quantity[i];
        s->amount[k] += price[i] * quantity[i];
    }
    sums->high = s->high[0], sums->low = s->low[0];
    for (size_t k = 1; k < RUN_LANES; k++) {
        sums->high = s->high[k] > sums->high ? s->high[k] : sums->high;
        sums->low = s->low[k] < sums->low ? s->low[k] : sums->low;
    }
    sums->volume = kl__run_tree(s->volume);
    sums->amount = kl__run_tree(s->amount);
}

KL__INLINE void run_begin(run_lanes *s, double price) {
    for (size_t k = 0; k < RUN_LANES; k++) s->high[k] = s->low[k] = price, s->volume[k] = s->amount[k] = 0;
}

static void run_sums_plain(const double *price, const double *quantity, size_t n, kl__run_sums *sums) {
    run_lanes s;
    size_t i = 0;
    run_begin(&s, price[0]);
    for (; i + RUN_LANES <= n; i += RUN_LANES)
        for (size_t k = 0; k < RUN_LANES; k++) {
            s.high[k] = price[i + k] > s.high[k] ? price[i + k] : s.high[k];
            s.low[k] = price[i + k] < s.low[k] ? price[i + k] : s.low[k];
            s.volume[k] += quantity[i + k];
            s.amount[k] += price[i + k] * quantity[i + k];
        }
    run_end(&s, price, quantity, i, n, sums);
}

/* the sign bits of all differences at once. */
static int run_rises_plain(const int64_t *values, size_t n) {
    uint64_t sign = 0;
    for (size_t i = 1; i < n; i++) sign |= (uint64_t)values[i] - (uint64_t)values[i - 1];
    return !(sign >> 63);
}

static const kl__run_kernels run_plain = {run_sums_plain, run_sums_plain, run_rises_plain};

#if defined(RUNS_X86)
/* asks for what comes later: hardware does not look over the end of a page. An address that is not there does no harm. */
KL__INLINE void run_ahead(const void *at) { _mm_prefetch((const char *)((uintptr_t)at + RUN_AHEAD), _MM_HINT_T0); }

/* max(p, h) of the machine is p > h ? p : h, min likewise: as in plain C, also for NaN. */
KL__INLINE void run_sums_sse2(const double *price, const double *quantity, size_t n, int with_amount, kl__run_sums *sums) {
    run_lanes s;
    size_t i = 0;
    run_begin(&s, price[0]);
    if (n >= RUN_LANES) {
        const __m128d first = _mm_set1_pd(price[0]);
        __m128d h0 = first, h1 = first, h2 = first, h3 = first, l0 = first, l1 = first, l2 = first, l3 = first;
        __m128d v0 = _mm_setzero_pd(), v1 = v0, v2 = v0, v3 = v0, a0 = v0, a1 = v0, a2 = v0, a3 = v0;
        for (; i + RUN_LANES <= n; i += RUN_LANES) {
            run_ahead(price + i);
            run_ahead(quantity + i);
            const __m128d p0 = _mm_loadu_pd(price + i), p1 = _mm_loadu_pd(price + i + 2);
            const __m128d p2 = _mm_loadu_pd(price + i + 4), p3 = _mm_loadu_pd(price + i + 6);
            const __m128d q0 = _mm_loadu_pd(quantity + i), q1 = _mm_loadu_pd(quantity + i + 2);
            const __m128d q2 = _mm_loadu_pd(quantity + i + 4), q3 = _mm_loadu_pd(quantity + i + 6);
            h0 = _mm_max_pd(p0, h0), h1 = _mm_max_pd(p1, h1), h2 = _mm_max_pd(p2, h2), h3 = _mm_max_pd(p3, h3);
            l0 = _mm_min_pd(p0, l0), l1 = _mm_min_pd(p1, l1), l2 = _mm_min_pd(p2, l2), l3 = _mm_min_pd(p3, l3);
            v0 = _mm_add_pd(v0, q0), v1 = _mm_add_pd(v1, q1), v2 = _mm_add_pd(v2, q2), v3 = _mm_add_pd(v3, q3);
            if (with_amount) {
                a0 = _mm_add_pd(a0, _mm_mul_pd(p0, q0)), a1 = _mm_add_pd(a1, _mm_mul_pd(p1, q1));
                a2 = _mm_add_pd(a2, _mm_mul_pd(p2, q2)), a3 = _mm_add_pd(a3, _mm_mul_pd(p3, q3));
            }
        }
        _mm_storeu_pd(s.high, h0), _mm_storeu_pd(s.high + 2, h1), _mm_storeu_pd(s.high + 4, h2), _mm_storeu_pd(s.high + 6, h3);
        _mm_storeu_pd(s.low, l0), _mm_storeu_pd(s.low + 2, l1), _mm_storeu_pd(s.low + 4, l2), _mm_storeu_pd(s.low + 6, l3);
        _mm_storeu_pd(s.volume, v0), _mm_storeu_pd(s.volume + 2, v1), _mm_storeu_pd(s.volume + 4, v2), _mm_storeu_pd(s.volume + 6, v3);
        _mm_storeu_pd(s.amount, a0), _mm_storeu_pd(s.amount + 2, a1), _mm_storeu_pd(s.amount + 4, a2), _mm_storeu_pd(s.amount + 6, a3);
    }
    run_end(&s, price, quantity, i, n, sums);
}

RUNS_AVX2 KL__INLINE void run_sums_avx2(const double *price, const double *quantity, size_t n, int with_amount, kl__run_sums *sums) {
    run_lanes s;
    size_t i = 0;
    run_begin(&s, price[0]);
    if (n >= RUN_LANES) {
        const __m256d first = _mm256_set1_pd(price[0]);
        __m256d h0 = first, h1 = first, l0 = first, l1 = first;
        __m256d v0 = _mm256_setzero_pd(), v1 = v0, a0 = v0, a1 = v0;
        for (; i + RUN_LANES <= n; i += RUN_LANES) {
            run_ahead(price + i);
            run_ahead(quantity + i);
            const __m256d p0 = _mm256_loadu_pd(price + i), p1 = _mm256_loadu_pd(price + i + 4);
            const __m256d q0 = _mm256_loadu_pd(quantity + i), q1 = _mm256_loadu_pd(quantity + i + 4);
            h0 = _mm256_max_pd(p0, h0), h1 = _mm256_max_pd(p1, h1);
            l0 = _mm256_min_pd(p0, l0), l1 = _mm256_min_pd(p1, l1);
            v0 = _mm256_add_pd(v0, q0), v1 = _mm256_add_pd(v1, q1);
            if (with_amount) a0 = _mm256_add_pd(a0, _mm256_mul_pd(p0, q0)), a1 = _mm256_add_pd(a1, _mm256_mul_pd(p1, q1));
        }
        _mm256_storeu_pd(s.high, h0), _mm256_storeu_pd(s.high + 4, h1);
        _mm256_storeu_pd(s.low, l0), _mm256_storeu_pd(s.low + 4, l1);
        _mm256_storeu_pd(s.volume, v0), _mm256_storeu_pd(s.volume + 4, v1);
        _mm256_storeu_pd(s.amount, a0), _mm256_storeu_pd(s.amount + 4, a1);
    }
    run_end(&s, price, quantity, i, n, sums);
}

static void run_sums_sse2_all(const double *price, const double *quantity, size_t n, kl__run_sums *sums) {
    run_sums_sse2(price, quantity, n, 1, sums);
}
static void run_sums_sse2_less(const double *price, const double *quantity, size_t n, kl__run_sums *sums) {
    run_sums_sse2(price, quantity, n, 0, sums);
}
RUNS_AVX2 static void run_sums_avx2_all(const double *price, const double *quantity, size_t n, kl__run_sums *sums) {
    run_sums_avx2(price, quantity, n, 1, sums);
}
RUNS_AVX2 static void run_sums_avx2_less(const double *price, const double *quantity, size_t n, kl__run_sums *sums) {
    run_sums_avx2(price, quantity, n, 0, sums);
}

RUNS_AVX2 static int run_rises_avx2(const int64_t *values, size_t n) {
    __m256i sign0 = _mm256_setzero_si256(), sign1 = sign0;
    size_t i = 1;
    for (; i + 8 <= n; i += 8) {
        run_ahead(values + i);
        const __m256i a0 = _mm256_loadu_si256((const void *)(values + i - 1)), b0 = _mm256_loadu_si256((const void *)(values + i));
        const __m256i a1 = _mm256_loadu_si256((const void *)(values + i + 3)), b1 = _mm256_loadu_si256((const void *)(values + i + 4));
        sign0 = _mm256_or_si256(sign0, _mm256_sub_epi64(b0, a0));
        sign1 = _mm256_or_si256(sign1, _mm256_sub_epi64(b1, a1));
    }
    uint64_t sign = 0;
    for (; i < n; i++) sign |= (uint64_t)values[i] - (uint64_t)values[i - 1];
    return !(sign >> 63) && !_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_or_si256(sign0, sign1)));
}

static int run_rises_sse2(const int64_t *values, size_t n) {
    __m128i sign0 = _mm_setzero_si128(), sign1 = sign0;
    size_t i = 1;
    for (; i + 4 <= n; i += 4) {
        const __m128i a0 = _mm_loadu_si128((const void *)(values + i - 1)), b0 = _mm_loadu_si128((const void *)(values + i));
        const __m128i a1 = _mm_loadu_si128((const void *)(values + i + 1)), b1 = _mm_loadu_si128((const void *)(values + i + 2));
        sign0 = _mm_or_si128(sign0, _mm_sub_epi64(b0, a0));
        sign1 = _mm_or_si128(sign1, _mm_sub_epi64(b1, a1));
    }
    uint64_t sign = 0;
    for (; i < n; i++) sign |= (uint64_t)values[i] - (uint64_t)values[i - 1];
    return !(sign >> 63) && !_mm_movemask_pd(_mm_castsi128_pd(_mm_or_si128(sign0, sign1)));
}

static const kl__run_kernels run_sse2 = {run_sums_sse2_all, run_sums_sse2_less, run_rises_sse2};
static const kl__run_kernels run_avx2 = {run_sums_avx2_all, run_sums_avx2_less, run_rises_avx2};
#endif

const kl__run_kernels *kl__run_kernels_at(int level) {
#if defined(RUNS_X86)
    if (level == 1) return &run_sse2;
    if (level == 2) return __builtin_cpu_supports("avx2") ? &run_avx2 : NULL;
#endif
    return level == 0 ? &run_plain : NULL;
}

const kl__run_kernels *kl__run_kernels_best(void) {
    static const int level[KL__SIMD_TIERS] = {1, 2, 2};
    const kl__run_kernels *best = kl__run_kernels_at(level[kl__simd_tier()]);
    return best ? best : &run_plain;
}
