#include "simd/stream.h"
#include "base/check.h"
#include "simd/level.h"
#include <stdint.h>
#include <string.h>
#if defined(KL__SIMD_X86)
#include <immintrin.h>

#define STREAM_LINE 8 /* doubles */

static void stream_baseline(double *to, const double *from, size_t n) {
    for (size_t j = 0; j < n; j += 2) _mm_stream_pd(to + j, _mm_loadu_pd(from + j));
}
KL__TARGET_AVX2 static void stream_avx2(double *to, const double *from, size_t n) {
    for (size_t j = 0; j < n; j += 4) _mm256_stream_pd(to + j, _mm256_loadu_pd(from + j));
}
KL__TARGET_AVX512 static void stream_avx512(double *to, const double *from, size_t n) {
    for (size_t j = 0; j < n; j += 8) _mm512_stream_pd(to + j, _mm512_loadu_pd(from + j));
}

void kl__stream(double *to, const double *from, size_t n) {
    static void (*const lines[KL__SIMD_TIERS])(double *, const double *, size_t) = KL__SIMD_TABLE(stream);
    const size_t past = (uintptr_t)to / sizeof(double) % STREAM_LINE, head = past ? STREAM_LINE - past : 0;
    const size_t whole = n > head ? (n - head) / STREAM_LINE * STREAM_LINE : 0;
    const size_t first = whole ? head : n;
    memcpy(to, from, first * sizeof *to);
    if (!whole) return;
    lines[kl__simd_tier()](to + first, from + first, whole);
    memcpy(to + first + whole, from + first + whole, (n - first - whole) * sizeof *to);
}

void kl__stream_done(void) { _mm_sfence(); }
#else
void kl__stream(double *to, const double *from, size_t n) { memcpy(to, from, n * sizeof *to); }
void kl__stream_done(void) {}
#endif
