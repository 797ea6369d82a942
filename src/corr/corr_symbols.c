/* What each symbol brings to its pairs: increments, means and squared deviations, 8 symbols at a time. */
#include "base/fp.h"
#include "base/size.h"
#include "corr/corr_symbols.h"
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

KL__INLINE void corr_symbols_feed_body(kl__corr_sums *sums, const kl__corr_tables *tables, size_t first, size_t n,
                                       const kl__corr_lane_rows *lanes) {
    kl__corr_feed(sums, tables, first, n, lanes);
}

KL__SIMD_EACH(corr_symbols_feed, (kl__corr_sums *sums, const kl__corr_tables *tables, size_t first, size_t n, const kl__corr_lane_rows *lanes),
              (sums, tables, first, n, lanes))

kl__corr_feed_fn kl__corr_feed_best(void) {
    static const kl__corr_feed_fn table[KL__SIMD_TIERS] = KL__SIMD_TABLE(corr_symbols_feed);
    return table[kl__simd_tier()];
}
