/* Symbol and interval out of file names: a table of the names that exchanges and tools give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "cli/name.c"

static const struct {
    const char *path, *symbol, *interval; /* interval: "" none, "trades" */
} name_cases[] = {
    {"BTCUSDT-1h-2024-11.csv", "BTCUSDT", "1h"},
    {"data/BTCUSDT-1h-2024-11.zip", "BTCUSDT", "1h"},
    {"BTC_USDT-1m.json.gz", "BTCUSDT", "1m"},
    {"BTCUSDT_240628-1h-2024-05.csv", "BTCUSDT_240628", "1h"},
    {"BTCUSD_PERP-1h-2024-05.zip", "BTCUSD_PERP", "1h"},
    {"BTC-USDT-240628-1m.csv", "BTCUSDT_240628", "1m"},
    {"BTC_USDT-240628.csv", "BTCUSDT", ""},
    {"BTCUSDT_202413-1m.csv", "BTCUSDT", "1m"},
    {"BTCUSD_PERP-aggTrades-2024-05.zip", "BTCUSD_PERP", "trades"},
    {"BTCUSDT_240628/1h/2024-05.csv", "BTCUSDT_240628", "1h"},
    {"BTC-USDT-1m.csv", "BTCUSDT", "1m"},
    {"klines/BTCUSDT/1h/2023-01-01.json", "BTCUSDT", "1h"},
    {"BTCUSDT/1M/2010-01-01.json", "BTCUSDT", "1M"},
    {"/x/DOGEUSDT/3d/2015-01-01.json", "DOGEUSDT", "3d"},
    {"BTC_USDT/15m/2015-01-01.json", "BTCUSDT", "15m"},
    {"BTCUSDT_1h.csv.gz", "BTCUSDT", "1h"},
    {"AVAXUSDT-1m-2023-02.csv.gz", "AVAXUSDT", "1m"},
    {"XRP_ETH-trades.json.gz", "XRPETH", "trades"},
    {"XRP_OLD-trades.json.gz", "XRPOLD", "trades"},
    {"BTC_USDT-5m_20240808-09.csv", "BTCUSDT", "5m"},
    {"btc-perp-20211231-20220201_1m.csv.gz", "BTCPERP", "1m"},
    {"BTCUSDT-1d-data.csv", "BTCUSDT", "1d"},
    {"ADAUSDT-1h-data.csv.gz", "ADAUSDT", "1h"},
    {"XRP_ETH-1m.feather.csv", "XRPETH", "1m"},
    {"UNITTEST_BTC-1m.json.gz", "UNITTESTBTC", "1m"},
    {"NOPAIR_XXX-4m.json", "NOPAIRXXX", "4m"},
    {"kraken_trades_csv_BCHEUR.csv", "BCHEUR", "trades"},
    {"kraken_trades_csv_incremental_q2_BCHEUR.csv", "BCHEUR", "trades"},
    {"spot_btcusdt_20240808.gz", "BTCUSDT", ""},
    {"BTCUSDT-aggTrades-2024-01.zip", "BTCUSDT", "trades"},
    {"BTCUSDT-trades-2024-01-02.zip", "BTCUSDT", "trades"},
    {"BTCUSDT-1mo-2024.zip", "BTCUSDT", "1M"},
    {"ADABTC-1m-2021-11-27.csv", "ADABTC", "1m"},
    {"1000SHIBUSDT-1m-2024-01.csv", "1000SHIBUSDT", "1m"},
    {"1INCHUSDT-15m-2024-01.csv", "1INCHUSDT", "15m"},
    {"SPY-1d.csv", "SPY", "1d"},
    {"BTCUSDT-1s-2024-01-01.csv", "BTCUSDT", "1s"},
    {"BTCUSDT/2023-01-01.json", "BTCUSDT", ""},
    {"C:\\data\\ETHUSDT\\4h\\2024-01.csv", "ETHUSDT", "4h"},
    {"binance_spot_http_json_klines_response.json", "", ""},
    {"2023-01-01.json", "", ""},
    {"finom_static-klines/2023-01-01.json", "", ""},
    {"-", "", ""},
    {"", "", ""},
    {"...", "", ""},
    {".csv", "", ""},
    {"a/b/c/d/e/f.csv", "", ""},
};

static void test_names(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof name_cases / sizeof name_cases[0]; i++) {
        cli_name name;
        char text[KL_INTERVAL_TEXT_MAX] = "";
        cli_name_read(name_cases[i].path, &name);
        if (name.trades) strcpy(text, "trades");
        else if (name.interval.unit) kl_interval_print(&name.interval, text);
        if (strcmp(name.symbol, name_cases[i].symbol) || strcmp(text, name_cases[i].interval))
            fail_msg("%s: '%s' '%s', expected '%s' '%s'", name_cases[i].path, name.symbol, text, name_cases[i].symbol, name_cases[i].interval);
    }
}

static void test_long_names(void **state) {
    char path[4096];
    cli_name name;
    (void)state;
    for (size_t n = 1; n < sizeof path; n = n * 2 + 1) {
        memset(path, 'A', n);
        path[n] = 0;
        cli_name_read(path, &name);
        memset(path, '-', n);
        cli_name_read(path, &name);
        for (size_t i = 0; i < n; i++) path[i] = "A1_-/."[i % 6];
        cli_name_read(path, &name);
        assert_true(memchr(name.symbol, 0, sizeof name.symbol) != NULL);
    }
}

static void test_canonical(void **state) {
    char symbol[KL_SYMBOL_MAX], wide[200];
    (void)state;
    cli_symbol_canonical("btc_usdt", symbol);
    assert_string_equal(symbol, "BTCUSDT");
    cli_symbol_canonical("XRP/ETH", symbol);
    assert_string_equal(symbol, "XRPETH");
    cli_symbol_canonical("btc-usdt-240628", symbol);
    assert_string_equal(symbol, "BTCUSDT_240628");
    cli_symbol_canonical("BTCUSD_PERP", symbol);
    assert_string_equal(symbol, "BTCUSD_PERP");
    cli_symbol_canonical("BTC-PERP", symbol);
    assert_string_equal(symbol, "BTCPERP");
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = 0;
    cli_symbol_canonical(wide, symbol);
    assert_int_equal(strlen(symbol), KL_SYMBOL_MAX - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_long_names), cmocka_unit_test(test_canonical)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
