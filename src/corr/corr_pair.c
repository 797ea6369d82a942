/* One pair of the rolling matrix, and pairs with holes. */
#include "base/fp.h"
#include "base/roots.h"
#include "corr/corr_symbols.h"

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

/* Rows of the window from its oldest on: places p + 1 .. rows - 1 of the block before, then 0 .. p. */
typedef struct corr_pair_rows {
    const double *i, *i_past, *j, *j_past;
    size_t rows, p;
} corr_pair_rows;

/* Value k of the window of both; 0 where one is missing. */
KL__INLINE int corr_pair_row(const corr_pair_rows *r, size_t k, double *x, double *y) {
    size_t past = r->rows - 1 - r->p, t = k < past ? r->p + 1 + k : k - past;
    *x = (k < past ? r->i_past : r->i)[t * KL__CORR_L];
    *y = (k < past ? r->j_past : r->j)[t * KL__CORR_L];
    return *x - *x == 0.0 && *y - *y == 0.0;
}

void kl__corr_two_pass(const double *i, const double *i_past, const double *j, const double *j_past, size_t rows, size_t p,
                       kl__corr_direct *result) {
    const corr_pair_rows r = {i, i_past, j, j_past, rows, p};
    double anchor_x = 0.0, anchor_y = 0.0, x, y, sum_x = 0.0, rest_x = 0.0, sum_y = 0.0, rest_y = 0.0;
    kl__corr_direct found = {0, 0.0, 0.0, 0.0};
    for (size_t k = 0; k < rows; k++) {
        if (!corr_pair_row(&r, k, &x, &y)) continue;
        if (found.n++ == 0) anchor_x = x, anchor_y = y;
        kl__corr_two_sum(&sum_x, &rest_x, x - anchor_x);
        kl__corr_two_sum(&sum_y, &rest_y, y - anchor_y);
    }
    const double mean_x = found.n ? (sum_x + rest_x) / (double)found.n : 0.0, mean_y = found.n ? (sum_y + rest_y) / (double)found.n : 0.0;
    double rest_xx = 0.0, rest_yy = 0.0, rest_xy = 0.0;
    for (size_t k = 0; k < rows; k++) {
        if (!corr_pair_row(&r, k, &x, &y)) continue;
        double way_x = (x - anchor_x) - mean_x, way_y = (y - anchor_y) - mean_y;
        kl__corr_two_sum(&found.var_i, &rest_xx, way_x * way_x);
        kl__corr_two_sum(&found.var_j, &rest_yy, way_y * way_y);
        kl__corr_two_sum(&found.cov, &rest_xy, way_x * way_y);
    }
    found.var_i += rest_xx;
    found.var_j += rest_yy;
    found.cov += rest_xy;
    *result = found;
}

KL__INLINE double corr_pair_clamp(double r) {
    r = 1.0 < r ? 1.0 : r;
    return -1.0 > r ? -1.0 : r;
}

double kl__corr_direct_r(const kl__corr_direct *direct, size_t min_count) {
    if (direct->n < min_count || !(direct->var_i >= KL__CORR_LEAST) || !(direct->var_j >= KL__CORR_LEAST)) return (double)NAN;
    return corr_pair_clamp((direct->cov * (1.0 / kl__sqrt(direct->var_i))) * (1.0 / kl__sqrt(direct->var_j)));
}

double kl__corr_direct_cov(const kl__corr_direct *direct, size_t min_count, int32_t ddof) {
    return direct->n < min_count ? (double)NAN : direct->cov / (double)(direct->n - (size_t)ddof);
}

/* The pair over the common rows, the lower symbol first. */
static void corr_pair_direct(const kl_corr *corr, const kl__corr_parts *parts, size_t i, size_t j, kl__corr_direct *direct) {
    const double *x = kl__corr_part(corr, parts->x);
    const size_t rows = (size_t)corr->rows;
    const double *a = x + kl__corr_lane(rows, i < j ? i : j), *b = x + kl__corr_lane(rows, i < j ? j : i);
    kl__corr_two_pass(a, a, b, b, rows, (size_t)corr->at, direct);
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
        kl__corr_direct direct;
        corr_pair_direct(corr, &parts, i, j, &direct);
        double found = kl__corr_direct_r(&direct, (size_t)corr->spec.min_count);
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
        kl__corr_direct direct;
        corr_pair_direct(corr, &parts, i, j, &direct);
        *cov = kl__corr_direct_cov(&direct, (size_t)corr->spec.min_count, ddof);
    } else {
        *cov = (i == j ? m2_i : kl__corr_comoment(corr, &parts, i, j)) / (double)((int64_t)corr->rows - ddof);
    }
    return KL_OK;
}
