/* Malformed texts: each gets its status, row and column, whole and byte by byte, and nothing of the bad row comes through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "parse_support.h"

#define T "1672531200000"
#define TAIL ",1672534799999,72146293.58,149854,2179.94,36032352.87,0"
#define GOOD "1672531200000,16541.77,16545.70,16508.39,16529.67,4364.8357" TAIL "\n"
#define NEXT "1672534800000,16529.67,16556.80,16525.78,16551.47,3590.06669,1672538399999,59376757.34,126556,1730.24,28617416.0,0\n"
#define HEAD "time,open,high,low,close,volume\n"
#define TRADE "7,100.5,2,201,1672531200000,True,True\n"
#define JROW "[1672531200000,\"1.0\",\"2.0\",\"0.5\",\"1.5\",\"10\"]"
#define JOBJ "{\"time\":1672531200000,\"open\":1,\"high\":2,\"low\":0.5,\"close\":1.5,\"volume\":10}"
#define KLINE(i, t) "{\"e\":\"kline\",\"E\":1672531260000,\"s\":\"BTCUSDT\",\"k\":{\"t\":" t ",\"T\":1672531259999,\"s\":\"BTCUSDT\",\"i\":\"" i "\",\"f\":1,\"L\":2,\"o\":\"1\",\"c\":\"1\",\"h\":\"1\",\"l\":\"1\",\"v\":\"1\",\"n\":2,\"x\":true,\"q\":\"1\",\"V\":\"1\",\"Q\":\"1\"}}\n"

typedef struct {
    const char *name, *text;
    size_t n;
    kl_status status;
    int row, column;
    int format;
    int stops; /* 1: cannot be skipped */
} bad_case;
static int failures;
#define REPORT(...) (print_error(__VA_ARGS__), print_error("\n"), failures++)
#define B(name, text, status, row, column) {name, text, sizeof(text) - 1, status, row, column, 0, 0}
#define STOPS(name, text, status, row, column) {name, text, sizeof(text) - 1, status, row, column, 0, 1}
#define AS(format, name, text, status, row, column) {name, text, sizeof(text) - 1, status, row, column, format, 1}

static const bad_case cases[] = {
    B("11 columns", GOOD "1672534800000,1,1,1,1,1,1672538399999,1,1,1,1\n" NEXT, KL_E_COLUMNS, 2, 11),
    B("13 columns", GOOD "1672534800000,1,1,1,1,1,1672538399999,1,1,1,1,0,0\n" NEXT, KL_E_COLUMNS, 2, 13),
    B("decimal comma", GOOD "1672534800000,1,5,1,1,1,1,1672538399999,1,1,1,1,0\n" NEXT, KL_E_COLUMNS, 2, 13),
    B("text as open", GOOD T ",abc,1,1,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 2),
    B("text after the number", GOOD T ",12x,1,1,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 2),
    B("two points", GOOD T ",1,1.2.3,1,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 3),
    B("hexadecimal", GOOD T ",1,1,0x10,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 4),
    B("only a sign", GOOD T ",1,1,-,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 4),
    B("blank in the number", GOOD T ",1,1,1 2,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 4),
    B("empty open", GOOD T ",,1,1,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 2, 2),
    B("empty volume", GOOD T ",1,1,1,1," TAIL "\n" NEXT, KL_E_NUMBER, 2, 6),
    B("NaN close", GOOD T ",1,1,1,NaN,1" TAIL "\n" NEXT, KL_E_NOT_FINITE, 2, 5),
    B("nan volume", GOOD T ",1,1,1,1,nan" TAIL "\n" NEXT, KL_E_NOT_FINITE, 2, 6),
    B("inf high", GOOD T ",1,inf,1,1,1" TAIL "\n" NEXT, KL_E_NOT_FINITE, 2, 3),
    B("-Infinity low", GOOD T ",1,1,-Infinity,1,1" TAIL "\n" NEXT, KL_E_NOT_FINITE, 2, 4),
    B("negative price", GOOD T ",1,1,-5.0,1,1" TAIL "\n" NEXT, KL_E_PRICE, 2, 4),
    B("time 0", GOOD "0,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("time without unit", GOOD "1672531200,1,1,1,1,1" TAIL "\n20230101,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 3, 1),
    B("time in 1999", GOOD "946684799999,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("time after 2100", GOOD "4102444800001,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("time at the end of 2099", GOOD "4102444800000,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("JSON time at the end of 2099", "[" JROW ",[4102444800000,\"1.0\",\"2.0\",\"0.5\",\"1.5\",\"10\"]]", KL_E_TIME, 2, 1),
    B("ISO at the end of 2099", HEAD "2023-02-28T00:00:00Z,1,1,1,1,1\n2100-01-01,1,1,1,1,1\n", KL_E_TIME, 3, 1),
    B("trade at the end of 2099", TRADE "8,100.5,2,201,4102444800000,True,True\n", KL_E_TIME, 2, 5),
    STOPS("close twice", "time,open,high,low,close,close\n1672531200,1,1,1,1,2\n", KL_E_COLUMNS, 1, 6),
    STOPS("volume twice, in other letters", "time,volume,open,high,low,close,Volume\n1672531200,1,1,1,1,1,2\n", KL_E_COLUMNS, 1, 7),
    STOPS("semicolons", "time;open;high;low;close;volume\n1672531200;1;1;1;1;2\n", KL_E_FORMAT, 1, 0),
    STOPS("semicolons and decimal commas", "1672531200;1,5;1,5;1,5;1,5;2\n", KL_E_FORMAT, 1, 0),
    STOPS("tabs", "time\topen\thigh\tlow\tclose\tvolume\n1672531200\t1\t1\t1\t1\t2\n", KL_E_FORMAT, 1, 0),
    B("time too long", GOOD "16725312000000000000000,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("time in words", GOOD "yesterday,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("time negative", GOOD "-1672531200000,1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("time empty", GOOD ",1,1,1,1,1" TAIL "\n" NEXT, KL_E_TIME, 2, 1),
    B("month 13", HEAD "2023-01-01 00:00:00,1,1,1,1,1\n2023-13-01 00:00:00,1,1,1,1,1\n", KL_E_TIME, 3, 1),
    B("29 February 2023", HEAD "2023-02-28T00:00:00Z,1,1,1,1,1\n2023-02-29T00:00:00Z,1,1,1,1,1\n", KL_E_TIME, 3, 1),
    B("hour 24", HEAD "2023-02-28T00:00:00Z,1,1,1,1,1\n2023-02-28T24:00:00Z,1,1,1,1,1\n", KL_E_TIME, 3, 1),
    B("ISO in 1999", HEAD "1999-12-31T23:59:59Z,1,1,1,1,1\n2023-02-28T00:00:00Z,1,1,1,1,1\n", KL_E_TIME, 2, 1),
    B("close time 0", GOOD T ",1,1,1,1,1,0,1,1,1,1,0\n" NEXT, KL_E_TIME, 2, 7),
    B("close time in words", GOOD T ",1,1,1,1,1,late,1,1,1,1,0\n" NEXT, KL_E_TIME, 2, 7),
    B("count in words", GOOD T ",1,1,1,1,1,1672534799999,1,many,1,1,0\n" NEXT, KL_E_NUMBER, 2, 9),
    B("half a trade", GOOD T ",1,1,1,1,1,1672534799999,1,1.5,1,1,0\n" NEXT, KL_E_NUMBER, 2, 9),
    B("count beyond int64", GOOD T ",1,1,1,1,1,1672534799999,1,9223372036854775808,1,1,0\n" NEXT, KL_E_OVERFLOW, 2, 9),
    B("19 decimals", GOOD T ",0.1234567890123456789,1,1,1,1" TAIL "\n" NEXT, KL_E_SCALE, 2, 2),
    B("price beyond int64", GOOD T ",1,99999999999999999999,1,1,1" TAIL "\n" NEXT, KL_E_OVERFLOW, 2, 3),
    B("price beyond int64 at the scale", GOOD T ",1,1,0.000000000000000001,100,1" TAIL "\n" NEXT, KL_E_OVERFLOW, 2, 5),
    B("volume beyond 128 bits", GOOD T ",1,1,1,1,1e50" TAIL "\n" NEXT, KL_E_OVERFLOW, 2, 6),
    B("NUL in a number", GOOD T ",1,1\0,1,1,1" TAIL "\n" NEXT, KL_E_TEXT, 2, 3),
    B("NUL in the ignored column", GOOD T ",1,1,1,1,1,1672534799999,1,1,1,1,\0\n" NEXT, KL_E_TEXT, 2, 12),
    B("quote not closed", GOOD T ",\"1,1,1,1,1" TAIL "\n" NEXT, KL_E_TEXT, 2, 0),
    B("torn last line", GOOD NEXT "1672538400000,1,1,1", KL_E_TRUNCATED, 3, 4),
    B("torn in the first column", GOOD NEXT "16725384", KL_E_TRUNCATED, 3, 1),
    B("first row bad, then one more", T ",x,1,1,1,1" TAIL "\n" NEXT, KL_E_NUMBER, 1, 2),
    B("flags unknown", "time,open,high,low,close,flags\n" T ",1,1,1,1,closed|shut\n", KL_E_NUMBER, 2, 6),
    B("another symbol", "symbol,time,open,high,low,close\nBTCUSDT," T ",1,1,1,1\nETHUSDT," T ",1,1,1,1\n", KL_E_SYMBOL, 3, 1),
    B("another interval", "interval,time,open,high,low,close\n1m," T ",1,1,1,1\n1h," T ",1,1,1,1\n", KL_E_INTERVAL, 3, 1),
    B("no interval", "interval,time,open,high,low,close\n1m," T ",1,1,1,1\nsoon," T ",1,1,1,1\n", KL_E_INTERVAL, 3, 1),
    B("header, short row", HEAD T ",1,1,1,1,1\n" T ",1,1,1\n", KL_E_COLUMNS, 3, 4),
    B("header, empty close", HEAD T ",1,1,1,1,1\n" T ",1,1,1,,1\n", KL_E_NUMBER, 3, 5),
    B("trade with price 0", TRADE "8,0,2,201,1672531200000,True,True\n", KL_E_PRICE, 2, 2),
    B("trade with negative quantity", TRADE "8,1,-2,201,1672531200000,True,True\n", KL_E_VOLUME, 2, 3),
    B("trade with negative price", TRADE "8,-1,2,201,1672531200000,True,True\n", KL_E_PRICE, 2, 2),
    B("maker in other words", TRADE "8,1,2,201,1672531200000,maybe,True\n", KL_E_NUMBER, 2, 6),
    B("trade id in words", TRADE "x8,1,2,201,1672531200000,True,True\n", KL_E_NUMBER, 2, 1),
    STOPS("UTF-16 little-endian", "\xff\xfe" "1\0,\0", KL_E_FORMAT, 1, 0),
    STOPS("UTF-16 big-endian", "\xfe\xff\0" "1\0,", KL_E_FORMAT, 1, 0),
    STOPS("half a byte-order mark", "\xef\xbb" "1,2,3\n", KL_E_FORMAT, 1, 0),
    STOPS("header of something else", "name,age,city\nBob,3,Rome\n", KL_E_FORMAT, 1, 0),
    STOPS("header without close", "time,open,high,low,volume\n" T ",1,1,1,1\n", KL_E_FORMAT, 1, 0),
    STOPS("header without time", "open,high,low,close,volume\n1,1,1,1,1\n", KL_E_FORMAT, 1, 0),
    STOPS("5 columns", T ",1,1,1,1\n", KL_E_FORMAT, 1, 0),
    STOPS("13 columns throughout", "1,2,3,4,5,6,7,8,9,10,11,12,13\n", KL_E_FORMAT, 1, 0),
    STOPS("semicolons", T ";1;1;1;1;1\n", KL_E_FORMAT, 1, 0),
    STOPS("prose", "It was a dark and stormy night\n", KL_E_FORMAT, 1, 0),
    STOPS("empty", "", KL_E_EMPTY, 0, 0),
    STOPS("blank lines", "\n\r\n  \n", KL_E_EMPTY, 0, 0),
    STOPS("byte-order mark alone", "\xef\xbb\xbf", KL_E_EMPTY, 0, 0),
    STOPS("header alone", HEAD, KL_E_EMPTY, 0, 0),
    STOPS("empty array", " [ ]\n", KL_E_EMPTY, 0, 0),
    STOPS("stream of other events", "{\"e\":\"depthUpdate\"}\n1672531200.5: {\"result\":null,\"id\":1}\n", KL_E_EMPTY, 0, 0),
    B("JSON cut in a number", "[" JROW ",[16725312", KL_E_TRUNCATED, 2, 0),
    B("JSON cut in a string", "[" JROW ",[1672531200000,\"1.", KL_E_TRUNCATED, 2, 0),
    B("JSON cut after a comma", "[" JROW ",", KL_E_TRUNCATED, 2, 0),
    B("JSON cut after an element", "[" JROW, KL_E_TRUNCATED, 1, 0),
    B("JSON row too short", "[" JROW ",[1672531200000,\"1\",\"1\",\"1\",\"1\"]]", KL_E_COLUMNS, 2, 5),
    B("JSON row too long", "[" JROW ",[1672531200000,\"1\",\"1\",\"1\",\"1\",\"1\",\"1\"]]", KL_E_COLUMNS, 2, 7),
    B("JSON null price", "[" JROW ",[1672531200000,null,\"1\",\"1\",\"1\",\"1\"]]", KL_E_NOT_FINITE, 2, 2),
    B("JSON NaN price", "[" JROW ",[1672531200000,\"1\",NaN,\"1\",\"1\",\"1\"]]", KL_E_NOT_FINITE, 2, 3),
    B("JSON text price", "[" JROW ",[1672531200000,\"1\",\"1\",\"abc\",\"1\",\"1\"]]", KL_E_NUMBER, 2, 4),
    B("JSON array as price", "[" JROW ",[1672531200000,\"1\",\"1\",[1],\"1\",\"1\"]]", KL_E_NUMBER, 2, 4),
    B("JSON empty row", "[" JROW ",[]," JROW "]", KL_E_COLUMNS, 2, 0),
    B("JSON leading zero", "[" JROW ",[1672531200000,01,1,1,1,\"abc\"]]", KL_E_JSON, 2, 0),
    B("JSON brackets crossed", "[" JROW ",[1672531200000,1,1,1,1,1}]", KL_E_JSON, 2, 0),
    B("JSON comma missing inside", "[" JROW ",[1672531200000 1,1,1,1,1]]", KL_E_JSON, 2, 0),
    B("JSON trailing comma inside", "[" JROW ",[1672531200000,1,1,1,1,1,]]", KL_E_JSON, 2, 0),
    B("JSON bad escape", "[" JROW ",[1672531200000,\"\\x\",1,1,1,1]]", KL_E_JSON, 2, 0),
    B("JSON object among arrays", "[" JROW "," JOBJ "]", KL_E_COLUMNS, 2, 0),
    B("JSON array among objects", "[" JOBJ "," JROW "]", KL_E_COLUMNS, 2, 0),
    B("JSON NUL inside", "[" JROW ",[1672531200000,\"\0\",1,1,1,1]]", KL_E_TEXT, 2, 0),
    B("JSON member missing", "[" JOBJ ",{\"time\":1672531200000,\"open\":1,\"high\":2,\"low\":0.5,\"volume\":10}]", KL_E_COLUMNS, 2, 0),
    B("JSON member of another kind", "[" JOBJ ",{\"time\":1672531200000,\"open\":1,\"high\":\"up\",\"low\":0.5,\"close\":1}]", KL_E_NUMBER, 2, 3),
    STOPS("JSON comma missing between", "[" JROW JROW "]", KL_E_JSON, 1, 0),
    STOPS("JSON comma before the end", "[" JROW ",]", KL_E_JSON, 2, 0),
    STOPS("JSON two commas", "[" JROW ",," JROW "]", KL_E_JSON, 2, 0),
    STOPS("JSON text behind the end", "[" JROW "] tail", KL_E_JSON, 1, 0),
    STOPS("JSON NUL between", "[" JROW "\0]", KL_E_TEXT, 1, 0),
    STOPS("JSON array of numbers", "[1,2,3]", KL_E_JSON, 1, 0),
    STOPS("JSON rows of 5", "[[1672531200000,1,1,1,1]]", KL_E_FORMAT, 1, 0),
    STOPS("JSON rows of 9", "[[1672531200000,1,1,1,1,1,1,1,1]]", KL_E_FORMAT, 1, 7),
    STOPS("JSON objects of something else", "[{\"name\":\"Bob\"}]", KL_E_FORMAT, 1, 0),
    B("event malformed", KLINE("1m", T) "{\"e\":\"kline\",\"E\":}\n" KLINE("1m", T), KL_E_JSON, 2, 0),
    B("event without k", KLINE("1m", T) "{\"e\":\"kline\",\"E\":1672531260000,\"s\":\"BTCUSDT\"}\n", KL_E_COLUMNS, 2, 0),
    B("event without a field", KLINE("1m", T) "{\"e\":\"kline\",\"k\":{\"t\":" T ",\"i\":\"1m\",\"o\":\"1\",\"h\":\"1\",\"l\":\"1\"}}\n", KL_E_COLUMNS, 2, 0),
    B("event time bad", KLINE("1m", "5"), KL_E_TIME, 1, 1),
    B("events of two intervals", KLINE("1m", T) KLINE("1h", T), KL_E_INTERVAL, 2, 0),
    B("event torn", KLINE("1m", T) "{\"e\":\"kline\",\"E\":16725", KL_E_TRUNCATED, 2, 0),
    B("event with NUL", KLINE("1m", T) "{\"e\":\"kline\",\"E\":\0}\n", KL_E_TEXT, 2, 2),
    AS(KL_FORMAT_KLINE_CSV, "3 columns as candles", T ",1,1\n", KL_E_COLUMNS, 1, 0),
    AS(KL_FORMAT_TRADE_CSV, "5 columns as trades", T ",1,1,1,1\n", KL_E_COLUMNS, 1, 0),
    AS(KL_FORMAT_AGG_TRADE_CSV, "6 columns as aggregates", T ",1,1,1,1,1\n", KL_E_COLUMNS, 1, 0),
    AS(KL_FORMAT_ROW_JSON, "CSV as JSON", GOOD, KL_E_FORMAT, 1, 0),
    AS(KL_FORMAT_HEADER_CSV, "rows as header", GOOD, KL_E_FORMAT, 1, 0),
};

static void check_case(const bad_case *c, size_t chunk) {
    kl_parse_options options;
    parse_run run;
    kl_parse_options_init(&options);
    options.format = c->format;
    parse_run_text(&run, &options, c->text, c->n, chunk, 0);
    if (run.status != c->status || run.error.row != c->row || run.error.column != c->column || run.error.code != c->status)
        REPORT("%s, chunk %zu: %s row %d column %d, not %s row %d column %d: %s", c->name, chunk, kl_status_name(run.status),
                 (int)run.error.row, (int)run.error.column, kl_status_name(c->status), c->row, c->column, run.error.message);
    if (!run.error.message[0]) REPORT("%s: no sentence", c->name);
    for (size_t i = 0; i < run.n; i++)
        if (run.sources[i] >= c->row && c->row > 0 && c->status != KL_E_TRUNCATED && c->status != KL_E_JSON && c->status != KL_E_TEXT)
            REPORT("%s: a row behind the error came through", c->name);
    size_t before = run.n;
    parse_run_free(&run);
    parse_run_text(&run, &options, c->text, c->n, chunk, 1);
    if (c->stops) {
        if (run.status != c->status) REPORT("%s, skipping: %s", c->name, kl_status_name(run.status));
    } else {
        if (run.status != KL_OK && !(run.status == KL_E_EMPTY && run.n == 0)) REPORT("%s, skipping: %s: %s", c->name, kl_status_name(run.status), run.error.message);
        if (run.bad_n != 1 || run.counts.bad_rows != 1 || run.bad[0].code != c->status || run.bad[0].row != c->row)
            REPORT("%s, skipping: %zu bad rows", c->name, run.bad_n);
        if (run.n < before) REPORT("%s, skipping: rows lost", c->name);
        for (size_t i = 0; i < run.n; i++)
            if (run.sources[i] == c->row && c->status != KL_E_TRUNCATED) REPORT("%s: the bad row came through", c->name);
    }
    parse_run_free(&run);
}

static void test_cases(void **state) {
    (void)state;
    size_t n = sizeof cases / sizeof cases[0];
    for (size_t i = 0; i < n; i++) {
        check_case(&cases[i], cases[i].n + 1);
        check_case(&cases[i], 1);
        check_case(&cases[i], 13);
    }
    assert_int_equal(failures, 0);
    print_message("%zu malformed texts\n", n);
}

/* A line of 10 MB, whole and in pieces, ended and not; the line behind it is read. */
static void test_long_line(void **state) {
    (void)state;
    size_t n = 10000000, used = 0;
    const char *good = GOOD, *next = NEXT;
    char *text = malloc(n + 1000);
    memcpy(text, good, strlen(good)), used = strlen(good);
    memset(text + used, '7', n), used += n;
    text[used++] = '\n';
    memcpy(text + used, next, strlen(next)), used += strlen(next);
    const size_t chunks[] = {used, 65536, 4099, 1 << 20, (1 << 20) + 1};
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        kl_parse_options options;
        parse_run run;
        kl_parse_options_init(&options);
        parse_run_text(&run, &options, text, used, chunks[i], 0);
        assert_int_equal(run.status, KL_E_LINE);
        assert_int_equal(run.error.row, 2);
        assert_int_equal(run.n, 1);
        parse_run_free(&run);
        parse_run_text(&run, &options, text, used, chunks[i], 1);
        assert_int_equal(run.status, KL_OK);
        assert_int_equal(run.n, 2);
        assert_int_equal(run.bad_n, 1);
        assert_int_equal(run.sources[1], 3);
        assert_int_equal(run.counts.lines, 3);
        parse_run_free(&run);
    }
    free(text);
}

/* Lengths at the limit, by the byte, for lines and elements. */
static void test_line_limit(void **state) {
    (void)state;
    const char *rows[2] = {GOOD, "[" JROW ", " JROW "]"};
    const size_t length[2] = {sizeof(GOOD) - 2, sizeof(JROW) - 1};
    for (int kind = 0; kind < 2; kind++)
        for (int less = 0; less < 2; less++)
            for (size_t chunk = 1; chunk < 300; chunk += 7) {
                kl_parse_options options;
                parse_run run;
                kl_parse_options_init(&options);
                options.line_max = length[kind] - (size_t)less;
                parse_run_text(&run, &options, rows[kind], strlen(rows[kind]), chunk, 0);
                assert_int_equal(run.status, less ? KL_E_LINE : KL_OK);
                assert_int_equal(run.n, less ? 0 : kind + 1);
                parse_run_free(&run);
            }
}

static void test_arguments(void **state) {
    (void)state;
    kl_parse_options options;
    kl_parser *parser = NULL;
    kl_error error;
    kl_parse_options_init(NULL);
    kl_parse_options_init(&options);
    size_t bytes = kl_parser_size(&options);
    void *memory = malloc(bytes);
    assert_true(bytes > options.line_max && bytes < options.line_max + 100000);
    assert_int_equal(kl_parser_init(NULL, bytes, &options, &parser), KL_E_ARG);
    assert_int_equal(kl_parser_init(memory, bytes - 1, &options, &parser), KL_E_SIZE);
    assert_int_equal(kl_parser_init(memory, bytes, NULL, &parser), KL_E_ARG);
    assert_int_equal(kl_parser_init(memory, bytes, &options, NULL), KL_E_ARG);
    options.struct_size = 0;
    assert_int_equal(kl_parser_size(&options), 0);
    kl_parse_options_init(&options);
    options.line_max = 0;
    assert_int_equal(kl_parser_size(&options), 0);
    kl_parse_options_init(&options);
    options.format = 8;
    assert_int_equal(kl_parser_init(memory, bytes, &options, &parser), KL_E_ARG);
    kl_parse_options_init(&options);
    assert_int_equal(kl_parser_init(memory, bytes, &options, &parser), KL_OK);
    assert_int_equal(kl_parser_push(NULL, "", 0, &error), KL_E_ARG);
    assert_int_equal(kl_parser_push(parser, NULL, 1, &error), KL_E_ARG);
    assert_int_equal(kl_parser_push(parser, NULL, 0, &error), KL_OK);
    assert_int_equal(kl_parser_push(parser, "x,y\n", 4, &error), KL_E_FORMAT);
    assert_int_equal(kl_parser_push(parser, "x,y\n", 4, &error), KL_E_STATE);
    assert_int_equal(kl_parser_finish(parser, &error), KL_E_FORMAT);
    assert_int_equal(kl_parser_finish(parser, &error), KL_E_STATE);
    kl_parser_counts(parser, NULL);
    free(memory);
}

/* A receiver that refuses stops everything at once with its own status. */
static void test_receiver_stops(void **state) {
    (void)state;
    char text[1000 * 60];
    size_t n = 0;
    for (int i = 0; i < 1000; i++) n += (size_t)sprintf(text + n, "%d,1,1,1,1,1\n", 1672531200 + 60 * i);
    kl_parse_options options;
    kl_parse_options_init(&options);
    options.symbol = "BTCUSDT";
    for (size_t chunk = 100; chunk < n + 200; chunk += n) {
        parse_run run;
        kl_parser *parser = NULL;
        kl_parse_options with = options;
        parse_run_init(&run, &with, 1);
        run.stop_after = 2;
        void *memory = malloc(kl_parser_size(&with));
        assert_int_equal(kl_parser_init(memory, kl_parser_size(&with), &with, &parser), KL_OK);
        kl_status status = KL_OK;
        for (size_t at = 0; status == KL_OK && at < n; at += chunk)
            status = kl_parser_push(parser, text + at, n - at < chunk ? n - at : chunk, &run.error);
        assert_int_equal(status, KL_E_CANCEL);
        assert_int_equal(run.error.code, KL_E_CANCEL);
        size_t rows = run.n;
        assert_int_equal(kl_parser_finish(parser, NULL), KL_E_CANCEL);
        assert_int_equal(run.n, rows);
        assert_int_equal(run.bad_n, 0);
        free(memory);
        parse_run_free(&run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_long_line),
                                       cmocka_unit_test(test_line_limit), cmocka_unit_test(test_arguments),
                                       cmocka_unit_test(test_receiver_stops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
