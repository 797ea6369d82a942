#include "base/fp.h"
#include "simd/corr.h"
#include "simd/level.h"
#include <math.h>
#include <string.h>

enum { CORR_L = KL__CORR_LANES, CORR_SUB = 4 };

/* ---------------------------------------------------------------------------------------------- in plain C --- */

/* Four by four pairs at a time, so that the sums stay in registers. */
KL__INLINE void corr_add_part(double *sum, size_t width, const double *weighted, const double *column, size_t n, ptrdiff_t step) {
    double s[CORR_SUB][CORR_SUB];
    for (size_t a = 0; a < CORR_SUB; a++)
        for (size_t b = 0; b < CORR_SUB; b++) s[a][b] = sum[a * width + b];
    for (size_t k = 0; k < n; k++, weighted += step, column += step)
        for (size_t a = 0; a < CORR_SUB; a++)
            for (size_t b = 0; b < CORR_SUB; b++) s[a][b] += weighted[a] * column[b];
    for (size_t a = 0; a < CORR_SUB; a++)
        for (size_t b = 0; b < CORR_SUB; b++) sum[a * width + b] = s[a][b];
}

static void corr_add_baseline(double *sum, const double *weighted, const double *column, const double *second, size_t n,
                              ptrdiff_t step) {
    size_t width = second ? 2 * CORR_L : CORR_L;
    for (size_t a = 0; a < CORR_L; a += CORR_SUB)
        for (size_t b = 0; b < width; b += CORR_SUB)
            corr_add_part(sum + a * width + b, width, weighted + a, b < CORR_L ? column + b : second + (b - CORR_L), n, step);
}

/* The order of the comparisons lets NaN through. */
KL__INLINE double corr_clamp(double r) {
    r = 1.0 < r ? 1.0 : r;
    return -1.0 > r ? -1.0 : r;
}

KL__INLINE void corr_block_part(const kl__corr_block *block, const double *row, const double *column, size_t width, double *r) {
    double s[CORR_SUB][CORR_SUB];
    const size_t all = width * CORR_L;
    memset(s, 0, sizeof s);
    for (size_t a = 0; a < CORR_SUB; a++)
        for (size_t b = 0; b < CORR_SUB; b++) r[(block->rows - 1) * all + a * width + b] = 0.0;
    for (size_t t = block->rows - 1; t > block->from; t--)
        for (size_t a = 0; a < CORR_SUB; a++)
            for (size_t b = 0; b < CORR_SUB; b++) {
                s[a][b] += row[t * KL__CORR_FACTS + KL__CORR_SUFFIX + a] * column[t * KL__CORR_FACTS + KL__CORR_SUFFIX + b];
                r[(t - 1) * all + a * width + b] = s[a][b];
            }
    memset(s, 0, sizeof s);
    for (size_t t = 0; t < block->to; t++) {
        const double *i = row + t * KL__CORR_FACTS, *j = column + t * KL__CORR_FACTS;
        double *out = r + t * all;
        for (size_t a = 0; a < CORR_SUB; a++)
            for (size_t b = 0; b < CORR_SUB; b++) s[a][b] += i[KL__CORR_PREFIX + a] * j[KL__CORR_PREFIX + b];
        if (t < block->from) continue;
        for (size_t a = 0; a < CORR_SUB; a++)
            for (size_t b = 0; b < CORR_SUB; b++) {
                double c = (s[a][b] + out[a * width + b]) + i[KL__CORR_BRIDGE + a] * j[KL__CORR_BRIDGE + b];
                out[a * width + b] = corr_clamp((c * i[KL__CORR_SCALE + a]) * j[KL__CORR_SCALE + b]);
            }
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
        for (size_t l = 0; l < CORR_L; l++) h[l] = m2[l] > 0 ? 1.0 / sqrt(m2[l]) : (double)NAN;
}

static const kl__corr_kernels corr_baseline = {corr_add_baseline, corr_block_baseline, corr_scale_baseline};

const kl__corr_kernels *kl__corr_kernels_best(void) {
    return &corr_baseline;
}
