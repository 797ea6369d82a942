/* Snapshots, tops of books and chart replies, in texts written for this test. */
#include "clean_rows.h"
#include <math.h>

#define REST "{\"symbol\":\"AAABTC\",\"priceChange\":\"-94.99999800\",\"priceChangePercent\":\"-95.960\",\"weightedAvgPrice\":\"0.29\"," \
             "\"lastPrice\":\"4.00000200\",\"highPrice\":\"100.0\",\"lowPrice\":\"0.1\",\"volume\":\"8913.3\",\"quoteVolume\":\"15.3\"," \
             "\"openTime\":1672444800000,\"closeTime\":1672531199999,\"count\":76}"
#define EVENT "{\"e\":\"24hrTicker\",\"E\":1672531200123,\"s\":\"AAABTC\",\"p\":\"0.5\",\"P\":\"2.5\",\"c\":\"20.5\",\"h\":\"21\",\"l\":\"19\"," \
              "\"v\":\"10\",\"q\":\"205\",\"O\":1672444800000,\"C\":1672531200123}"

static kl_status ticker(const char *text, kl_market *market) {
    kl_error error;
    kl_status status = kl_market_parse_ticker(text, strlen(text), market, &error);
    if (status < 0) assert_true(error.code == status && error.message[0]);
    return status;
}

static void tickers_of_both_kinds(void **state) {
    (void)state;
    kl_market m, untouched;
    assert_int_equal(ticker(REST, &m), KL_OK);
    assert_string_equal(m.symbol, "AAABTC"), assert_string_equal(m.id, "AAABTC");
    assert_true(m.price == 4.000002 && m.high_24h == 100 && m.low_24h == 0.1 && m.total_volume == 15.3);
    assert_true(m.change_24h == -94.999998 && m.change_pct_24h == -95.96 && isnan(m.market_cap) && isnan(m.ath) && m.rank == 0);
    assert_int_equal(m.time_us, INT64_C(1672531199999000));
    assert_int_equal(ticker(EVENT, &m), KL_OK);
    assert_true(m.price == 20.5 && m.total_volume == 205 && m.change_pct_24h == 2.5 && m.low_24h == 19);
    assert_int_equal(m.time_us, INT64_C(1672531200123000));
    assert_int_equal(ticker("{\"stream\":\"aaabtc@ticker\",\"data\":" EVENT "}", &m), KL_OK);
    assert_true(m.price == 20.5);
    memset(&m, 7, sizeof m), memset(&untouched, 7, sizeof untouched);
    assert_int_equal(ticker("{\"symbol\":\"A\",\"lastPrice\":\"x\"}", &m), KL_E_NUMBER);
    assert_int_equal(ticker("{\"symbol\":\"A\",\"lastPrice\":\"nan\"}", &m), KL_E_NOT_FINITE);
    assert_int_equal(ticker("{\"symbol\":\"A\",\"lastPrice\":null}", &m), KL_E_COLUMNS);
    assert_int_equal(ticker("{\"symbol\":\"\",\"lastPrice\":1}", &m), KL_E_SYMBOL);
    assert_int_equal(ticker("{\"lastPrice\":1}", &m), KL_E_COLUMNS);
    assert_int_equal(ticker("{\"symbol\":\"A\",\"lastPrice\":1,\"closeTime\":12}", &m), KL_E_TIME);
    assert_int_equal(ticker("{\"e\":\"trade\",\"s\":\"A\",\"p\":\"1\"}", &m), KL_E_FORMAT);
    assert_int_equal(ticker("[1]", &m), KL_E_FORMAT);
    assert_int_equal(ticker("{\"symbol\":", &m), KL_E_JSON);
    assert_int_equal(ticker("{\"symbol\":\"0123456789012345678901234567890123456789012345678\",\"lastPrice\":1}", &m), KL_E_SYMBOL);
    assert_memory_equal(&m, &untouched, sizeof m);
}

static kl_status top_of(const char *text, char *symbol, kl_book_top *top) {
    return kl_book_top_parse(text, strlen(text), symbol, top, NULL);
}

static void tops_of_books(void **state) {
    (void)state;
    kl_book_top top;
    char symbol[KL_SYMBOL_MAX];
    assert_int_equal(top_of("{\"u\":400900217,\"s\":\"AAAUSDT\",\"b\":\"25.35190000\",\"B\":\"31.21\",\"a\":\"25.36520000\",\"A\":\"40.66\"}", symbol, &top), KL_OK);
    assert_string_equal(symbol, "AAAUSDT");
    assert_true(top.bid == 25.3519 && top.bid_quantity == 31.21 && top.ask == 25.3652 && top.ask_quantity == 40.66);
    assert_int_equal(top.time_us, KL_TIME_NONE);
    assert_int_equal(top_of("{\"symbol\":\"AAAUSDT\",\"bidPrice\":\"4.0\",\"bidQty\":\"431\",\"askPrice\":\"4.2\",\"askQty\":\"9\",\"time\":1672531200000}", NULL, &top), KL_OK);
    assert_true(top.bid == 4.0 && top.ask == 4.2 && top.time_us == CLEAN_T0);
    assert_int_equal(top_of("{\"stream\":\"x@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"E\":1672531200001,\"T\":1672531200000,\"s\":\"A\",\"b\":\"1\",\"B\":\"2\",\"a\":\"3\",\"A\":\"4\"}}", NULL, &top), KL_OK);
    assert_true(top.bid == 1 && top.time_us == CLEAN_T0);
    assert_int_equal(top_of("{\"s\":\"A\",\"b\":\"0.00\",\"B\":\"0\",\"a\":\"3\",\"A\":\"4\"}", NULL, &top), KL_OK);
    assert_true(isnan(top.bid) && top.ask == 3 && isnan(kl_book_spread(&top)));
    assert_int_equal(top_of("{\"s\":\"A\",\"b\":\"1\",\"B\":\"0\"}", NULL, &top), KL_E_COLUMNS);
    assert_int_equal(top_of("{\"e\":\"depthUpdate\",\"s\":\"A\",\"b\":[],\"a\":[]}", NULL, &top), KL_E_FORMAT);
    assert_int_equal(top_of("{\"s\":\"A\",\"b\":[],\"a\":[]}", NULL, &top), KL_E_NUMBER);
}

typedef struct {
    kl_market rows[100];
    size_t n, calls;
    kl_status stop;
} coins_out;

static kl_status take_coins(void *ctx, const kl_market *rows, size_t n) {
    coins_out *out = ctx;
    out->calls++;
    if (out->stop) return out->stop;
    assert_true(out->n + n <= 100);
    memcpy(out->rows + out->n, rows, n * sizeof *rows);
    out->n += n;
    return KL_OK;
}

static void coins_with_nulls(void **state) {
    (void)state;
    static coins_out out;
    const kl_market_sink sink = {&out, take_coins};
    uint64_t rows = 9;
    kl_error error;
    const char *text = "[{\"id\":\"alpha\",\"symbol\":\"aaa\",\"name\":\"Alpha\",\"current_price\":16541.5,\"market_cap\":318000000000,\"market_cap_rank\":1,"
                       "\"total_volume\":9e9,\"high_24h\":16600,\"low_24h\":16500.25,\"price_change_24h\":-12.5,\"price_change_percentage_24h\":-0.07,"
                       "\"circulating_supply\":19250000,\"total_supply\":21000000.0,\"ath\":69045,\"atl\":67.81,\"last_updated\":\"2023-01-01T00:00:00.123Z\"},\n"
                       "{\"id\":\"beta\",\"symbol\":\"bbb\",\"current_price\":null,\"market_cap\":null,\"market_cap_rank\":null,\"total_supply\":null,\"last_updated\":null}]";
    memset(&out, 0, sizeof out);
    assert_int_equal(kl_market_parse_coins(text, strlen(text), &sink, &rows, &error), KL_OK);
    assert_int_equal(rows, 2), assert_int_equal(out.n, 2);
    const kl_market *m = out.rows;
    assert_string_equal(m->id, "alpha"), assert_string_equal(m->symbol, "aaa");
    assert_true(m->price == 16541.5 && m->market_cap == 318e9 && m->rank == 1 && m->total_volume == 9e9 && m->low_24h == 16500.25);
    assert_true(m->change_24h == -12.5 && m->change_pct_24h == -0.07 && m->circulating_supply == 19250000 && m->ath == 69045 && m->atl == 67.81);
    assert_int_equal(m->time_us, CLEAN_T0 + 123000);
    assert_true(isnan(m[1].price) && isnan(m[1].market_cap) && isnan(m[1].ath) && m[1].rank == 0 && m[1].time_us == KL_TIME_NONE);
    char many[4096] = "[";
    for (int i = 0; i < 70; i++) sprintf(many + strlen(many), "%s{\"id\":\"c%d\",\"market_cap_rank\":%d}", i ? "," : "", i, i + 1);
    strcat(many, "]");
    memset(&out, 0, sizeof out);
    assert_int_equal(kl_market_parse_coins(many, strlen(many), &sink, NULL, NULL), KL_OK);
    assert_int_equal(out.n, 70), assert_int_equal(out.calls, 3), assert_int_equal(out.rows[69].rank, 70);
    many[strlen(many) - 1] = 0, strcat(many, ",{\"symbol\":\"x\"}]");
    memset(&out, 0, sizeof out);
    assert_int_equal(kl_market_parse_coins(many, strlen(many), &sink, NULL, &error), KL_E_COLUMNS);
    assert_int_equal(error.row, 71), assert_int_equal(out.calls, 0);
    out.stop = KL_E_CANCEL;
    assert_int_equal(kl_market_parse_coins(text, strlen(text), &sink, NULL, NULL), KL_E_CANCEL);
    const char *limited = "{\"status\":{\"error_code\":429}}";
    assert_int_equal(kl_market_parse_coins(limited, strlen(limited), &sink, NULL, NULL), KL_E_FORMAT);
    assert_int_equal(kl_market_parse_coins("[]", 2, &sink, &rows, NULL), KL_OK);
    assert_int_equal(rows, 0);
}

#define CHART(times, open, high, low, close, volume)                                                                    \
    "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"USD\",\"symbol\":\"AAA-USD\",\"dataGranularity\":\"1d\"},\"timestamp\":[" times \
    "],\"indicators\":{\"quote\":[{\"open\":[" open "],\"high\":[" high "],\"low\":[" low "],\"close\":[" close "]" volume   \
    "}],\"adjclose\":[{\"adjclose\":[1]}]}}],\"error\":null}}"

static void charts(void **state) {
    (void)state;
    kl_series series;
    uint64_t skipped = 9;
    kl_error error;
    kl_series_init(&series, NULL);
    const char *text = CHART("1672531200,1672617600,1672704000,1672750123", "16547.9140625,null,16688.5,16700", "16630.4,null,16760.25,16800",
                             "16521.234375,null,16622,16690.5", "16625.080078125,null,16679.857421875,16795", ",\"volume\":[9244361700,null,0,5]");
    assert_int_equal(kl_yahoo_parse(text, strlen(text), &series, &skipped, &error), KL_OK);
    assert_int_equal(series.n, 3), assert_int_equal(skipped, 1);
    assert_string_equal(series.key.symbol, "AAA-USD");
    assert_int_equal(series.key.interval.unit, KL_DAY), assert_int_equal(series.key.interval.n, 1);
    assert_int_equal(series.scale.price, 9), assert_int_equal(series.scale.volume, 0);
    assert_int_equal(series.rows[0].open_time_us, CLEAN_T0);
    assert_int_equal(series.rows[0].open, INT64_C(16547914062500)), assert_int_equal(series.rows[0].close, INT64_C(16625080078125));
    assert_int_equal(series.rows[0].volume.lo, UINT64_C(9244361700));
    assert_int_equal(series.rows[0].flags, KL_CLOSED), assert_int_equal(series.rows[0].known, KL_HAS_OHLC | KL_HAS_VOLUME);
    assert_int_equal(series.rows[1].open_time_us, CLEAN_T0 + 2 * CLEAN_DAY), assert_int_equal(series.rows[1].flags, KL_CLOSED);
    assert_int_equal(series.rows[2].flags, KL_SUSPECT); /* the live row, stamped with now */
    const char *fine = CHART("1672790400", "8.1899998395675e-06", "8.1899998395675e-06", "8.1e-06", "0.5", "");
    kl_series_free(&series);
    kl_series_init(&series, NULL);
    assert_int_equal(kl_yahoo_parse(fine, strlen(fine), &series, NULL, &error), KL_OK);
    assert_int_equal(series.scale.price, 18);
    assert_int_equal(series.rows[0].open, INT64_C(8189999839568)); /* rounded at the 18th decimal */
    assert_int_equal(series.rows[0].close, INT64_C(500000000000000000));
    assert_int_equal(series.rows[0].known, KL_HAS_OHLC);
    static const struct {
        const char *text;
        kl_status status;
        int row, column;
    } bad[] = {
        {CHART("1672531200,1672617600", "1", "1,1", "1,1", "1,1", ""), KL_E_COLUMNS, 2, 2},
        {CHART("1672531200", "1", "1", "1", "1", ",\"volume\":[]"), KL_E_COLUMNS, 1, 6},
        {CHART("1672531200,12", "1,1", "1,1", "1,1", "1,1", ""), KL_E_TIME, 2, 1},
        {CHART("1672531200,4102444800", "1,1", "1,1", "1,1", "1,1", ""), KL_E_TIME, 2, 1},
        {CHART("1672531200", "\"1\"", "1", "1", "1", ""), KL_E_NUMBER, 1, 2},
        {CHART("1672531200", "1", "1", "-1", "1", ""), KL_E_PRICE, 1, 4},
        {CHART("1672531200", "1e30", "1", "1", "1", ""), KL_E_OVERFLOW, 0, 0},
        {"{\"chart\":{\"result\":null,\"error\":{\"code\":\"Not Found\",\"description\":\"No data found\"}}}", KL_E_EMPTY, 0, 0},
        {"{\"chart\":{\"result\":[{\"meta\":{},\"indicators\":{\"quote\":[{}]}}],\"error\":null}}", KL_E_EMPTY, 0, 0},
        {"{\"chart\":{\"result\":[{\"timestamp\":[],\"indicators\":{\"quote\":[{}]}}]}}", KL_E_COLUMNS, 0, 0},
        {"[]", KL_E_FORMAT, 0, 0},
        {"{\"chart\":", KL_E_JSON, 0, -1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kl_yahoo_parse(bad[i].text, strlen(bad[i].text), &series, &skipped, &error), bad[i].status);
        if (bad[i].column >= 0) assert_int_equal(error.row, bad[i].row), assert_int_equal(error.column, bad[i].column);
        assert_int_equal(series.n, 1);
    }
    assert_int_equal(kl_yahoo_parse(bad[7].text, strlen(bad[7].text), &series, NULL, &error), KL_E_EMPTY);
    assert_non_null(strstr(error.message, "No data found"));
    kl_series_free(&series);
}

/* Every prefix and every damaged byte: a status, never a read beyond the end. */
static void damaged_texts(void **state) {
    (void)state;
    static const char *const texts[] = {REST, EVENT, CHART("1672531200,1672617600", "1.5,2", "2,2", "1,1", "1,1", ",\"volume\":[1,null]"),
                                        "[{\"id\":\"a\",\"ath\":1.5,\"last_updated\":\"2023-01-01T00:00:00Z\"}]"};
    static coins_out out;
    const kl_market_sink sink = {&out, take_coins};
    for (size_t t = 0; t < 4; t++)
        for (size_t n = 0; n <= strlen(texts[t]); n++)
            for (int damage = 0; damage < 4; damage++) {
                char *copy = malloc(n ? n : 1);
                kl_market market;
                kl_book_top top;
                kl_series series;
                assert_non_null(copy);
                memcpy(copy, texts[t], n);
                if (n) copy[n / 2] = damage == 0 ? copy[n / 2] : "\"9]"[damage - 1];
                out.n = 0;
                kl_series_init(&series, NULL);
                (void)kl_market_parse_ticker(copy, n, &market, NULL);
                (void)kl_book_top_parse(copy, n, NULL, &top, NULL);
                (void)kl_market_parse_coins(copy, n, &sink, NULL, NULL);
                (void)kl_yahoo_parse(copy, n, &series, NULL, NULL);
                kl_series_free(&series);
                free(copy);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tickers_of_both_kinds), cmocka_unit_test(tops_of_books), cmocka_unit_test(coins_with_nulls),
                                       cmocka_unit_test(charts), cmocka_unit_test(damaged_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
