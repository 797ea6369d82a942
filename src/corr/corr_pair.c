/* One pair of the rolling matrix. */
#include "base/fp.h"
#include "base/roots.h"
#include "corr/corr.h"

double kl__corr_comoment(const kl_corr *corr, const kl__corr_parts *parts, size_t i, size_t j) {
    const size_t rows = (size_t)corr->rows, p = (size_t)corr->at, low = i < j ? i : j, high = i < j ? j : i;
    const kl__corr_tables tables = kl__corr_tables_at(kl__corr_part(corr, parts->tables), rows);
    const double *a = kl__corr_part(corr, parts->increment) + kl__corr_lane(rows, low);
    const double *b = kl__corr_part(corr, parts->increment) + kl__corr_lane(rows, high);
    const double *way_a = kl__corr_now_of(corr, parts, low / KL__CORR_L)->bridge;
    const double *way_b = kl__corr_now_of(corr, parts, high / KL__CORR_L)->bridge;
    double prefix = 0.0, suffix = 0.0;
    for (size_t t = 0; t <= p; t++) prefix += (tables.weight[t + 1] * a[t * KL__CORR_L]) * b[t * KL__CORR_L];
    for (size_t t = rows - 1; t > p; t--) suffix += (tables.weight[rows - t] * a[t * KL__CORR_L]) * b[t * KL__CORR_L];
    return (prefix + suffix) + (tables.bridge[p] * way_a[low % KL__CORR_L]) * way_b[high % KL__CORR_L];
}

KL__INLINE double corr_pair_clamp(double r) {
    r = 1.0 < r ? 1.0 : r;
    return -1.0 > r ? -1.0 : r;
}

/* The pair over the common rows; ddof below 0: the correlation. */
static double corr_pair_direct(const kl_corr *corr, const kl__corr_parts *parts, size_t i, size_t j, int32_t ddof) {
    const size_t rows = (size_t)corr->rows, low = i < j ? i : j, high = i < j ? j : i;
    const double *x = kl__corr_part(corr, parts->x), *a = x + kl__corr_lane(rows, low), *b = x + high / KL__CORR_L * rows * KL__CORR_L;
    const kl__corr_side one = {a, a, NULL}, others = {b, b, NULL};
    const kl__corr_holes how = {rows, (size_t)corr->at, (double)corr->spec.min_count, ddof, kl__corr_kernels_best()};
    double result[KL__CORR_L];
    kl__corr_direct_find(&one, 0, &others, 1u << high % KL__CORR_L, &how, 1, result);
    return result[high % KL__CORR_L];
}

KL__INLINE double corr_pair_m2(const kl_corr *corr, const kl__corr_parts *parts, size_t i) {
    return kl__corr_now_of(corr, parts, i / KL__CORR_L)->m2[i % KL__CORR_L];
}

kl_status kl_corr_pair(const kl_corr *corr, size_t i, size_t j, double *r) {
    kl__corr_parts parts;
    if (!corr || !r || i >= corr->symbols || j >= corr->symbols) return KL_E_ARG;
    (void)kl__corr_layout((size_t)corr->symbols, (size_t)corr->rows, &parts);
    const double m2_i = corr_pair_m2(corr, &parts, i), m2_j = corr_pair_m2(corr, &parts, j);
    if ((corr->spec.flags & KL_CORR_PAIRWISE) && (m2_i != m2_i || m2_j != m2_j)) {
        const double found = corr_pair_direct(corr, &parts, i, j, -1);
        *r = i == j && found == found ? 1.0 : found;
    } else if (i == j) {
        *r = m2_i >= KL__CORR_LEAST ? 1.0 : (double)NAN;
    } else {
        const size_t low = i < j ? i : j, high = i < j ? j : i;
        const double scale_low = kl__corr_now_of(corr, &parts, low / KL__CORR_L)->scale[low % KL__CORR_L];
        const double scale_high = kl__corr_now_of(corr, &parts, high / KL__CORR_L)->scale[high % KL__CORR_L];
        *r = corr_pair_clamp((kl__corr_comoment(corr, &parts, low, high) * scale_low) * scale_high);
    }
    return KL_OK;
}

kl_status kl_corr_cov(const kl_corr *corr, size_t i, size_t j, int32_t ddof, double *cov) {
    kl__corr_parts parts;
    if (!corr || !cov || i >= corr->symbols || j >= corr->symbols || (ddof != 0 && ddof != 1)) return KL_E_ARG;
    (void)kl__corr_layout((size_t)corr->symbols, (size_t)corr->rows, &parts);
    const double m2_i = corr_pair_m2(corr, &parts, i), m2_j = corr_pair_m2(corr, &parts, j);
    if ((corr->spec.flags & KL_CORR_PAIRWISE) && (m2_i != m2_i || m2_j != m2_j)) {
        *cov = corr_pair_direct(corr, &parts, i, j, ddof);
    } else {
        *cov = (i == j ? m2_i : kl__corr_comoment(corr, &parts, i, j)) / (double)((int64_t)corr->rows - ddof);
    }
    return KL_OK;
}
