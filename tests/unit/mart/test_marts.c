/* The marts by hand with their defaults: every column, warm-up, holes, late symbols; and what the reference warehouse gets wrong. */
#include "base/fp.h"
#include "kline/corr.h"
#include "panel.h"
#include <stdio.h>

static test_panel panel;

/* `n` hours of two symbols, BTC (second name) and SOL (first name), others absent. */
static void two(size_t n, const double *btc, const double *sol) {
    memset(&panel, 0, sizeof panel);
    panel.n = n;
    panel.symbols = PANEL_SYMBOLS;
    for (size_t i = 0; i < n; i++) {
        panel.time[i] = T0 + (int64_t)i * HOUR;
        for (size_t s = 0; s < PANEL_SYMBOLS; s++) {
            size_t at = i * PANEL_SYMBOLS + s;
            panel.close[at] = s == 1 ? btc[i] : s == 0 && sol ? sol[i] : NONE;
            panel.volume[at] = panel.quote[at] = panel.high[at] = panel.low[at] = NONE;
        }
    }
}
static void volumes(const double *btc) {
    for (size_t i = 0; i < panel.n; i++) panel.volume[i * PANEL_SYMBOLS + 1] = btc[i];
}

#define assert_cells(table, name, ...)                                                                                  \
    do {                                                                                                                \
        const double expected[] = {__VA_ARGS__};                                                                        \
        for (size_t row_ = 0; row_ < sizeof expected / sizeof *expected; row_++) {                                               \
            double got = cell(table, row_, name);                                                                          \
            if (got != expected[row_] && !(isnan(got) && isnan(expected[row_])))                                              \
                fail_msg("%s of row %zu is %.17g, expected %.17g", name, row_, got, expected[row_]);                          \
        }                                                                                                               \
    } while (0)
#define assert_texts(table, name, ...)                                                                                  \
    do {                                                                                                                \
        const char *const expected[] = {__VA_ARGS__};                                                                   \
        for (size_t row_ = 0; row_ < sizeof expected / sizeof *expected; row_++) assert_string_equal(cell_text(table, row_, name), expected[row_]); \
    } while (0)
#define assert_flags(table, name, ...)                                                                                  \
    do {                                                                                                                \
        const int64_t expected[] = {__VA_ARGS__};                                                                       \
        for (size_t row_ = 0; row_ < sizeof expected / sizeof *expected; row_++) assert_true(cell_i64(table, row_, name) == expected[row_]); \
    } while (0)

static void test_returns(void **state) {
    (void)state;
    /* returns 100, -50, 100, -50, 0, 100 percent in windows of 2: std 106.07, 106.07, 106.07, 35.36, 70.71 */
    const double btc[] = {1, 2, 1, 2, 1, 1, 2};
    two(7, btc, NULL);
    kl_mart_spec spec = mart_spec(KL_MART_RETURNS, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    const double a = 150 / sqrt(2), b = 50 / sqrt(2), c = 100 / sqrt(2);
    assert_int_equal(kl_table_rows(t), 7);
    assert_cells(t, "close", 1, 2, 1, 2, 1, 1, 2);
    assert_cells(t, "prev_close", NONE, 1, 2, 1, 2, 1, 1);
    assert_cells(t, "return_pct", NONE, 100, -50, 100, -50, 0, 100);
    const double half = 0.6931471805599453;
    assert_cells(t, "log_return", NONE, half, -half, half, -half, 0, half);
    for (size_t i = 0; i < 7; i++) {
        const double vol[] = {NONE, NONE, a, a, a, b, c};
        double got = cell(t, i, "rolling_vol_2h");
        assert_true((isnan(got) && isnan(vol[i])) || fabs(got / vol[i] - 1) < 4e-16);
    }
    /* the mean of the two rows before: row 4 a, row 5 a, row 6 (a + b) / 2 */
    assert_texts(t, "volatility_regime", "", "", "", "", "Low", "Low", "Low");
    assert_cells(t, "running_peak_price", 1, 2, 2, 2, 2, 2, 2);
    assert_cells(t, "drawdown_pct", 0, 0, -50, 0, -50, -50, 0);
    kl_table_free(t);
    spec.labels.volatility_medium = 0.3; /* row 4: a / a, row 5: b / a = 1/3, row 6: c / (a + b) * 2 = 1 */
    spec.labels.volatility_high = 0.9;
    t = mart_table(&spec, &panel);
    assert_texts(t, "volatility_regime", "", "", "", "", "High", "Medium", "High");
    kl_table_free(t);
}

/* Bug 0-k: 24 rows are not 24 hours where hours are missing. */
static void test_grid_and_rows(void **state) {
    (void)state;
    const double btc[] = {1, 2, 4, 8, 16, 32, 64};
    two(7, btc, NULL);
    for (size_t i = 3; i < 7; i++) panel.time[i] += HOUR; /* hour 3 is missing */
    kl_mart_spec spec = mart_spec(KL_MART_RETURNS, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    assert_int_equal(kl_table_rows(t), 7);
    assert_cells(t, "return_pct", NONE, 100, 100, NONE, 100, 100, 100); /* no return over a hole */
    assert_cells(t, "prev_close", NONE, 1, 2, NONE, 8, 16, 32);
    assert_cells(t, "rolling_vol_2h", NONE, NONE, 0, NONE, NONE, 0, 0);
    assert_texts(t, "volatility_regime", "", "", "", "", "", "", "");
    kl_table_free(t);
    spec.min_count = 2;
    spec.rows = 4;
    t = mart_table(&spec, &panel);
    assert_cells(t, "rolling_vol_4h", NONE, NONE, 0, 0, 0, 0, 0);
    kl_table_free(t);
    spec = mart_spec(KL_MART_RETURNS, KL_MART_ROWS, 2);
    t = mart_table(&spec, &panel);
    assert_cells(t, "return_pct", NONE, 100, 100, 100, 100, 100, 100);
    assert_cells(t, "rolling_vol_2h", NONE, NONE, 0, 0, 0, 0, 0);
    assert_texts(t, "volatility_regime", "", "", "", "", "Low", "Low", "Low");
    kl_table_free(t);
}

static void test_volume(void **state) {
    (void)state;
    const double btc[] = {10, 10, 10, 20, 10, 10}, volume[] = {1, 3, 4.5, 3.75, 0, NONE};
    two(6, btc, NULL);
    volumes(volume);
    for (size_t i = 0; i < 6; i++) { /* the quote volume of hour 1 is unknown: 3 at a typical price of 12 */
        size_t at = i * PANEL_SYMBOLS + 1;
        panel.quote[at] = i == 1 ? NONE : 11 * volume[i];
        panel.high[at] = btc[i] + 8;
        panel.low[at] = btc[i] - 2;
    }
    kl_mart_spec spec = mart_spec(KL_MART_VOLUME, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    assert_cells(t, "volume", 1, 3, 4.5, 3.75, 0, NONE);
    assert_cells(t, "rolling_volume_2h", NONE, 4, 7.5, 8.25, 3.75, NONE);
    assert_cells(t, "avg_volume_2h", NONE, 2, 3.75, 4.125, 1.875, NONE);
    assert_cells(t, "volume_spike_ratio", NONE, NONE, 2.25, 1, 0, NONE);
    assert_flags(t, "spike", -1, -1, 1, 0, 0, -1);
    assert_cells(t, "vwap_2h", NONE, 47.0 / 4, 85.5 / 7.5, 11, 11, NONE);
    assert_cells(t, "vwap_deviation_pct", NONE, kl_return(KL_RETURN_PERCENT, 47.0 / 4, 10), kl_return(KL_RETURN_PERCENT, 85.5 / 7.5, 10),
                 kl_return(KL_RETURN_PERCENT, 11, 20), kl_return(KL_RETURN_PERCENT, 11, 10), NONE);
    assert_texts(t, "activity", "", "", "High Activity", "Normal", "Normal", "");
    kl_table_free(t);
    kl_mart *m = mart_make(&spec); /* columns that may be left out */
    kl_mart_panel all = panel_part(&panel, 0, 6);
    all.quote_volume = all.high = all.low = NULL;
    t = table_make();
    assert_int_equal(kl_mart_run(m, &all, KL_TIME_NONE, t, NULL), KL_OK);
    assert_cells(t, "rolling_volume_2h", NONE, 4, 7.5, 8.25, 3.75, NONE);
    assert_cells(t, "vwap_2h", NONE, NONE, NONE, NONE, NONE, NONE);
    kl_table_free(t);
    free(m);
}

/* Without a close there is no candle: a volume that stands there is of nothing, in no window, whatever the kind. */
static void test_volume_without_close(void **state) {
    (void)state;
    const double btc[] = {1, 1, 1, NONE, 1, 1, 1, 1}, volume[] = {1, 1, 1, 100, 1, 1, 1, 1};
    two(8, btc, NULL);
    volumes(volume);
    for (size_t i = 0; i < 8; i++) panel.quote[i * PANEL_SYMBOLS + 1] = volume[i];
    kl_mart_spec spec = mart_spec(KL_MART_VOLUME, 0, 3);
    for (int least = 0; least < 2; least++) {
        spec.min_count = least ? 2 : 0;
        kl_table *t = mart_table(&spec, &panel);
        assert_int_equal(kl_table_rows(t), 7);
        if (least) {
            assert_cells(t, "rolling_volume_3h", NONE, 2, 3, 2, 2, 3, 3);
            assert_cells(t, "volume_spike_ratio", NONE, NONE, 1, 1, 1, 1, 1);
        } else {
            assert_cells(t, "rolling_volume_3h", NONE, NONE, 3, NONE, NONE, 3, 3);
            assert_cells(t, "volume_spike_ratio", NONE, NONE, NONE, NONE, NONE, NONE, 1);
            assert_cells(t, "vwap_3h", NONE, NONE, 1, NONE, NONE, 1, 1);
        }
        kl_table_free(t);
    }
    spec = mart_spec(KL_MART_MOVERS, 0, 3);
    kl_table *t = mart_table(&spec, &panel);
    assert_cells(t, "volume_spike_ratio", NONE, NONE, NONE, NONE, NONE, NONE, 1);
    kl_table_free(t);
}

/* Bug 0-k: an average that includes the spike hides it: 24 of 24 rows bound the ratio. */
static void test_spike_is_not_in_its_mean(void **state) {
    (void)state;
    double btc[30], volume[30];
    for (size_t i = 0; i < 30; i++) btc[i] = 10, volume[i] = i == 28 ? 1000 : 1;
    two(30, btc, NULL);
    volumes(volume);
    kl_mart_spec spec = mart_spec(KL_MART_VOLUME, 0, 24);
    kl_table *t = mart_table(&spec, &panel);
    assert_true(cell(t, 28, "volume_spike_ratio") == 1000);
    assert_true(isnan(cell(t, 23, "volume_spike_ratio")) && cell(t, 24, "volume_spike_ratio") == 1);
    assert_true(isnan(cell(t, 22, "avg_volume_24h")) && cell(t, 23, "avg_volume_24h") == 1);
    kl_table_free(t);
    spec.flags = KL_MART_COMPAT;
    t = mart_table(&spec, &panel);
    assert_true(fabs(cell(t, 28, "volume_spike_ratio") - 1000 * 24.0 / 1023) < 1e-12);
    kl_table_free(t);
}

/* Bug 0-d: the ratio of the movers is that of volume; that of volatility is there under its own name. */
static void test_movers(void **state) {
    (void)state;
    const double btc[] = {100, 100, 112, 112}, sol[] = {100, 100, 88, 88};
    const double volume[] = {2, 4, 9, 3};
    two(4, btc, sol);
    volumes(volume);
    for (size_t i = 0; i < 4; i++) panel.volume[i * PANEL_SYMBOLS] = i == 3 ? NONE : volume[i];
    kl_mart_spec spec = mart_spec(KL_MART_MOVERS, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    assert_int_equal(kl_table_rows(t), 8);
    assert_texts(t, "symbol", "BTC", "SOL", "BTC", "SOL", "BTC", "SOL", "BTC", "SOL");
    assert_cells(t, "return_pct", NONE, NONE, 0, 0, 12, -12, 0, 0);
    assert_cells(t, "volume_spike_ratio", NONE, NONE, NONE, NONE, 3, 3, 3 / 6.5, NONE);
    assert_cells(t, "mover_signal", NONE, NONE, NONE, NONE, 36, 36, 0, NONE);
    assert_texts(t, "label", "", "", "Weak Bullish", "Weak Bullish", "Strong Bullish", "Strong Bearish", "Weak Bullish", "Weak Bullish");
    assert_flags(t, "rank", -1, -1, -1, -1, 1, 1, 1, -1); /* equal signals share a rank */
    kl_table_free(t);
    spec.ratio = KL_MART_RATIO_VOLATILITY;
    t = mart_table(&spec, &panel);
    size_t column;
    assert_int_equal(kl_table_find_column(t, "volume_spike_ratio", &column), KL_E_NOT_FOUND);
    assert_int_equal(kl_table_find_column(t, "volatility_ratio", &column), KL_OK);
    kl_table_free(t);
    spec.labels.mover_strong = 13;
    t = mart_table(&spec, &panel);
    assert_texts(t, "label", "", "", "Weak Bullish", "Weak Bullish", "Bullish", "Bearish", "Weak Bullish", "Weak Bullish");
    kl_table_free(t);
}

static void test_ranks(void **state) {
    (void)state;
    panel_make(&panel, 10, 0, 3);
    double signal[PANEL_SYMBOLS];
    kl_mart_spec spec = mart_spec(KL_MART_MOVERS, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    for (size_t i = 3; i < 10; i++) {
        int64_t sum = 0;
        for (size_t k = 0; k < PANEL_SYMBOLS; k++) signal[k] = cell(t, i * PANEL_SYMBOLS + k, "mover_signal");
        for (size_t k = 0; k < PANEL_SYMBOLS; k++) {
            int64_t rank = 1;
            for (size_t j = 0; j < PANEL_SYMBOLS; j++) rank += signal[j] > signal[k];
            assert_true(cell_i64(t, i * PANEL_SYMBOLS + k, "rank") == rank);
            sum += rank;
        }
        assert_int_equal(sum, 15);
    }
    kl_table_free(t);
}

/* Many symbols, with ties, at once and one row a call. */
static void test_ranks_of_many(void **state) {
    (void)state;
    enum { MANY = 90, TIMES = 6 };
    static char text[MANY][8];
    static double close[TIMES * MANY], volume[TIMES * MANY];
    const char *names[MANY];
    kl_time time[TIMES];
    uint64_t seed = 12;
    for (size_t s = 0; s < MANY; s++) {
        snprintf(text[s], sizeof text[s], "S%zu", s);
        names[s] = text[s];
    }
    for (size_t i = 0; i < TIMES; i++) {
        time[i] = T0 + (int64_t)i * HOUR;
        for (size_t s = 0; s < MANY; s++) {
            close[i * MANY + s] = random_below(&seed, 9) ? 100 + (double)random_below(&seed, 4) : NONE;
            volume[i * MANY + s] = 1;
        }
    }
    kl_mart_spec spec = mart_spec(KL_MART_MOVERS, 0, 2);
    spec.symbols = MANY;
    size_t bytes;
    kl_mart *m;
    assert_int_equal(kl_mart_size(&spec, &bytes, NULL), KL_OK);
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_int_equal(kl_mart_init(memory, bytes, &spec, names, &m, NULL), KL_OK);
    kl_table *t = table_make();
    const kl_mart_panel all = {TIMES, time, close, volume, NULL, NULL, NULL};
    assert_int_equal(kl_mart_run(m, &all, KL_TIME_NONE, t, NULL), KL_OK);
    size_t ranked = 0;
    for (size_t i = 0, first = 0, n; first < kl_table_rows(t); i++, first += n) {
        for (n = 0; first + n < kl_table_rows(t); n++) {
            int64_t at;
            kl_table_get_i64(t, 1, first + n, &at);
            if (at != time[i]) break;
        }
        for (size_t a = 0; a < n; a++) {
            double signal = cell(t, first + a, "mover_signal");
            int64_t rank = 1;
            for (size_t b = 0; b < n; b++) rank += cell(t, first + b, "mover_signal") > signal;
            assert_true(cell_i64(t, first + a, "rank") == (isnan(signal) ? -1 : rank));
            ranked += isnan(signal) ? 0 : 1;
        }
    }
    assert_true(ranked > 200);
    kl_table_free(t);
    free(memory);
}

/* Bugs 0-e and 0-f: flat symbols have no correlation; windows of a pair hold the same rows of both. */
static void test_correlations(void **state) {
    (void)state;
    /* SOL joins at hour 2 with a jump of BTC; returns of BTC 10, 20, 30 percent */
    const double btc[] = {100, 110, 1000, 1100, 990, 1188, 1188, 1188, 1188}, sol[] = {NONE, NONE, 10, 12, 9.6, 12.48, 12.48, 12.48, 12.48};
    two(9, btc, sol);
    kl_mart_spec spec = mart_spec(KL_MART_CORRELATIONS, 0, 3);
    kl_table *t = mart_table(&spec, &panel);
    assert_int_equal(kl_table_rows(t), 7); /* hours that both have */
    assert_string_equal(cell_text(t, 0, "base"), "BTC");
    assert_string_equal(cell_text(t, 0, "related"), "SOL");
    int64_t time;
    kl_table_get_i64(t, 2, 0, &time);
    assert_true(time == T0 + 2 * HOUR);
    /* known from the hour on that has three returns of both: hour 5; returns .1, -.1, .2 and .2, -.2, .3 */
    assert_true(isnan(cell(t, 0, "corr_3h")) && isnan(cell(t, 1, "corr_3h")) && isnan(cell(t, 2, "corr_3h")));
    double r = cell(t, 3, "corr_3h");
    assert_true(fabs(r - 0.9897433186107870) < 1e-14 && r <= 1);
    assert_texts(t, "correlation_regime", "", "", "", "High");
    assert_flags(t, "breakdown_alert", -1, -1, -1, -1, 0, 0, -1);
    assert_true(isnan(cell(t, 3, "change")));
    double next = cell(t, 4, "corr_3h");
    assert_true(cell(t, 4, "change") == next - r);
    assert_true(isnan(cell(t, 6, "corr_3h"))); /* three equal closes: flat */
    assert_string_equal(cell_text(t, 6, "correlation_regime"), "");
    kl_table_free(t);
    for (int by_rows = 0; by_rows < 2; by_rows++) { /* equal returns that are not 0: flat too */
        double up[9];
        for (size_t i = 0; i < 9; i++) up[i] = ldexp(3, (int)i);
        two(9, up, sol);
        spec.flags = by_rows ? KL_MART_ROWS : 0;
        t = mart_table(&spec, &panel);
        for (size_t i = 0; i < kl_table_rows(t); i++) assert_true(isnan(cell(t, i, "corr_3h")));
        kl_table_free(t);
    }
}

/* An alert where a pair turns around; the limit is a parameter. */
static void test_market(void **state) {
    (void)state;
    /* returns 100, -50, 100, -50, -20 percent of both, of SOL the last is 0: windows of 2 */
    const double btc[] = {1, 2, 1, 2, 1, 0.8}, sol[] = {10, 20, 10, 20, 10, 10};
    two(6, btc, sol);
    kl_mart_spec spec = mart_spec(KL_MART_MARKET, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    assert_int_equal(kl_table_rows(t), 6);
    assert_flags(t, "symbols", 2, 2, 2, 2, 2, 2);
    assert_cells(t, "avg_return_pct", NONE, 100, -50, 100, -50, kl_return(KL_RETURN_PERCENT, 1, 0.8) / 2);
    assert_cells(t, "volatility_ratio", NONE, NONE, NONE, NONE, 1);
    assert_cells(t, "avg_corr_2h", NONE, NONE, 1, 1, 1, 1);
    assert_cells(t, "diversification", NONE, NONE, 0, 0, 0, 0);
    assert_texts(t, "market_state", "", "", "", "", "Risk-Off", "Risk-Off");
    assert_cells(t, "worst_drawdown_pct", 0, 0, -50, 0, -50, 100 * ((0.8 - 2) / 2));
    assert_texts(t, "worst_symbol", "BTC", "BTC", "BTC", "BTC", "BTC", "BTC"); /* of equal ones the first name */
    assert_texts(t, "risk_state", "", "", "High Risk", "", "High Risk", "High Risk");
    assert_true(fabs(cell(t, 4, "avg_vol_2h") / (150 / sqrt(2)) - 1) < 4e-16);
    kl_table_free(t);
    panel.close[2 * PANEL_SYMBOLS + 1] = NONE; /* BTC is not there at one time, none of both at another */
    panel.close[4 * PANEL_SYMBOLS] = panel.close[4 * PANEL_SYMBOLS + 1] = NONE;
    t = mart_table(&spec, &panel);
    assert_int_equal(kl_table_rows(t), 5);
    assert_flags(t, "symbols", 2, 2, 1, 2, 2);
    assert_cells(t, "avg_return_pct", NONE, 100, -50, 100, NONE);
    assert_texts(t, "worst_symbol", "BTC", "BTC", "SOL", "BTC", "BTC");
    assert_cells(t, "avg_corr_2h", NONE, NONE, NONE, NONE, NONE);
    kl_table_free(t);
    spec.flags = KL_MART_ROWS; /* as they follow each other: BTC stays at 2, then falls */
    t = mart_table(&spec, &panel);
    assert_cells(t, "avg_return_pct", NONE, 100, -50, 50, (kl_return(KL_RETURN_PERCENT, 2, 0.8) - 50) / 2);
    assert_cells(t, "avg_corr_2h", NONE, NONE, NONE, NONE, 1);
    kl_table_free(t);
    panel.close[5 * PANEL_SYMBOLS] = panel.close[5 * PANEL_SYMBOLS + 1] = NONE; /* nor at the end: no row, and no memory for one */
    for (spec.flags = 0; spec.flags <= KL_MART_ROWS; spec.flags++) {
        t = mart_table(&spec, &panel);
        assert_int_equal(kl_table_rows(t), 4);
        assert_cells(t, "avg_return_pct", NONE, 100, -50, spec.flags ? 50 : 100);
        kl_table_free(t);
    }
    kl_error error;
    size_t bytes;
    spec.flags = KL_MART_COMPAT;
    assert_int_equal(kl_mart_size(&spec, &bytes, &error), KL_E_UNSUPPORTED);
    assert_true(strstr(error.message, "market") != NULL);
    spec.flags = 0;
    spec.symbols = 1;
    assert_int_equal(kl_mart_size(&spec, &bytes, &error), KL_E_ARG);
}

/* A first call that gives no row finds a table without memory. */
static void test_no_row(void **state) {
    (void)state;
    const double btc[] = {1, 2, 3, 4};
    two(4, btc, NULL);
    for (uint32_t flags = 0; flags < 3; flags++) {
        kl_mart_spec spec = mart_spec(KL_MART_CORRELATIONS, flags, 2);
        kl_table *t = mart_table(&spec, &panel);
        assert_int_equal(kl_table_rows(t), 0);
        kl_table_free(t);
    }
}

static void test_breakdown(void **state) {
    (void)state;
    const double btc[] = {100, 101, 100, 101, 100, 101, 100}, sol[] = {10, 11, 10, 11, 10, 9, 10};
    two(7, btc, sol);
    kl_mart_spec spec = mart_spec(KL_MART_CORRELATIONS, 0, 2);
    kl_table *t = mart_table(&spec, &panel);
    assert_flags(t, "breakdown_alert", -1, -1, -1, 0, 0, 1, 0);
    assert_true(cell(t, 5, "change") < -1.9);
    assert_texts(t, "correlation_regime", "", "", "High", "High", "High", "High", "High");
    kl_table_free(t);
    spec.labels.corr_break = 2;
    t = mart_table(&spec, &panel);
    assert_flags(t, "breakdown_alert", -1, -1, -1, 0, 0, 0, 0);
    kl_table_free(t);
}

static void test_names_of_columns(void **state) {
    (void)state;
    const struct {
        kl_interval interval;
        int64_t rows;
        const char *name;
    } cases[] = {{{KL_HOUR, 1, 0}, 24, "rolling_vol_24h"}, {{KL_HOUR, 4, 0}, 6, "rolling_vol_24h"}, {{KL_MINUTE, 15, 0}, 96, "rolling_vol_1440m"},
                 {{KL_DAY, 1, 0}, 30, "rolling_vol_30d"}, {{KL_MONTH, 1, 0}, 12, "rolling_vol_12M"}, {{KL_WEEK, 1, 0}, 65536, "rolling_vol_65536w"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_mart_spec spec = mart_spec(KL_MART_RETURNS, 0, cases[i].rows);
        spec.interval = cases[i].interval;
        kl_mart *m = mart_make(&spec);
        kl_table *t = table_make();
        kl_mart_panel none;
        memset(&none, 0, sizeof none);
        assert_int_equal(kl_mart_run(m, &none, KL_TIME_NONE, t, NULL), KL_OK); /* no rows: the columns alone */
        assert_int_equal(table_column(t, cases[i].name), 6);
        assert_int_equal(kl_table_rows(t), 0);
        assert_true(kl_mart_last_time(m) == KL_TIME_NONE);
        kl_table_free(t);
        free(m);
    }
    for (int32_t kind = KL_MART_RETURNS; kind <= KL_MART_MARKET; kind++) assert_int_equal(kl_mart_find(kl_mart_name(kind)), kind);
    assert_int_equal(kl_mart_find("return"), 0);
    assert_null(kl_mart_name(0));
    assert_null(kl_mart_name(6));
    assert_true(kl_mart_definition() > 0);
}

/* Months as a grid: none is missing, whatever their lengths. */
static void test_months(void **state) {
    (void)state;
    const double btc[] = {1, 2, 4, 8, 16};
    const char *const open[] = {"2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01", "2024-04-01"};
    two(5, btc, NULL);
    for (size_t i = 0; i < 5; i++) kl_time_parse(open[i], 10, &panel.time[i]);
    kl_mart_spec spec = mart_spec(KL_MART_RETURNS, 0, 2);
    spec.interval.unit = KL_MONTH;
    kl_table *t = mart_table(&spec, &panel);
    assert_cells(t, "return_pct", NONE, 100, 100, 100, NONE); /* March is missing */
    kl_table_free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_returns), cmocka_unit_test(test_grid_and_rows), cmocka_unit_test(test_volume),
                                       cmocka_unit_test(test_volume_without_close), cmocka_unit_test(test_spike_is_not_in_its_mean), cmocka_unit_test(test_movers), cmocka_unit_test(test_ranks), cmocka_unit_test(test_ranks_of_many),
                                       cmocka_unit_test(test_correlations), cmocka_unit_test(test_no_row), cmocka_unit_test(test_market), cmocka_unit_test(test_breakdown), cmocka_unit_test(test_names_of_columns),
                                       cmocka_unit_test(test_months)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
