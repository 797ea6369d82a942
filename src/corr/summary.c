/* Averages and extremes of a matrix. */
#include "base/fp.h"
#include "corr/triangle.h"
#include "simd/level.h"
#include <math.h>

#define SUMMARY_LANES 8

/* Sums over some pairs: pair k goes to lane k mod 8, whatever the instruction set. */
typedef struct {
    double sum[SUMMARY_LANES], sum_abs[SUMMARY_LANES], least[SUMMARY_LANES], greatest[SUMMARY_LANES];
    int64_t known[SUMMARY_LANES];
} summary_lanes;

/* An unknown value is not smaller, not greater, and counts as 0. */
KL__INLINE void summary_take_body(const double *r, size_t n, summary_lanes *lanes) {
    summary_lanes s = *lanes;
    size_t k = 0;
    for (; k + SUMMARY_LANES <= n; k += SUMMARY_LANES)
        for (size_t l = 0; l < SUMMARY_LANES; l++) {
            double x = r[k + l], value = x == x ? x : 0.0;
            s.known[l] += x == x;
            s.sum[l] += value;
            s.sum_abs[l] += fabs(value);
            s.least[l] = x < s.least[l] ? x : s.least[l];
            s.greatest[l] = x > s.greatest[l] ? x : s.greatest[l];
        }
    for (size_t l = 0; k + l < n; l++) {
        double x = r[k + l], value = x == x ? x : 0.0;
        s.known[l] += x == x;
        s.sum[l] += value;
        s.sum_abs[l] += fabs(value);
        s.least[l] = x < s.least[l] ? x : s.least[l];
        s.greatest[l] = x > s.greatest[l] ? x : s.greatest[l];
    }
    *lanes = s;
}
KL__SIMD_EACH(summary_take, (const double *r, size_t n, summary_lanes *lanes), (r, n, lanes))

typedef void (*summary_take_fn)(const double *r, size_t n, summary_lanes *lanes);
static const summary_take_fn summary_take[KL__SIMD_TIERS] = KL__SIMD_TABLE(summary_take);

static double summary_join(const double *lane) {
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* The first pair of a value that is there. */
static void summary_find(const double *packed, size_t symbols, double value, double *r, size_t *i, size_t *j) {
    size_t at = 0;
    for (*i = 0; *i < symbols; ++*i)
        for (*j = *i + 1; *j < symbols; ++*j)
            if (packed[at++] == value) {
                *r = packed[at - 1];
                return;
            }
}

kl_status kl_corr_sum_up(const double *packed, size_t symbols, kl_corr_summary *summary) {
    if ((!packed && symbols > 1) || !summary || symbols > KL_CORR_SYMBOLS_MAX) return KL_E_ARG;
    const double unknown = (double)NAN;
    kl_corr_summary s = {0, unknown, unknown, unknown, unknown, unknown, SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
    double sum = 0.0, sum_abs = 0.0, least = (double)INFINITY, greatest = -(double)INFINITY;
    for (size_t i = 0; i + 1 < symbols; i++) { /* a sum for each row, then their sum: errors stay small */
        summary_lanes lanes = {{0}, {0}, {0}, {0}, {0}};
        for (size_t l = 0; l < SUMMARY_LANES; l++) lanes.least[l] = (double)INFINITY, lanes.greatest[l] = -(double)INFINITY;
        summary_take[kl__simd_tier()](packed + kl__triangle_row(symbols, i), symbols - i - 1, &lanes);
        sum += summary_join(lanes.sum);
        sum_abs += summary_join(lanes.sum_abs);
        for (size_t l = 0; l < SUMMARY_LANES; l++) {
            s.known += (size_t)lanes.known[l];
            least = lanes.least[l] < least ? lanes.least[l] : least;
            greatest = lanes.greatest[l] > greatest ? lanes.greatest[l] : greatest;
        }
    }
    if (s.known > 0) {
        double average = sum / (double)s.known;
        s.average = average < least ? least : average > greatest ? greatest : average;
        s.average_abs = sum_abs / (double)s.known;
        s.diversification = 1.0 - s.average_abs;
        summary_find(packed, symbols, least, &s.least, &s.least_i, &s.least_j);
        summary_find(packed, symbols, greatest, &s.greatest, &s.greatest_i, &s.greatest_j);
    }
    *summary = s;
    return KL_OK;
}
