/* Averages and extremes of a matrix. */
#include "base/fp.h"
#include "kline/corr.h"
#include "simd/level.h"
#include <math.h>

#define SUMMARY_LANES 64
#define SUMMARY_CHUNK 4096 /* pairs summed up in lanes, then joined: errors stay small, the sums in the nearest cache */

typedef struct {
    double known, sum, sum_abs, least, greatest;
} summary_part;

/* An unknown value is not smaller, not greater, and counts as 0. */
KL__INLINE void summary_step(const double *restrict r, size_t n, double *restrict known, double *restrict sum,
                             double *restrict sum_abs, double *restrict least, double *restrict greatest) {
    for (size_t l = 0; l < n; l++) {
        double one = r[l] == r[l] ? 1.0 : 0.0, value = r[l] == r[l] ? r[l] : 0.0;
        known[l] += one;
        sum[l] += value;
        sum_abs[l] += fabs(value);
        least[l] = r[l] < least[l] ? r[l] : least[l];
        greatest[l] = r[l] > greatest[l] ? r[l] : greatest[l];
    }
}

/* Pair k goes to lane k mod 64, whatever the instruction set; then half of the lanes joins the other half, and so on. */
KL__INLINE void summary_take_body(const double *restrict r, size_t n, summary_part *restrict part) {
    double known[SUMMARY_LANES], sum[SUMMARY_LANES], sum_abs[SUMMARY_LANES], least[SUMMARY_LANES], greatest[SUMMARY_LANES];
    size_t k = 0;
    for (size_t l = 0; l < SUMMARY_LANES; l++) {
        known[l] = sum[l] = sum_abs[l] = 0.0;
        least[l] = (double)INFINITY, greatest[l] = -(double)INFINITY;
    }
    for (; k + SUMMARY_LANES <= n; k += SUMMARY_LANES) summary_step(r + k, SUMMARY_LANES, known, sum, sum_abs, least, greatest);
    summary_step(r + k, n - k, known, sum, sum_abs, least, greatest);
    for (size_t half = SUMMARY_LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) {
            known[l] += known[l + half], sum[l] += sum[l + half], sum_abs[l] += sum_abs[l + half];
            least[l] = least[l + half] < least[l] ? least[l + half] : least[l];
            greatest[l] = greatest[l + half] > greatest[l] ? greatest[l + half] : greatest[l];
        }
    part->known = known[0], part->sum = sum[0], part->sum_abs = sum_abs[0], part->least = least[0], part->greatest = greatest[0];
}
KL__SIMD_EACH(summary_take, (const double *r, size_t n, summary_part *part), (r, n, part))

typedef void (*summary_take_fn)(const double *r, size_t n, summary_part *part);
static const summary_take_fn summary_take[KL__SIMD_TIERS] = KL__SIMD_TABLE(summary_take);

/* The first pair of a value, which is there, at or behind `at`. */
static void summary_find(const double *packed, size_t symbols, size_t at, double value, double *r, size_t *i, size_t *j) {
    while (packed[at] != value) at++;
    *r = packed[at];
    kl_pair_at(symbols, at, i, j);
}

kl_status kl_corr_sum_up(const double *packed, size_t symbols, kl_corr_summary *summary) {
    if ((!packed && symbols > 1) || !summary || symbols > KL_CORR_SYMBOLS_MAX) return KL_E_ARG;
    const double unknown = (double)NAN;
    const size_t pairs = kl_pair_count(symbols);
    kl_corr_summary s = {0, unknown, unknown, unknown, unknown, unknown, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    summary_part all = {0.0, 0.0, 0.0, (double)INFINITY, -(double)INFINITY}, part;
    size_t least_at = 0, greatest_at = 0;
    for (size_t k = 0; k < pairs; k += SUMMARY_CHUNK) {
        summary_take[kl__simd_tier()](packed + k, pairs - k < SUMMARY_CHUNK ? pairs - k : SUMMARY_CHUNK, &part);
        all.known += part.known, all.sum += part.sum, all.sum_abs += part.sum_abs;
        if (part.least < all.least) all.least = part.least, least_at = k;
        if (part.greatest > all.greatest) all.greatest = part.greatest, greatest_at = k;
    }
    s.known = (size_t)all.known;
    if (s.known > 0) {
        double average = all.sum / all.known;
        s.average = average < all.least ? all.least : average > all.greatest ? all.greatest : average;
        s.average_abs = all.sum_abs / all.known;
        s.diversification = 1.0 - s.average_abs;
        summary_find(packed, symbols, least_at, all.least, &s.least, &s.least_i, &s.least_j);
        summary_find(packed, symbols, greatest_at, all.greatest, &s.greatest, &s.greatest_i, &s.greatest_j);
    }
    *summary = s;
    return KL_OK;
}
