/* Real files, compared one by one with the table that came with them: rows, first and last open time, unit. They belong to others
 * and lie beside the project ($KLINE_SHARED, default ../shared); where they are absent this says so and passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "parse_support.h"

static char root[512];

static kl_status read_file(void *ctx, void *buffer, size_t capacity, size_t *got) {
    *got = fread(buffer, 1, capacity, ctx);
    return *got ? KL_OK : KL_END;
}

/* 0 where there is no such file. */
static int run_file(parse_run *run, const char *name) {
    char path[1200];
    kl_parse_options options;
    kl_parse_options_init(&options);
    parse_run_init(run, &options, 0);
    snprintf(path, sizeof path, "%s/data/%s", root, name);
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    kl_reader reader = {file, read_file};
    run->status = kl_parse_reader(&reader, &options, NULL, &run->counts, &run->error);
    fclose(file);
    return 1;
}

/* The fields of "| a | b |" without blanks around; how many. */
static int split(char *line, char **fields, int max) {
    int n = 0;
    for (char *c = strtok(line, "|"); c && n < max; c = strtok(NULL, "|")) {
        while (*c == ' ') c++;
        char *end = c + strlen(c);
        while (end > c && (end[-1] == ' ' || end[-1] == '\n')) *--end = 0;
        fields[n++] = c;
    }
    return n;
}

static uint64_t rows_of_unit(const kl_parse_counts *c, const char *unit) {
    return c->unit_rows[strncmp(unit, "ISO", 3) == 0 ? 0 : strcmp(unit, "ms") == 0 ? KL_EPOCH_MS : strcmp(unit, "us") == 0 ? KL_EPOCH_US : KL_EPOCH_S];
}

static void check_table_row(char **f) {
    parse_run run;
    if (!run_file(&run, f[0])) fail_msg("%s is in the table, but not there", f[0]);
    if (run.status != KL_OK) fail_msg("%s: %s row %d column %d: %s", f[0], kl_status_name(run.status), (int)run.error.row, (int)run.error.column, run.error.message);
    size_t rows = (size_t)atol(f[2]), suspects = 0;
    char first[KL_TIME_TEXT_MAX], last[KL_TIME_TEXT_MAX];
    if (run.n != rows) fail_msg("%s: %zu rows, not %zu", f[0], run.n, rows);
    kl_time_print(run.klines[0].open_time_us, first);
    kl_time_print(run.klines[run.n - 1].open_time_us, last);
    if (strncmp(first, f[3], 16) != 0 || strncmp(last, f[4], 16) != 0) fail_msg("%s: %s .. %s, not %s .. %s", f[0], first, last, f[3], f[4]);
    if (rows_of_unit(&run.counts, f[5]) != rows || run.counts.unit_changes) fail_msg("%s: not all times are %s", f[0], f[5]);
    for (size_t i = 0; i < run.n; i++) suspects += (run.klines[i].flags & KL_SUSPECT) != 0;
    assert_int_equal(suspects, 1);
    assert_true(run.klines[run.n - 1].flags & KL_SUSPECT);
    parse_run_free(&run);
}

static void test_table(void **state) {
    (void)state;
    char path[600], line[2000], *f[12];
    int files = 0;
    snprintf(path, sizeof path, "%s/data/MANIFEST.md", root);
    FILE *table = fopen(path, "r");
    if (!table) {
        print_message("SKIPPED: no real data in %s\n", root);
        skip();
    }
    while (fgets(line, sizeof line, table))
        if (line[0] == '|' && split(line, f, 12) >= 8 && atol(f[2]) > 0) {
            check_table_row(f);
            files++;
            if (getenv("KLINE_QUICK") && files >= 40) break;
        }
    fclose(table);
    assert_true(files >= 40);
    print_message("%d files agree with their table\n", files);
}

typedef struct {
    const char *name;
    kl_status status;
    int format, content;
    size_t rows;
    const char *first, *last;
} known_file;

static const known_file known[] = {
    {"freqtrade_freqtrade/XRP_ETH-trades.json.gz", KL_OK, KL_FORMAT_ROW_JSON, KL_CONTENT_TRADES, 12477, "2019-10-11T00:00:11.620Z", "2019-10-13T11:19:28"},
    {"freqtrade_freqtrade/XRP_OLD-trades.json.gz", KL_OK, KL_FORMAT_OBJECT_JSON, KL_CONTENT_TRADES, 12477, "2019-10-11T00:00:11.620Z", "2019-10-13T11:19:28"},
    {"freqtrade_freqtrade/kraken_trades_csv_BCHEUR.csv", KL_OK, KL_FORMAT_TRADE_CSV, KL_CONTENT_TRADES, 148, "2023-01-01T00:03:56Z", "2023-01-01T23:19:47Z"},
    {"freqtrade_freqtrade/kraken_trades_csv_incremental_q2_BCHEUR.csv", KL_OK, KL_FORMAT_TRADE_CSV, KL_CONTENT_TRADES, 486, "2023-01-02T00:48:56Z", "2023-0"},
    {"freqtrade_freqtrade/orderflow_public_trades_list_simple_example.csv", KL_OK, KL_FORMAT_HEADER_CSV, KL_CONTENT_TRADES, 7, "2023-02-02T04:10:00.092Z", "2023-02-02T04:10:00.775Z"},
    {"freqtrade_freqtrade/NOPAIR_XXX-4m.json", KL_E_EMPTY, 0, 0, 0, "", ""},
    {"freqtrade_freqtrade/UNITTEST_BTC-8m.feather", KL_E_EMPTY, 0, 0, 0, "", ""},
    {"nkaz001_hftbacktest/spot_btcusdt_20240808.gz", KL_OK, KL_FORMAT_STREAM_JSON, KL_CONTENT_TRADES, 9757, "2024-08-08T23:54:15.342Z", "2024-08-09T00:00:01"},
    {"nkaz001_hftbacktest/spot_btcusdt_20240809.gz", KL_OK, KL_FORMAT_STREAM_JSON, KL_CONTENT_TRADES, 10147, "2024-08-09T00:00:01.437Z", "2024-08-09T00:05:0"},
    {"nkaz001_hftbacktest/spot_ethusdt_20240808.gz", KL_OK, KL_FORMAT_STREAM_JSON, KL_CONTENT_TRADES, 6106, "2024-08-08T23:54:15.611Z", "2024-08-09T00:00:0"},
    {"bmoscon_cryptofeed/KRAKEN.ws.48.0", KL_E_EMPTY, 0, 0, 0, "", ""},
    {"nautechsystems_nautilus_trader/binance_spot_http_json_klines_response.json", KL_OK, KL_FORMAT_ROW_JSON, KL_CONTENT_KLINES, 1, "", ""},
    {"nautechsystems_nautilus_trader/binance_spot_http_json_trades_response.json", KL_OK, KL_FORMAT_OBJECT_JSON, KL_CONTENT_TRADES, 1, "", ""},
    {"nautechsystems_nautilus_trader/binance_futures_market_data_json_kline_stream_closed.json", KL_OK, KL_FORMAT_STREAM_JSON, KL_CONTENT_KLINES, 1, "2021-12-05T23:41:00Z", ""},
    {"nautechsystems_nautilus_trader/binance_futures_market_data_json_kline_stream_open.json", KL_OK, KL_FORMAT_STREAM_JSON, KL_CONTENT_KLINES, 1, "2021-12-05T23:41:00Z", ""},
    {"binance_binance-public-data/2022-10-04_aggregate_trade_updates.csv", KL_E_FORMAT, 0, 0, 0, "", ""},
};

static void test_known_files(void **state) {
    (void)state;
    int files = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const known_file *k = &known[i];
        parse_run run;
        char text[KL_TIME_TEXT_MAX];
        if (!run_file(&run, k->name)) continue;
        files++;
        if (run.status != k->status || run.n != k->rows)
            fail_msg("%s: %s, %zu rows, not %s, %zu: %s", k->name, kl_status_name(run.status), run.n, kl_status_name(k->status), k->rows, run.error.message);
        if (k->format) assert_int_equal(run.counts.format, k->format);
        if (k->content) assert_int_equal(run.counts.content, k->content);
        for (int end = 0; end < 2 && run.n > 0; end++) {
            const char *want = end ? k->last : k->first;
            size_t row = end ? run.n - 1 : 0;
            kl_time_print(k->content == KL_CONTENT_TRADES ? run.trades[row].time_us : run.klines[row].open_time_us, text);
            if (strncmp(text, want, strlen(want)) != 0) fail_msg("%s: %s, not %s", k->name, text, want);
        }
        parse_run_free(&run);
    }
    if (!files) print_message("SKIPPED: no real data in %s\n", root), skip();
}

/* Klines of recorded streams: one symbol and interval, forming and closed ones told apart. */
static void test_recorded_klines(void **state) {
    (void)state;
    parse_run run;
    if (!run_file(&run, "bmoscon_cryptofeed/BINANCE_FUTURES.ws.1.0.gz")) skip();
    assert_int_equal(run.status, KL_OK);
    size_t klines = 0, closed = 0;
    for (size_t i = 0; i < run.n; i++)
        if (run.klines[i].open_time_us) {
            klines++, closed += run.klines[i].flags & KL_CLOSED;
            assert_int_equal(run.klines[i].flags & KL_SUSPECT, 0);
            assert_int_equal(run.klines[i].last_trade_id - run.klines[i].first_trade_id + 1, run.klines[i].trade_count);
        }
    assert_string_equal(run.counts.symbol, "CTKUSDT");
    assert_true(klines > 1);
    assert_int_equal(closed, 1);
    parse_run_free(&run);
}

/* The same candles from REST (JSON, ms) and from the archive (CSV, ms and us) are equal in every field. */
static void test_two_sources(void **state) {
    (void)state;
    static const char *const symbols[] = {"BTCUSDT", "ETHUSDT"};
    static const char *const months[] = {"2024-11", "2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05"};
    size_t compared = 0;
    for (int s = 0; s < 2; s++)
        for (int m = 0; m < 7; m++) {
            char a_name[200], b_name[200];
            parse_run a, b;
            snprintf(a_name, sizeof a_name, "ginghong_backtest_jup/%s-1h-%s.csv", symbols[s], months[m]);
            snprintf(b_name, sizeof b_name, "finom_static-klines/%s/1h/%s-01.json", symbols[s], months[m]);
            if (!run_file(&a, a_name)) continue;
            if (!run_file(&b, b_name)) {
                parse_run_free(&a);
                continue;
            }
            assert_int_equal(a.n, b.n);
            for (size_t i = 0; i < a.n; i++) {
                assert_true(a.klines[i].close_time_us / 1000 == b.klines[i].close_time_us / 1000);
                a.klines[i].close_time_us = b.klines[i].close_time_us;
                assert_true(kl_kline_same(&a.klines[i], &b.klines[i]));
                assert_memory_equal(&a.scales[i], &b.scales[i], sizeof a.scales[i]);
            }
            compared += a.n;
            parse_run_free(&a), parse_run_free(&b);
        }
    if (compared == 0) print_message("SKIPPED: no real data in %s\n", root), skip();
    print_message("%zu candles of two sources are equal\n", compared);
}

/* Exactly the memory that is asked for comes back; every failing request gives KL_E_MEMORY and leaks nothing. */
static void test_reader_memory(void **state) {
    (void)state;
    static const char text[] = "1672531200,1,1,1,1,2\n1672531260,1,1,1,1,2\n";
    for (uint64_t fail_at = 0; fail_at < 5; fail_at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_parse_options options;
        kl_parse_counts counts;
        kl_error error;
        parse_run run;
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        counter.fail_at = fail_at;
        kl_parse_options_init(&options);
        parse_run_init(&run, &options, 0);
        FILE *file = tmpfile();
        if (!file) skip();
        fwrite(text, 1, sizeof text - 1, file);
        rewind(file);
        kl_reader reader = {file, read_file};
        kl_status status = kl_parse_reader(&reader, &options, &alloc, &counts, &error);
        fclose(file);
        int fails = fail_at > 0 && fail_at <= 3;
        assert_int_equal(status, fails ? KL_E_MEMORY : KL_OK);
        assert_int_equal(run.n, fails ? 0 : 2);
        assert_int_equal(counts.rows, run.n);
        assert_int_equal(counter.live_bytes, 0);
        assert_true(counter.peak_bytes < 2 << 20);
        parse_run_free(&run);
    }
}

int main(void) {
    const char *shared = getenv("KLINE_SHARED");
    snprintf(root, sizeof root, "%s", shared ? shared : "../shared");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_known_files), cmocka_unit_test(test_recorded_klines),
                                       cmocka_unit_test(test_two_sources), cmocka_unit_test(test_reader_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
