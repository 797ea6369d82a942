/* Candles of several symbols for tests, a mart over them, and the cells of its table. */
#ifndef KL_TEST_PANEL_H
#define KL_TEST_PANEL_H
#include "base/endian.h"
#include "kline/mart.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE ((double)NAN)
#define HOUR INT64_C(3600000000)
#define T0 (INT64_C(450000) * HOUR)
#define PANEL_SYMBOLS 5
#define PANEL_ROWS 400

static const char *const panel_names[PANEL_SYMBOLS] = {"SOL", "BTC", "ETH", "ADA", "XRP"};

typedef struct test_panel {
    size_t n, symbols;
    kl_time time[PANEL_ROWS];
    double close[PANEL_ROWS * PANEL_SYMBOLS], volume[PANEL_ROWS * PANEL_SYMBOLS], quote[PANEL_ROWS * PANEL_SYMBOLS];
    double high[PANEL_ROWS * PANEL_SYMBOLS], low[PANEL_ROWS * PANEL_SYMBOLS];
} test_panel;

static inline double panel_noise(uint64_t *seed) { return (double)(int64_t)(random_u64(seed) >> 11) * 0x1p-52 - 1.0; }

/* `holes`: missing candles, two rows without any, missing hours, a long outage, a symbol that joins late, unknown volumes; otherwise all are there. */
static inline void panel_make(test_panel *p, size_t n, int holes, uint64_t seed) {
    double price[PANEL_SYMBOLS];
    kl_time time = T0;
    memset(p, 0, sizeof *p);
    p->n = n;
    p->symbols = PANEL_SYMBOLS;
    for (size_t s = 0; s < PANEL_SYMBOLS; s++) price[s] = 10.0 * (double)(s + 1);
    for (size_t i = 0; i < n; i++) {
        double common = panel_noise(&seed);
        time += HOUR;
        if (holes && random_below(&seed, 25) == 0) time += HOUR * (int64_t)(1 + random_below(&seed, 3));
        if (holes && i == n / 2) time += 60 * HOUR;
        p->time[i] = time;
        for (size_t s = 0; s < PANEL_SYMBOLS; s++) {
            size_t at = i * PANEL_SYMBOLS + s;
            price[s] *= 1 + 0.01 * (common + panel_noise(&seed)) * (i / 50 % 2 ? 3 : 1);
            if (holes && s == 2 && i > 300) price[s] = 31; /* flat */
            p->close[at] = price[s];
            p->high[at] = price[s] * (1 + 0.005 * fabs(panel_noise(&seed)));
            p->low[at] = price[s] * (1 - 0.005 * fabs(panel_noise(&seed)));
            p->volume[at] = 1 + (double)random_below(&seed, random_below(&seed, 9) ? 1000 : 9000) / 8;
            p->quote[at] = p->volume[at] * (p->high[at] + p->low[at]) / 2;
            int gone = holes && (random_below(&seed, 40) == 0 || (s == 3 && i < n / 3) || i == 37 || i == 58);
            if (holes && random_below(&seed, 30) == 0) p->quote[at] = NONE;
            if (holes && random_below(&seed, 60) == 0) p->quote[at] = p->high[at] = NONE;
            if (holes && random_below(&seed, 30) == 0) p->volume[at] = NONE;
            if (gone && random_below(&seed, 2)) p->high[at] = p->low[at] = p->volume[at] = p->quote[at] = NONE;
            if (gone) p->close[at] = NONE; /* what else there is of it does not count */
        }
    }
}

static inline kl_mart_panel panel_part(const test_panel *p, size_t first, size_t n) {
    kl_mart_panel part;
    size_t at = first * p->symbols;
    part.n = n;
    part.time = p->time + first;
    part.close = p->close + at;
    part.volume = p->volume + at;
    part.quote_volume = p->quote + at;
    part.high = p->high + at;
    part.low = p->low + at;
    return part;
}

/* A mart in memory of its own. */
static inline kl_mart *mart_make(const kl_mart_spec *spec) {
    size_t bytes;
    kl_error error;
    kl_mart *mart = NULL;
    memset(&error, 0, sizeof error);
    if (kl_mart_size(spec, &bytes, &error) < 0) fail_msg("%s", error.message);
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_non_null(memory);
    memset(memory, 0xa5, bytes);
    if (kl_mart_init(memory, bytes, spec, panel_names, &mart, &error) < 0) fail_msg("%s", error.message);
    return mart;
}

static inline kl_mart_spec mart_spec(int32_t kind, uint32_t flags, int64_t rows) {
    kl_mart_spec spec;
    assert_int_equal(kl_mart_spec_init(&spec, kind, PANEL_SYMBOLS), KL_OK);
    spec.flags = flags;
    spec.rows = rows;
    return spec;
}

static inline kl_table *table_make(void) {
    kl_table *table;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    return table;
}

static inline kl_table *mart_table(const kl_mart_spec *spec, const test_panel *p) {
    kl_mart *mart = mart_make(spec);
    kl_table *table = table_make();
    kl_mart_panel all = panel_part(p, 0, p->n);
    assert_int_equal(kl_mart_run(mart, &all, KL_TIME_NONE, table, NULL), KL_OK);
    free(mart);
    return table;
}

static inline size_t table_column(const kl_table *table, const char *name) {
    size_t column = 0;
    if (kl_table_find_column(table, name, &column) < 0) fail_msg("no column %s", name);
    return column;
}

static inline double cell(const kl_table *table, size_t row, const char *name) {
    double value = 0;
    assert_int_equal(kl_table_get_f64(table, table_column(table, name), row, &value), KL_OK);
    return value;
}

/* -1: unknown */
static inline int64_t cell_i64(const kl_table *table, size_t row, const char *name) {
    int64_t value = 0;
    size_t column = table_column(table, name);
    assert_int_equal(kl_table_get_i64(table, column, row, &value), KL_OK);
    return kl_table_is_known(table, column, row) ? value : -1;
}

static inline const char *cell_text(const kl_table *table, size_t row, const char *name) {
    const char *text = NULL;
    assert_int_equal(kl_table_get_text(table, table_column(table, name), row, &text, NULL), KL_OK);
    return text;
}

static inline int same_bits(double a, double b) { return kl__double_bits(a) == kl__double_bits(b); }

/* Row `a` of one table is row `b` of another, bit for bit. */
static inline void assert_same_row(const kl_table *x, size_t a, const kl_table *y, size_t b) {
    assert_int_equal(kl_table_columns(x), kl_table_columns(y));
    for (size_t c = 0; c < kl_table_columns(x); c++) {
        const char *name;
        int32_t kind;
        double f = 0, g = 0;
        int64_t i = 0, j = 0;
        kl_table_column(x, c, &name, &kind, NULL);
        if (kl_table_is_known(x, c, a) != kl_table_is_known(y, c, b)) fail_msg("%s of rows %zu and %zu: one is unknown", name, a, b);
        if (kind == KL_COLUMN_TEXT) {
            assert_string_equal(cell_text(x, a, name), cell_text(y, b, name));
        } else if (kind == KL_COLUMN_F64) {
            kl_table_get_f64(x, c, a, &f);
            kl_table_get_f64(y, c, b, &g);
            if (!same_bits(f, g)) fail_msg("%s of rows %zu and %zu: %.17g and %.17g", name, a, b, f, g);
        } else {
            kl_table_get_i64(x, c, a, &i);
            kl_table_get_i64(y, c, b, &j);
            assert_true(i == j);
        }
    }
}

/* All kinds of marts that differ in how they work. */
static const struct {
    const char *name;
    int32_t kind, ratio;
    uint32_t flags;
    int64_t min_count, baseline;
} mart_ways[] = {
    {"returns", KL_MART_RETURNS, 0, 0, 0, 0},
    {"returns, partial", KL_MART_RETURNS, 0, 0, 3, 0},
    {"returns, by rows", KL_MART_RETURNS, 0, KL_MART_ROWS, 0, 0},
    {"returns, compat", KL_MART_RETURNS, 0, KL_MART_COMPAT, 0, 0},
    {"volume", KL_MART_VOLUME, 0, 0, 0, 0},
    {"volume, partial", KL_MART_VOLUME, 0, 0, 3, 0},
    {"volume, by rows", KL_MART_VOLUME, 0, KL_MART_ROWS, 2, 0},
    {"volume, compat", KL_MART_VOLUME, 0, KL_MART_COMPAT, 0, 0},
    {"movers", KL_MART_MOVERS, KL_MART_RATIO_VOLUME, 0, 0, 0},
    {"movers by volatility", KL_MART_MOVERS, KL_MART_RATIO_VOLATILITY, 0, 2, 0},
    {"movers, by rows", KL_MART_MOVERS, KL_MART_RATIO_VOLUME, KL_MART_ROWS, 0, 0},
    {"movers, compat", KL_MART_MOVERS, 0, KL_MART_COMPAT, 0, 0},
    {"correlations", KL_MART_CORRELATIONS, 0, 0, 0, 20},
    {"correlations, pairwise", KL_MART_CORRELATIONS, 0, 0, 4, 0},
    {"correlations, by rows", KL_MART_CORRELATIONS, 0, KL_MART_ROWS, 0, 20},
    {"market", KL_MART_MARKET, 0, 0, 0, 0},
    {"market, pairwise", KL_MART_MARKET, 0, 0, 4, 0},
    {"market, by rows", KL_MART_MARKET, 0, KL_MART_ROWS, 0, 0},
    {"correlations, compat", KL_MART_CORRELATIONS, 0, KL_MART_COMPAT, 0, 0},
};
#define MART_WAYS (sizeof mart_ways / sizeof *mart_ways)

static inline kl_mart_spec mart_way(size_t w, int64_t rows) {
    kl_mart_spec spec = mart_spec(mart_ways[w].kind, mart_ways[w].flags, rows);
    spec.ratio = mart_ways[w].ratio;
    spec.min_count = mart_ways[w].min_count;
    spec.baseline_rows = mart_ways[w].baseline;
    return spec;
}

#endif
