/* What each symbol brings to its pairs: increments, means and squared deviations, 8 symbols at a time. */
#include "base/fp.h"
#include "base/size.h"
#include "corr/corr.h"
#include "simd/level.h"

static size_t corr_table_size(size_t rows) { return kl__round_up(rows + 1, 8); }

size_t kl__corr_tables_size(size_t rows) { return 4 * corr_table_size(rows); }

void kl__corr_tables_fill(double *memory, size_t rows) {
    const size_t size = corr_table_size(rows);
    double *weight = memory, *inverse = weight + size, *bridge = inverse + size, *share = bridge + size;
    for (size_t k = 0; k < 4 * size; k++) memory[k] = 0.0;
    for (size_t n = 1; n <= rows; n++) {
        weight[n] = n > 1 ? 1.0 / ((double)n * (double)(n - 1)) : 0.0;
        inverse[n] = 1.0 / (double)n;
    }
    for (size_t p = 0; p < rows; p++) {
        double suffix = (double)(rows - 1 - p), prefix = (double)(p + 1);
        bridge[p] = suffix * prefix / (double)rows;
        share[p] = suffix / (double)rows;
    }
}

kl__corr_tables kl__corr_tables_at(const double *memory, size_t rows) {
    const size_t size = corr_table_size(rows);
    kl__corr_tables tables = {memory, memory + size, memory + 2 * size, memory + 3 * size};
    return tables;
}

/* sum + rest = sum + rest + x, exactly but for the rounding of rest. */
KL__INLINE void corr_symbols_add(double *sum, double *rest, double x) {
    double all = *sum + x, part = all - *sum;
    *rest += (*sum - (all - part)) + (x - part);
    *sum = all;
}

/* The increment of an item: n times its way from the mean of all n. */
KL__INLINE void corr_symbols_feed_body(kl__corr_sums *sums, const kl__corr_tables *tables, size_t first, size_t n,
                                       const kl__corr_lane_rows *lanes) {
    kl__corr_sums s = *sums;
    const double *x = lanes->x;
    double *increment = lanes->increment, *mean = lanes->mean, *m2 = lanes->m2;
    for (size_t k = 0; k < n; k++) {
        const double count = (double)(first + k + 1), weight = tables->weight[first + k + 1], inverse = tables->inverse[first + k + 1];
        if (first + k == 0)
            for (size_t l = 0; l < KL__CORR_L; l++) {
                s.anchor[l] = x[l];
                s.s[l] = s.s_rest[l] = s.m2[l] = s.m2_rest[l] = x[l] - x[l]; /* NaN where it is missing */
            }
        for (size_t l = 0; l < KL__CORR_L; l++) {
            double d = x[l] - s.anchor[l];
            corr_symbols_add(&s.s[l], &s.s_rest[l], d);
            double total = s.s[l] + s.s_rest[l], q = d * count - total;
            corr_symbols_add(&s.m2[l], &s.m2_rest[l], (weight * q) * q);
            increment[l] = q;
            mean[l] = total * inverse;
            m2[l] = s.m2[l] + s.m2_rest[l];
        }
        x += lanes->x_step;
        increment += lanes->increment_step;
        mean += lanes->state_step;
        m2 += lanes->state_step;
    }
    *sums = s;
}

KL__SIMD_EACH(corr_symbols_feed, (kl__corr_sums *sums, const kl__corr_tables *tables, size_t first, size_t n, const kl__corr_lane_rows *lanes),
              (sums, tables, first, n, lanes))

kl__corr_feed_fn kl__corr_feed_best(void) {
    static const kl__corr_feed_fn table[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_symbols_feed);
    return table[kl__simd_tier()];
}
