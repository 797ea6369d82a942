/* Tables: columns, cells, CSV and JSON text, failing memory. */
#include "base/fp.h"
#include "kline/data.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

typedef struct {
    char *bytes;
    size_t n, capacity, calls, fail_at;
} sink;

static kl_status sink_write(void *ctx, const void *bytes, size_t n) {
    sink *s = (sink *)ctx;
    if (++s->calls == s->fail_at) return KL_E_IO;
    if (s->n + n + 1 > s->capacity) {
        s->capacity = 2 * (s->n + n + 1);
        s->bytes = (char *)realloc(s->bytes, s->capacity);
    }
    memcpy(s->bytes + s->n, bytes, n);
    s->n += n;
    s->bytes[s->n] = '\0';
    return KL_OK;
}

static void expect(const kl_table *table, int json, uint32_t flags, const char *want) {
    sink s = {0};
    kl_writer writer = {&s, sink_write};
    assert_int_equal(json ? kl_table_write_json(table, flags, &writer) : kl_table_write_csv(table, flags, &writer), KL_OK);
    assert_string_equal(s.bytes ? s.bytes : "", want);
    free(s.bytes);
}

static kl_i128 wide(int64_t hi, uint64_t lo) {
    kl_i128 value = {lo, hi};
    return value;
}

static kl_table *sample(const kl_alloc *alloc) {
    kl_table *table;
    kl_i128 price = wide(0, 123450);
    size_t first;
    if (kl_table_new(alloc, &table) < 0) return NULL;
    static const char *const names[] = {"t", "x", "n", "p", "s", "f"};
    static const int32_t kinds[] = {KL_COLUMN_TIME, KL_COLUMN_F64, KL_COLUMN_I64, KL_COLUMN_DECIMAL, KL_COLUMN_TEXT, KL_COLUMN_FLAGS};
    kl_status status = KL_OK;
    for (size_t i = 0; i < 6 && status == KL_OK; i++) status = kl_table_add_column(table, names[i], kinds[i], 3, NULL);
    if (status == KL_OK) status = kl_table_set_meta(table, "symbol", "X");
    if (status == KL_OK) status = kl_table_set_meta(table, "symbol", "BTCUSDT");
    if (status == KL_OK) status = kl_table_add_rows(table, 2, &first);
    if (status == KL_OK) status = kl_table_set_i64(table, 0, 0, INT64_C(1700000000123000));
    if (status == KL_OK) status = kl_table_set_f64(table, 1, 0, 0.1);
    if (status == KL_OK) status = kl_table_set_i64(table, 2, 0, INT64_MIN);
    if (status == KL_OK) status = kl_table_set_decimal(table, 3, 0, &price);
    if (status == KL_OK) status = kl_table_set_text(table, 4, 0, "a,\"b\"\n\x01\\", 8);
    if (status == KL_OK) status = kl_table_set_flags(table, 5, 0, KL_CLOSED | KL_FILLER);
    if (status < 0) {
        assert_int_equal(status, KL_E_MEMORY);
        kl_table_free(table);
        return NULL;
    }
    return table;
}

static void texts(void **state) {
    (void)state;
    kl_table *table = sample(NULL);
    expect(table, 0, KL_WRITE_HEADER,
           "t,x,n,p,s,f\n2023-11-14T22:13:20.123Z,0.1,-9223372036854775808,123.450,\"a,\"\"b\"\"\n\x01\\\",closed|filler\n,,,,,\n");
    expect(table, 0, KL_WRITE_EPOCH_US, "1700000000123000,0.1,-9223372036854775808,123.450,\"a,\"\"b\"\"\n\x01\\\",closed|filler\n,,,,,\n");
    expect(table, 1, KL_WRITE_EPOCH_S,
           "{\"t\":1700000000,\"x\":0.1,\"n\":-9223372036854775808,\"p\":123.450,\"s\":\"a,\\\"b\\\"\\n\\u0001\\\\\",\"f\":\"closed|filler\"}\n"
           "{\"t\":null,\"x\":null,\"n\":null,\"p\":null,\"s\":null,\"f\":null}\n");
    assert_int_equal(kl_table_clear_rows(table), KL_OK);
    assert_int_equal(kl_table_rows(table), 0);
    expect(table, 0, 0, "");
    assert_int_equal(kl_table_add_rows(table, 1, NULL), KL_OK);
    assert_int_equal(kl_table_set_i64(table, 0, 0, -1), KL_OK);
    assert_int_equal(kl_table_set_f64(table, 1, 0, -(double)INFINITY), KL_OK);
    assert_int_equal(kl_table_set_text(table, 4, 0, "", 0), KL_OK);
    assert_int_equal(kl_table_set_flags(table, 5, 0, 0), KL_OK);
    expect(table, 0, KL_WRITE_EPOCH_MS, "-1,-inf,,,\"\",\n");
    expect(table, 1, 0, "{\"t\":\"1969-12-31T23:59:59.999999Z\",\"x\":\"-inf\",\"n\":null,\"p\":null,\"s\":\"\",\"f\":\"\"}\n");
    const char *name, *text;
    assert_int_equal(kl_table_meta(table, 0, &name, &text), KL_OK);
    assert_string_equal(name, "symbol");
    assert_string_equal(text, "BTCUSDT");
    assert_int_equal(kl_table_meta(table, 1, &name, &text), KL_END);
    kl_table_free(table);
    /* a single column: an unknown value is still a row */
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    expect(table, 1, 0, "");
    assert_int_equal(kl_table_add_column(table, "a \"b\"", KL_COLUMN_F64, 0, NULL), KL_OK);
    assert_int_equal(kl_table_add_rows(table, 1, NULL), KL_OK);
    expect(table, 0, KL_WRITE_HEADER, "\"a \"\"b\"\"\"\n\"\"\n");
    kl_table_free(table);
}

static void refusals(void **state) {
    (void)state;
    kl_table *table = sample(NULL);
    kl_i128 price = wide(0, 1);
    sink s = {0};
    kl_writer writer = {&s, sink_write}, none = {NULL, NULL};
    int64_t i64;
    double f64;
    const char *text;
    size_t length, index;
    assert_int_equal(kl_table_add_column(table, "late", KL_COLUMN_F64, 0, NULL), KL_E_STATE);
    assert_int_equal(kl_table_set_f64(table, 0, 0, 1.0), KL_E_ARG);
    assert_int_equal(kl_table_set_f64(table, 1, 2, 1.0), KL_E_ARG);
    assert_int_equal(kl_table_set_f64(table, 6, 0, 1.0), KL_E_ARG);
    assert_int_equal(kl_table_set_i64(table, 1, 0, 1), KL_E_ARG);
    assert_int_equal(kl_table_set_decimal(table, 1, 0, &price), KL_E_ARG);
    assert_int_equal(kl_table_set_decimal(table, 3, 0, NULL), KL_E_ARG);
    assert_int_equal(kl_table_set_text(table, 5, 0, "x", 1), KL_E_ARG);
    assert_int_equal(kl_table_set_flags(table, 4, 0, 1), KL_E_ARG);
    assert_int_equal(kl_table_get_i64(table, 5, 0, &i64), KL_E_ARG);
    assert_int_equal(kl_table_write_csv(table, 1u << 9, &writer), KL_E_ARG);
    assert_int_equal(kl_table_write_csv(table, KL_WRITE_EPOCH_MS | KL_WRITE_EPOCH_S, &writer), KL_E_ARG);
    assert_int_equal(kl_table_write_json(table, 0, &none), KL_E_ARG);
    s.fail_at = 1;
    assert_int_equal(kl_table_write_json(table, 0, &writer), KL_E_IO);
    assert_int_equal(kl_table_get_i64(table, 2, 0, &i64), KL_OK);
    assert_true(i64 == INT64_MIN);
    assert_int_equal(kl_table_get_f64(table, 1, 1, &f64), KL_OK);
    assert_true(f64 != f64);
    assert_int_equal(kl_table_get_text(table, 4, 0, &text, &length), KL_OK);
    assert_true(length == 8 && memcmp(text, "a,\"b\"\n\x01\\", 9) == 0);
    assert_int_equal(kl_table_find_column(table, "p", &index), KL_OK);
    assert_int_equal(index, 3);
    assert_int_equal(kl_table_find_column(table, "q", &index), KL_E_NOT_FOUND);
    for (size_t k = 0; k < 6; k++) assert_true(kl_table_is_known(table, k, 0) && !kl_table_is_known(table, k, 1));
    assert_false(kl_table_is_known(table, 6, 0));
    kl_table_free(table);
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_table_add_column(table, "x", 7, 0, NULL), KL_E_ARG);
    assert_int_equal(kl_table_add_column(table, "x", KL_COLUMN_DECIMAL, 19, NULL), KL_E_ARG);
    assert_int_equal(kl_table_add_column(table, "x", KL_COLUMN_F64, 0, NULL), KL_OK);
    assert_int_equal(kl_table_add_column(table, "x", KL_COLUMN_F64, 0, NULL), KL_E_EXISTS);
    assert_int_equal(kl_table_add_klines(table, NULL, 0), KL_E_STATE);
    assert_int_equal(kl_table_add_rows(table, SIZE_MAX, NULL), KL_E_MEMORY);
    kl_table_free(table);
}

static void memory_failures(void **state) {
    (void)state;
    int made = 0;
    for (uint64_t at = 1; !made; at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        counter.fail_at = at;
        kl_table *table = sample(&alloc);
        if (table) {
            made = counter.requests < at;
            kl_table_free(table);
        }
        assert_int_equal(counter.live_blocks, 0);
        assert_int_equal(counter.live_bytes, 0);
        assert_true(at < 100);
    }
    kl_scale scale = {2, 3, 4, 0};
    for (uint64_t at = 2; at < 80; at++) { /* a failed call changes nothing and can be repeated */
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_table *table;
        kl_alloc_counter_init(&counter, NULL, &alloc);
        counter.fail_at = at;
        assert_int_equal(kl_table_new(&alloc, &table), KL_OK);
        if (kl_table_add_kline_columns(table, &scale) == KL_E_MEMORY) {
            assert_int_equal(kl_table_columns(table), 0);
            assert_int_equal(kl_table_add_kline_columns(table, &scale), KL_OK);
        }
        kl_kline rows[3];
        memset(rows, 0, sizeof rows);
        size_t want = 0;
        for (int i = 0; i < 20; i++) {
            kl_status status = kl_table_add_klines(table, rows, 3);
            assert_true(status == KL_OK || status == KL_E_MEMORY);
            if (status == KL_OK) want += 3;
            assert_int_equal(kl_table_rows(table), want);
        }
        kl_table_free(table);
        assert_int_equal(counter.live_blocks, 0);
    }
}

static void candles(void **state) {
    (void)state;
    kl_table *table;
    kl_scale scale = {2, 3, 4, 0};
    kl_kline rows[2];
    memset(rows, 0, sizeof rows);
    rows[0].open_time_us = INT64_C(1700000000000000);
    rows[0].close_time_us = INT64_C(1700000059999999);
    rows[0].open = 100, rows[0].high = 250, rows[0].low = -5, rows[0].close = 0;
    rows[0].volume = wide(0, 1500), rows[0].quote_volume = wide(1, 0), rows[0].trade_count = 7;
    rows[0].taker_buy_base = wide(-1, (uint64_t)-1), rows[0].taker_buy_quote = wide(0, 12);
    rows[0].known = KL_HAS_ALL;
    rows[0].flags = KL_CLOSED;
    rows[1].open_time_us = rows[0].open_time_us + 60000000;
    rows[1].known = KL_HAS_CLOSE;
    rows[1].close = 105;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_table_add_kline_columns(table, &scale), KL_OK);
    assert_int_equal(kl_table_add_kline_columns(table, &scale), KL_E_EXISTS);
    assert_int_equal(kl_table_add_klines(table, rows, 2), KL_OK);
    expect(table, 0, KL_WRITE_HEADER,
           "open_time,open,high,low,close,volume,close_time,quote_volume,trade_count,taker_buy_base,taker_buy_quote,flags\n"
           "2023-11-14T22:13:20Z,1.00,2.50,-0.05,0.00,1.500,2023-11-14T22:14:19.999999Z,1844674407370955.1616,7,-0.001,0.0012,closed\n"
           "2023-11-14T22:14:20Z,,,,1.05,,,,,,,\n");
    expect(table, 0, KL_WRITE_EPOCH_MS, "1700000000000,1.00,2.50,-0.05,0.00,1.500,1700000059999,1844674407370955.1616,7,-0.001,0.0012,closed\n"
                                        "1700000060000,,,,1.05,,,,,,,\n");
    kl_table_free(table);
}

/* Names that need escapes, many of them and long ones: with and without the names being kept aside. */
static void json_names(void **state) {
    (void)state;
    static const size_t counts[] = {1, 3, 60, 128, 129, 300};
    for (size_t c = 0; c < 6; c++) {
        for (size_t length = 1; length < 5000; length = length * 7 + 1) {
            kl_table *table;
            char *name = (char *)malloc(length + 16), *want = (char *)malloc(counts[c] * (2 * length + 40) + 8), *to = want;
            assert_int_equal(kl_table_new(NULL, &table), KL_OK);
            for (size_t k = 0; k < counts[c]; k++) {
                name[0] = (char)('a' + k % 26), name[1] = (char)('a' + k / 26), name[2] = '\t';
                memset(name + 3, '"', length);
                name[length + 3] = '\0';
                assert_int_equal(kl_table_add_column(table, name, KL_COLUMN_I64, 0, NULL), KL_OK);
                *to++ = k == 0 ? '{' : ',';
                *to++ = '"', *to++ = name[0], *to++ = name[1], *to++ = '\\', *to++ = 't';
                for (size_t i = 0; i < length; i++) *to++ = '\\', *to++ = '"';
                memcpy(to, "\":null", 6);
                to += 6;
            }
            memcpy(to, "}\n", 3);
            assert_int_equal(kl_table_add_rows(table, 1, NULL), KL_OK);
            expect(table, 1, 0, want);
            kl_table_free(table);
            free(name);
            free(want);
        }
    }
}

/* Each character that needs quotes, alone; and times of changing days, before 1970 too. */
static void quotes_and_days(void **state) {
    (void)state;
    static const char *const texts[][2] = {{"a", "a"},        {" a ", " a "},     {"a\nb", "\"a\nb\""}, {"a\rb", "\"a\rb\""},
                                           {"a,b", "\"a,b\""}, {"\"", "\"\"\"\""}, {"a;b|c", "a;b|c"}};
    uint64_t seed = 141;
    kl_table *table;
    char want[8192], *to = want;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    kl_table_add_column(table, "s", KL_COLUMN_TEXT, 0, NULL);
    kl_table_add_column(table, "t", KL_COLUMN_TIME, 0, NULL);
    kl_table_add_rows(table, 70, NULL);
    for (size_t i = 0; i < 70; i++) {
        kl_time time = (int64_t)random_below(&seed, 4 * UINT64_C(86400000000)) - 2 * INT64_C(86400000000);
        if (i % 10 == 9) time = (int64_t)random_u64(&seed);
        assert_int_equal(kl_table_set_text(table, 0, i, texts[i % 7][0], strlen(texts[i % 7][0])), KL_OK);
        assert_int_equal(kl_table_set_i64(table, 1, i, time), KL_OK);
        memcpy(to, texts[i % 7][1], strlen(texts[i % 7][1]));
        to += strlen(texts[i % 7][1]);
        *to++ = ',';
        to += kl_time_print(time, to);
        *to++ = '\n';
    }
    *to = '\0';
    expect(table, 0, 0, want);
    kl_table_free(table);
}

/* Numbers of every length and scale print as kl_decimal_print has them. */
static void decimals_as_base_prints_them(void **state) {
    (void)state;
    uint64_t seed = 131;
    for (int32_t scale = 0; scale <= KL_SCALE_MAX; scale++) {
        kl_table *table;
        size_t n = 0;
        char *want = (char *)malloc(400 * KL_DECIMAL_TEXT_MAX), *to = want;
        assert_int_equal(kl_table_new(NULL, &table), KL_OK);
        assert_int_equal(kl_table_add_column(table, "p", KL_COLUMN_DECIMAL, scale, NULL), KL_OK);
        assert_int_equal(kl_table_add_rows(table, 300, NULL), KL_OK);
        for (; n < 300; n++) {
            kl_i128 value = wide(0, random_u64(&seed) >> (n % 64));
            uint64_t power = 1;
            for (size_t i = 0; i < n % 20; i++) power *= 10;
            if (n >= 128) value = wide(0, power - n % 2);
            if (n % 3 == 1) value = wide(-1, ~value.lo);
            if (n % 29 == 0) value.hi = (int64_t)random_u64(&seed);
            assert_int_equal(kl_table_set_decimal(table, 0, n, &value), KL_OK);
            to += kl_decimal_print(&value, scale, to);
            *to++ = '\n';
        }
        *to = '\0';
        expect(table, 0, 0, want);
        free(want);
        kl_table_free(table);
    }
}

/* Doubles, integers and texts of any length come back from the CSV with their bits. */
static void csv_reads_back(void **state) {
    (void)state;
    uint64_t seed = 91;
    enum { N = 3000 };
    static double values[N];
    static int64_t integers[N];
    kl_table *table;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    kl_table_add_column(table, "x", KL_COLUMN_F64, 0, NULL);
    kl_table_add_column(table, "i", KL_COLUMN_I64, 0, NULL);
    kl_table_add_column(table, "s", KL_COLUMN_TEXT, 0, NULL);
    kl_table_add_rows(table, N, NULL);
    char *big = (char *)malloc(40000);
    memset(big, '"', 40000);
    for (size_t i = 0; i < N; i++) {
        uint64_t bits = random_u64(&seed);
        memcpy(&values[i], &bits, 8);
        if (!isfinite(values[i]) || i % 3 == 0) values[i] = (double)(int64_t)(bits >> 20) / 1e4;
        integers[i] = (int64_t)random_u64(&seed) >> (i % 64);
        kl_table_set_f64(table, 0, i, values[i]);
        kl_table_set_i64(table, 1, i, integers[i]);
        assert_int_equal(kl_table_set_text(table, 2, i, big, i % 500 == 0 ? 40000 : i % 7), KL_OK);
    }
    sink s = {0};
    kl_writer writer = {&s, sink_write};
    assert_int_equal(kl_table_write_csv(table, 0, &writer), KL_OK);
    const char *p = s.bytes;
    for (size_t i = 0; i < N; i++) {
        double value;
        size_t used;
        assert_int_equal(kl_double_parse(p, 40, &value, &used), KL_OK);
        assert_memory_equal(&value, &values[i], 8);
        p += used + 1;
        char *end;
        assert_true(strtoll(p, &end, 10) == integers[i]);
        size_t quotes = i % 500 == 0 ? 40000 : i % 7;
        assert_true(*end == ',' && end[1] == '"');
        p = end + 2;
        for (size_t k = 0; k < 2 * quotes; k++) assert_true(*p++ == '"');
        assert_true(p[0] == '"' && p[1] == '\n');
        p += 2;
    }
    assert_true(p == s.bytes + s.n);
    free(s.bytes);
    free(big);
    kl_table_free(table);
}

static void flags_text(void **state) {
    (void)state;
    char text[128];
    uint32_t back;
    for (uint32_t flags = 0; flags < 1u << 10; flags++) {
        size_t length = kl_flags_print(flags, text);
        assert_int_equal(strlen(text), length);
        assert_int_equal(kl_flags_parse(text, length, &back), KL_OK);
        assert_int_equal(back, flags);
    }
    assert_true(kl_flags_print(UINT32_MAX, text) < sizeof text);
    assert_int_equal(kl_flags_parse(text, strlen(text), &back), KL_OK);
    assert_int_equal(back, UINT32_MAX);
    assert_int_equal(kl_flags_print(KL_CLOSED | KL_OUTLIER, text), 14);
    assert_string_equal(text, "closed|outlier");
    static const char *const bad[] = {"Closed", "closed|", "|closed", "closed||filler", "closed,filler", "0x", "0xg", "0x123456789", "|"};
    back = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(kl_flags_parse(bad[i], strlen(bad[i]), &back), KL_E_UNKNOWN_NAME);
    assert_int_equal(back, 7);
    assert_int_equal(kl_flags_parse("", 0, &back), KL_OK);
    assert_int_equal(back, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),   cmocka_unit_test(refusals),       cmocka_unit_test(memory_failures),
        cmocka_unit_test(candles), cmocka_unit_test(csv_reads_back), cmocka_unit_test(flags_text),
        cmocka_unit_test(json_names), cmocka_unit_test(quotes_and_days), cmocka_unit_test(decimals_as_base_prints_them),
    };
    return cmocka_run_group_tests_name("data table", tests, NULL, NULL);
}
