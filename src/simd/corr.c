#include "base/fp.h"
#include "base/roots.h"
#include "simd/corr.h"
#include "simd/level.h"
#include <math.h>
#include <string.h>
#if defined(KL__SIMD_X86)
#include <immintrin.h>
#endif

enum { CORR_L = KL__CORR_LANES, CORR_SUB = 4 };

/* ---------------------------------------------------------------------------------------------- in plain C --- */

/* Two pairs at once where the compiler has vectors of 16 bytes, which every 64-bit machine does. */
#if defined(__GNUC__)
typedef double corr_two __attribute__((vector_size(16)));
KL__INLINE corr_two corr_two_at(const double *x) {
    corr_two v;
    memcpy(&v, x, sizeof v);
    return v;
}
KL__INLINE void corr_two_put(double *x, corr_two v) { memcpy(x, &v, sizeof v); }
KL__INLINE corr_two corr_two_of(double x) { return (corr_two){x, x}; }
KL__INLINE corr_two corr_two_add(corr_two x, corr_two y) { return x + y; }
KL__INLINE corr_two corr_two_mul(corr_two x, corr_two y) { return x * y; }
#else
typedef struct corr_two {
    double x, y;
} corr_two;
KL__INLINE corr_two corr_two_make(double x, double y) {
    corr_two v = {x, y};
    return v;
}
KL__INLINE corr_two corr_two_at(const double *x) { return corr_two_make(x[0], x[1]); }
KL__INLINE void corr_two_put(double *x, corr_two v) { x[0] = v.x, x[1] = v.y; }
KL__INLINE corr_two corr_two_of(double x) { return corr_two_make(x, x); }
KL__INLINE corr_two corr_two_add(corr_two x, corr_two y) { return corr_two_make(x.x + y.x, x.y + y.y); }
KL__INLINE corr_two corr_two_mul(corr_two x, corr_two y) { return corr_two_make(x.x * y.x, x.y * y.y); }
#endif

/* Four by four pairs at a time, so that the sums stay in registers. */
KL__INLINE void corr_add_part(double *sum, size_t width, const double *weighted, const double *column, size_t n, ptrdiff_t step) {
    corr_two s[CORR_SUB][2];
#pragma GCC unroll 4
    for (size_t a = 0; a < CORR_SUB; a++) s[a][0] = corr_two_at(sum + a * width), s[a][1] = corr_two_at(sum + a * width + 2);
    for (size_t k = 0; k < n; k++, weighted += step, column += step) {
        const corr_two c[2] = {corr_two_at(column), corr_two_at(column + 2)};
#pragma GCC unroll 4
        for (size_t a = 0; a < CORR_SUB; a++) {
            const corr_two w = corr_two_of(weighted[a]);
            s[a][0] = corr_two_add(s[a][0], corr_two_mul(w, c[0]));
            s[a][1] = corr_two_add(s[a][1], corr_two_mul(w, c[1]));
        }
    }
#pragma GCC unroll 4
    for (size_t a = 0; a < CORR_SUB; a++) corr_two_put(sum + a * width, s[a][0]), corr_two_put(sum + a * width + 2, s[a][1]);
}

KL__INLINE void corr_add_tile(double *sum, const double *weighted, const double *column, const double *second, size_t n, ptrdiff_t step) {
    size_t width = second ? 2 * CORR_L : CORR_L;
    for (size_t a = 0; a < CORR_L; a += CORR_SUB)
        for (size_t b = 0; b < width; b += CORR_SUB)
            corr_add_part(sum + a * width + b, width, weighted + a, b < CORR_L ? column + b : second + (b - CORR_L), n, step);
}

/* The order of the comparisons lets NaN through, as that of the operands of min and max does below. */
KL__INLINE double corr_clamp(double r) {
    r = 1.0 < r ? 1.0 : r;
    return -1.0 > r ? -1.0 : r;
}

static void corr_add_baseline(double *sum, const double *weighted, const double *column, const double *second, size_t n, int fresh) {
    if (fresh) memset(sum, 0, (size_t)(second ? 2 * CORR_L : CORR_L) * CORR_L * sizeof *sum);
    corr_add_tile(sum, weighted, column, second, n, CORR_L);
}

static void corr_window_baseline(const kl__corr_window *w) {
    const size_t width = w->column[1] ? 2 * CORR_L : CORR_L;
    double s[2 * CORR_L * CORR_L];
    memset(s, 0, sizeof s);
    corr_add_tile(s, w->weighted, w->column[0], w->column[1], w->n, -(ptrdiff_t)CORR_L);
    for (size_t a = 0; a < CORR_L; a++)
        for (size_t b = 0; b < width; b++) {
            double c = (w->sums[a * width + b] + s[a * width + b]) + w->way[a] * w->way_column[b / CORR_L][b % CORR_L];
            w->out[a][b] = w->scale ? corr_clamp((c * w->scale[a]) * w->scale_column[b / CORR_L][b % CORR_L]) : c;
        }
}

/* The last steps of a tile's row of 4 x 4 pairs: prefix and suffix meet, and become correlations. */
KL__INLINE void corr_block_finish(const double *i, const double *j, size_t width, double *out) {
    for (size_t a = 0; a < CORR_SUB; a++)
        for (size_t b = 0; b < CORR_SUB; b++) {
            double c = out[a * width + b] + i[KL__CORR_BRIDGE + a] * j[KL__CORR_BRIDGE + b];
            out[a * width + b] = corr_clamp((c * i[KL__CORR_SCALE + a]) * j[KL__CORR_SCALE + b]);
        }
}

KL__INLINE void corr_block_part(const kl__corr_block *block, const double *row, const double *column, size_t width, double *r) {
    const size_t all = width * CORR_L;
    corr_two s[CORR_SUB][2];
    for (size_t a = 0; a < CORR_SUB; a++)
        for (size_t b = 0; b < 2; b++) {
            s[a][b] = corr_two_of(0.0);
            corr_two_put(r + (block->rows - 1) * all + a * width + 2 * b, s[a][b]);
        }
    for (size_t t = block->rows - 1; t > block->from; t--) {
        const double *i = row + t * KL__CORR_FACTS + KL__CORR_SUFFIX, *j = column + t * KL__CORR_FACTS + KL__CORR_SUFFIX;
        const corr_two c[2] = {corr_two_at(j), corr_two_at(j + 2)};
#pragma GCC unroll 4
        for (size_t a = 0; a < CORR_SUB; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < 2; b++) {
                s[a][b] = corr_two_add(s[a][b], corr_two_mul(corr_two_of(i[a]), c[b]));
                corr_two_put(r + (t - 1) * all + a * width + 2 * b, s[a][b]);
            }
    }
    for (size_t a = 0; a < CORR_SUB; a++) s[a][0] = s[a][1] = corr_two_of(0.0);
    for (size_t t = 0; t < block->to; t++) {
        const double *i = row + t * KL__CORR_FACTS, *j = column + t * KL__CORR_FACTS;
        const corr_two c[2] = {corr_two_at(j + KL__CORR_PREFIX), corr_two_at(j + KL__CORR_PREFIX + 2)};
        double *out = r + t * all;
#pragma GCC unroll 4
        for (size_t a = 0; a < CORR_SUB; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < 2; b++) {
                double *place = out + a * width + 2 * b;
                s[a][b] = corr_two_add(s[a][b], corr_two_mul(corr_two_of(i[KL__CORR_PREFIX + a]), c[b]));
                if (t >= block->from) corr_two_put(place, corr_two_add(s[a][b], corr_two_at(place)));
            }
        if (t >= block->from) corr_block_finish(i, j, width, out);
    }
}

static void corr_block_baseline(const kl__corr_block *block, double *r) {
    size_t width = block->column[1] ? 2 * CORR_L : CORR_L;
    for (size_t a = 0; a < CORR_L; a += CORR_SUB)
        for (size_t b = 0; b < width; b += CORR_SUB)
            corr_block_part(block, block->row + a, b < CORR_L ? block->column[0] + b : block->column[1] + (b - CORR_L), width,
                            r + a * width + b);
}

static void corr_scale_baseline(const double *m2, double *h, size_t n, size_t step) {
    for (size_t t = 0; t < n; t++, m2 += CORR_L, h += step)
        for (size_t l = 0; l < CORR_L; l++) h[l] = m2[l] >= KL__CORR_LEAST ? 1.0 / kl__sqrt(m2[l]) : (double)NAN;
}

static const kl__corr_kernels corr_baseline = {corr_add_baseline, corr_window_baseline, corr_block_baseline, corr_scale_baseline};

#if defined(KL__SIMD_X86)

/* ---------------------------------------------------------------------------------------------------- AVX2 --- */

/* 4 rows of two vectors: 8 sums in registers. */
KL__TARGET_AVX2 KL__INLINE void corr_add_part_avx2(double *sum, size_t width, const double *weighted, const double *column, size_t n,
                                                   int fresh) {
    __m256d s[4][2];
    ptrdiff_t at = 0;
#pragma GCC unroll 4
    for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < 2; b++) s[a][b] = fresh ? _mm256_setzero_pd() : _mm256_loadu_pd(sum + a * width + b * 4);
    for (size_t k = 0; k < n; k++, at += CORR_L) {
        const __m256d c[2] = {_mm256_loadu_pd(column + at), _mm256_loadu_pd(column + at + 4)};
#pragma GCC unroll 4
        for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < 2; b++)
                s[a][b] = _mm256_add_pd(s[a][b], _mm256_mul_pd(_mm256_set1_pd(weighted[at + (ptrdiff_t)a]), c[b]));
    }
#pragma GCC unroll 4
    for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < 2; b++) _mm256_storeu_pd(sum + a * width + b * 4, s[a][b]);
}

KL__TARGET_AVX2 static void corr_add_avx2(double *sum, const double *weighted, const double *column, const double *second, size_t n,
                                          int fresh) {
    size_t width = second ? 2 * CORR_L : CORR_L;
    for (size_t a = 0; a < CORR_L; a += 4) {
        corr_add_part_avx2(sum + a * width, width, weighted + a, column, n, fresh);
        if (second) corr_add_part_avx2(sum + a * width + CORR_L, width, weighted + a, second, n, fresh);
    }
}

/* Rows a .. a + 3 of the tile, columns of group g. */
KL__TARGET_AVX2 KL__INLINE void corr_window_part_avx2(const kl__corr_window *w, size_t from, size_t g) {
    const __m256d one = _mm256_set1_pd(1.0), minus_one = _mm256_set1_pd(-1.0);
    const size_t width = w->column[1] ? 2 * CORR_L : CORR_L;
    const double *i = w->weighted + from, *j = w->column[g];
    __m256d s[4][2];
#pragma GCC unroll 4
    for (size_t a = 0; a < 4; a++) s[a][0] = s[a][1] = _mm256_setzero_pd();
    for (size_t k = 0; k < w->n; k++, i -= CORR_L, j -= CORR_L) {
        const __m256d c[2] = {_mm256_loadu_pd(j), _mm256_loadu_pd(j + 4)};
#pragma GCC unroll 4
        for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < 2; b++) s[a][b] = _mm256_add_pd(s[a][b], _mm256_mul_pd(_mm256_set1_pd(i[a]), c[b]));
    }
#pragma GCC unroll 2
    for (size_t b = 0; b < 2; b++) {
        const __m256d way = _mm256_loadu_pd(w->way_column[g] + b * 4), scale = _mm256_loadu_pd(w->scale_column[g] + b * 4);
#pragma GCC unroll 4
        for (size_t a = 0; a < 4; a++) {
            __m256d v = _mm256_add_pd(_mm256_loadu_pd(w->sums + (from + a) * width + g * CORR_L + b * 4), s[a][b]);
            v = _mm256_add_pd(v, _mm256_mul_pd(_mm256_set1_pd(w->way[from + a]), way));
            if (w->scale) {
                v = _mm256_mul_pd(_mm256_mul_pd(v, _mm256_set1_pd(w->scale[from + a])), scale);
                v = _mm256_max_pd(minus_one, _mm256_min_pd(one, v));
            }
            _mm256_storeu_pd(w->out[from + a] + g * CORR_L + b * 4, v);
        }
    }
}

KL__TARGET_AVX2 static void corr_window_avx2(const kl__corr_window *w) {
    for (size_t g = 0; g < 2 && w->column[g]; g++)
        for (size_t a = 0; a < CORR_L; a += 4) corr_window_part_avx2(w, a, g);
}

KL__TARGET_AVX2 KL__INLINE void corr_block_part_avx2(const kl__corr_block *block, const double *row, const double *column, size_t width,
                                                     double *r) {
    const __m256d one = _mm256_set1_pd(1.0), minus_one = _mm256_set1_pd(-1.0);
    const size_t all = width * CORR_L;
    __m256d s[4][2];
#pragma GCC unroll 4
    for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < 2; b++) {
            s[a][b] = _mm256_setzero_pd();
            _mm256_storeu_pd(r + (block->rows - 1) * all + a * width + b * 4, s[a][b]);
        }
    for (size_t t = block->rows - 1; t > block->from; t--) {
        const double *i = row + t * KL__CORR_FACTS + KL__CORR_SUFFIX, *j = column + t * KL__CORR_FACTS + KL__CORR_SUFFIX;
        const __m256d c[2] = {_mm256_loadu_pd(j), _mm256_loadu_pd(j + 4)};
#pragma GCC unroll 4
        for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < 2; b++) {
                s[a][b] = _mm256_add_pd(s[a][b], _mm256_mul_pd(_mm256_set1_pd(i[a]), c[b]));
                _mm256_storeu_pd(r + (t - 1) * all + a * width + b * 4, s[a][b]);
            }
    }
#pragma GCC unroll 4
    for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < 2; b++) s[a][b] = _mm256_setzero_pd();
    for (size_t t = 0; t < block->to; t++) {
        const double *i = row + t * KL__CORR_FACTS, *j = column + t * KL__CORR_FACTS;
        const __m256d c[2] = {_mm256_loadu_pd(j + KL__CORR_PREFIX), _mm256_loadu_pd(j + KL__CORR_PREFIX + 4)};
        double *out = r + t * all;
#pragma GCC unroll 4
        for (size_t a = 0; a < 4; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < 2; b++)
                s[a][b] = _mm256_add_pd(s[a][b], _mm256_mul_pd(_mm256_set1_pd(i[KL__CORR_PREFIX + a]), c[b]));
        if (t < block->from) continue;
#pragma GCC unroll 2
        for (size_t b = 0; b < 2; b++) {
            const __m256d way = _mm256_loadu_pd(j + KL__CORR_BRIDGE + b * 4), scale = _mm256_loadu_pd(j + KL__CORR_SCALE + b * 4);
#pragma GCC unroll 4
            for (size_t a = 0; a < 4; a++) {
                __m256d v = _mm256_add_pd(s[a][b], _mm256_loadu_pd(out + a * width + b * 4));
                v = _mm256_add_pd(v, _mm256_mul_pd(_mm256_set1_pd(i[KL__CORR_BRIDGE + a]), way));
                v = _mm256_mul_pd(_mm256_mul_pd(v, _mm256_set1_pd(i[KL__CORR_SCALE + a])), scale);
                _mm256_storeu_pd(out + a * width + b * 4, _mm256_max_pd(minus_one, _mm256_min_pd(one, v)));
            }
        }
    }
}

KL__TARGET_AVX2 static void corr_block_avx2(const kl__corr_block *block, double *r) {
    size_t width = block->column[1] ? 2 * CORR_L : CORR_L;
    for (size_t a = 0; a < CORR_L; a += 4) {
        corr_block_part_avx2(block, block->row + a, block->column[0], width, r + a * width);
        if (block->column[1]) corr_block_part_avx2(block, block->row + a, block->column[1], width, r + a * width + CORR_L);
    }
}

KL__TARGET_AVX2 static void corr_scale_avx2(const double *m2, double *h, size_t n, size_t step) {
    const __m256d one = _mm256_set1_pd(1.0), unknown = _mm256_set1_pd((double)NAN), least = _mm256_set1_pd(KL__CORR_LEAST);
    for (size_t t = 0; t < n; t++, m2 += CORR_L, h += step)
        for (size_t l = 0; l < CORR_L; l += 4) {
            __m256d v = _mm256_loadu_pd(m2 + l), known = _mm256_cmp_pd(v, least, _CMP_GE_OQ);
            _mm256_storeu_pd(h + l, _mm256_blendv_pd(unknown, _mm256_div_pd(one, _mm256_sqrt_pd(v)), known));
        }
}

static const kl__corr_kernels corr_avx2 = {corr_add_avx2, corr_window_avx2, corr_block_avx2, corr_scale_avx2};

/* ------------------------------------------------------------------------------------------------- AVX-512 --- */

/* 8 rows of one or two vectors: up to 16 sums in registers. */
KL__TARGET_AVX512 KL__INLINE void corr_add_vectors_avx512(const size_t vectors, double *sum, const double *weighted,
                                                          const double *const *column, size_t n, int fresh) {
    __m512d s[8][2];
    ptrdiff_t at = 0;
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) s[a][b] = fresh ? _mm512_setzero_pd() : _mm512_loadu_pd(sum + (a * vectors + b) * 8);
    for (size_t k = 0; k < n; k++, at += CORR_L) {
        __m512d c[2];
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) c[b] = _mm512_loadu_pd(column[b] + at);
#pragma GCC unroll 8
        for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < vectors; b++)
                s[a][b] = _mm512_add_pd(s[a][b], _mm512_mul_pd(_mm512_set1_pd(weighted[at + (ptrdiff_t)a]), c[b]));
    }
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) _mm512_storeu_pd(sum + (a * vectors + b) * 8, s[a][b]);
}

KL__TARGET_AVX512 static void corr_add_avx512(double *sum, const double *weighted, const double *column, const double *second, size_t n,
                                              int fresh) {
    const double *const columns[2] = {column, second};
    if (second) corr_add_vectors_avx512(2, sum, weighted, columns, n, fresh);
    else corr_add_vectors_avx512(1, sum, weighted, columns, n, fresh);
}

KL__TARGET_AVX512 KL__INLINE void corr_window_vectors_avx512(const size_t vectors, const kl__corr_window *w) {
    const __m512d one = _mm512_set1_pd(1.0), minus_one = _mm512_set1_pd(-1.0);
    const double *i = w->weighted, *const j[2] = {w->column[0], w->column[1]};
    const double *const sums = w->sums, *const way_i = w->way, *const scale_i = w->scale;
    const size_t n = w->n;
    ptrdiff_t at = 0;
    __m512d s[8][2], c[2], way[2], scale[2];
    for (size_t a = 0; a < 8; a++) { /* the matrix is larger than the caches near by: its lines are on their way meanwhile */
        __builtin_prefetch(w->out[a], 1);
        __builtin_prefetch(w->out[a] + 8, 1);
        __builtin_prefetch(w->out[a] + 15, 1);
        __builtin_prefetch(sums + (8 + a) * 2 * CORR_L, 1);
        __builtin_prefetch(sums + (8 + a) * 2 * CORR_L + 8, 1);
    }
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++) s[a][0] = s[a][1] = _mm512_setzero_pd();
    for (size_t k = 0; k < n; k++, i -= CORR_L, at -= CORR_L) {
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) c[b] = _mm512_loadu_pd(j[b] + at);
#pragma GCC unroll 8
        for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < vectors; b++) s[a][b] = _mm512_add_pd(s[a][b], _mm512_mul_pd(_mm512_set1_pd(i[a]), c[b]));
    }
#pragma GCC unroll 2
    for (size_t b = 0; b < vectors; b++) {
        way[b] = _mm512_loadu_pd(w->way_column[b]);
        scale[b] = _mm512_loadu_pd(w->scale_column[b]);
    }
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) {
            s[a][b] = _mm512_add_pd(_mm512_loadu_pd(sums + (a * vectors + b) * 8), s[a][b]);
            s[a][b] = _mm512_add_pd(s[a][b], _mm512_mul_pd(_mm512_set1_pd(way_i[a]), way[b]));
        }
    if (scale_i)
#pragma GCC unroll 8
        for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < vectors; b++) {
                s[a][b] = _mm512_mul_pd(_mm512_mul_pd(s[a][b], _mm512_set1_pd(scale_i[a])), scale[b]);
                s[a][b] = _mm512_max_pd(minus_one, _mm512_min_pd(one, s[a][b]));
            }
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++) {
        double *const out = w->out[a];
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) _mm512_storeu_pd(out + b * 8, s[a][b]);
    }
}

KL__TARGET_AVX512 static void corr_window_avx512(const kl__corr_window *w) {
    if (w->column[1]) corr_window_vectors_avx512(2, w);
    else corr_window_vectors_avx512(1, w);
}

KL__TARGET_AVX512 KL__INLINE void corr_block_vectors_avx512(const size_t vectors, const kl__corr_block *block, double *r) {
    const __m512d one = _mm512_set1_pd(1.0), minus_one = _mm512_set1_pd(-1.0);
    const size_t all = vectors * 64;
    __m512d s[8][2], c[2], way[2], scale[2];
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) {
            s[a][b] = _mm512_setzero_pd();
            _mm512_storeu_pd(r + (block->rows - 1) * all + (a * vectors + b) * 8, s[a][b]);
        }
    for (size_t t = block->rows - 1; t > block->from; t--) {
        const double *i = block->row + t * KL__CORR_FACTS + KL__CORR_SUFFIX;
        double *out = r + (t - 1) * all;
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) c[b] = _mm512_loadu_pd(block->column[b] + t * KL__CORR_FACTS + KL__CORR_SUFFIX);
#pragma GCC unroll 8
        for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < vectors; b++) {
                s[a][b] = _mm512_add_pd(s[a][b], _mm512_mul_pd(_mm512_set1_pd(i[a]), c[b]));
                _mm512_storeu_pd(out + (a * vectors + b) * 8, s[a][b]);
            }
    }
#pragma GCC unroll 8
    for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) s[a][b] = _mm512_setzero_pd();
    for (size_t t = 0; t < block->to; t++) {
        const double *i = block->row + t * KL__CORR_FACTS;
        double *out = r + t * all;
#pragma GCC unroll 2
        for (size_t b = 0; b < vectors; b++) {
            const double *j = block->column[b] + t * KL__CORR_FACTS;
            c[b] = _mm512_loadu_pd(j + KL__CORR_PREFIX);
            way[b] = _mm512_loadu_pd(j + KL__CORR_BRIDGE);
            scale[b] = _mm512_loadu_pd(j + KL__CORR_SCALE);
        }
#pragma GCC unroll 8
        for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < vectors; b++)
                s[a][b] = _mm512_add_pd(s[a][b], _mm512_mul_pd(_mm512_set1_pd(i[KL__CORR_PREFIX + a]), c[b]));
        if (t < block->from) continue;
#pragma GCC unroll 8
        for (size_t a = 0; a < 8; a++)
#pragma GCC unroll 2
            for (size_t b = 0; b < vectors; b++) {
                __m512d v = _mm512_add_pd(s[a][b], _mm512_loadu_pd(out + (a * vectors + b) * 8));
                v = _mm512_add_pd(v, _mm512_mul_pd(_mm512_set1_pd(i[KL__CORR_BRIDGE + a]), way[b]));
                v = _mm512_mul_pd(_mm512_mul_pd(v, _mm512_set1_pd(i[KL__CORR_SCALE + a])), scale[b]);
                _mm512_storeu_pd(out + (a * vectors + b) * 8, _mm512_max_pd(minus_one, _mm512_min_pd(one, v)));
            }
    }
}

KL__TARGET_AVX512 static void corr_block_avx512(const kl__corr_block *block, double *r) {
    if (block->column[1]) corr_block_vectors_avx512(2, block, r);
    else corr_block_vectors_avx512(1, block, r);
}

KL__TARGET_AVX512 static void corr_scale_avx512(const double *m2, double *h, size_t n, size_t step) {
    const __m512d one = _mm512_set1_pd(1.0), unknown = _mm512_set1_pd((double)NAN), least = _mm512_set1_pd(KL__CORR_LEAST);
    for (size_t t = 0; t < n; t++, m2 += CORR_L, h += step) {
        __m512d v = _mm512_loadu_pd(m2);
        __mmask8 known = _mm512_cmp_pd_mask(v, least, _CMP_GE_OQ);
        _mm512_storeu_pd(h, _mm512_mask_div_pd(unknown, known, one, _mm512_sqrt_pd(v)));
    }
}

static const kl__corr_kernels corr_avx512 = {corr_add_avx512, corr_window_avx512, corr_block_avx512, corr_scale_avx512};

#endif

const kl__corr_kernels *kl__corr_kernels_best(void) {
#if defined(KL__SIMD_X86)
    static const kl__corr_kernels *const table[KL__SIMD_TIERS] = {&corr_baseline, &corr_avx2, &corr_avx512};
    return table[kl__simd_tier()];
#else
    return &corr_baseline;
#endif
}
