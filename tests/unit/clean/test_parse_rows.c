/* What rows become, value by value: every format, every form of time and number, closedness, scale, filters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "parse_support.h"

static size_t put_decimal(char *out, const kl_i128 *m, int scale) {
    out[0] = ' ';
    return 1 + kl_decimal_print(m, scale, out + 1);
}

/* "open_time o h l c v q tb tq n close_time ids known flags" with unknown fields as -. */
static void print_kline(const kl_kline *k, const kl_scale *s, char *out) {
    static const uint32_t bits[] = {KL_HAS_OPEN, KL_HAS_HIGH, KL_HAS_LOW, KL_HAS_CLOSE, KL_HAS_VOLUME, KL_HAS_QUOTE_VOLUME,
                                    KL_HAS_TAKER_BASE, KL_HAS_TAKER_QUOTE};
    const int64_t prices[4] = {k->open, k->high, k->low, k->close};
    kl_i128 values[8] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}, k->volume, k->quote_volume, k->taker_buy_base, k->taker_buy_quote};
    size_t n = kl_time_print(k->open_time_us, out);
    for (int i = 0; i < 8; i++) {
        int scale = i < 4 ? s->price : i == 4 || i == 6 ? s->volume : s->quote;
        if (i < 4) values[i].lo = (uint64_t)prices[i], values[i].hi = prices[i] < 0 ? -1 : 0;
        if (k->known & bits[i]) n += put_decimal(out + n, &values[i], scale);
        else memcpy(out + n, " -", 3), n += 2;
    }
    n += (size_t)(k->known & KL_HAS_TRADE_COUNT ? sprintf(out + n, " %lld", (long long)k->trade_count) : sprintf(out + n, " -"));
    out[n++] = ' ';
    if (k->known & KL_HAS_CLOSE_TIME) n += kl_time_print(k->close_time_us, out + n);
    else out[n++] = '-';
    if (k->known & KL_HAS_TRADE_IDS) n += (size_t)sprintf(out + n, " %lld..%lld", (long long)k->first_trade_id, (long long)k->last_trade_id);
    if (k->as_of_us) out[n++] = ' ', out[n++] = '@', n += kl_time_print(k->as_of_us, out + n);
    sprintf(out + n, "%s%s%s%s", k->flags & KL_CLOSED ? " closed" : "", k->flags & KL_SUSPECT ? " suspect" : "",
            k->flags & KL_FILLER ? " filler" : "", k->flags & KL_SYNTHETIC ? " synthetic" : "");
    if (k->reserved) memcpy(out, "RESERVED", 8);
}

static void print_trade(const kl_trade *t, const kl_scale *s, char *out) {
    kl_i128 price = {(uint64_t)t->price, t->price < 0 ? -1 : 0};
    size_t n = kl_time_print(t->time_us, out);
    n += put_decimal(out + n, &price, s->price);
    n += put_decimal(out + n, &t->quantity, s->volume);
    sprintf(out + n, " %lld %lld..%lld%s%s%s", (long long)t->id, (long long)t->first_id, (long long)t->last_id,
            t->flags & KL_TRADE_MAKER_KNOWN ? t->flags & KL_TRADE_BUYER_MAKER ? " maker" : " taker" : "",
            t->flags & KL_TRADE_AGGREGATE ? " aggregate" : "", t->flags & KL_TRADE_NEUTRALISED ? " neutralised" : "");
}

/* Parses whole and byte by byte, and compares all rows, printed one a line. */
static kl_parse_counts expect(const kl_parse_options *options, const char *text, const char *rows) {
    static char got[4096];
    kl_parse_counts counts;
    parse_run whole, bytes;
    parse_run_text(&whole, options, text, strlen(text), strlen(text) + 1, 0);
    parse_run_text(&bytes, options, text, strlen(text), 1, 0);
    if (!parse_run_same(&whole, &bytes)) fail_msg("chunks differ: %s", text);
    if (whole.status != KL_OK) fail_msg("%s row %d column %d: %s\n%s", kl_status_name(whole.status), (int)whole.error.row, (int)whole.error.column, whole.error.message, text);
    size_t n = 0;
    got[0] = 0;
    for (size_t i = 0; i < whole.n; i++) {
        if (whole.klines[i].open_time_us) print_kline(&whole.klines[i], &whole.scales[i], got + n);
        else print_trade(&whole.trades[i], &whole.scales[i], got + n);
        n += strlen(got + n);
        got[n++] = '\n', got[n] = 0;
    }
    if (strcmp(got, rows) != 0) fail_msg("%s\ngave\n%s\nnot\n%s", text, got, rows);
    counts = whole.counts;
    parse_run_free(&whole), parse_run_free(&bytes);
    return counts;
}

static void test_exchange_rows(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    const char *rows = "2023-01-01T00:00:00Z 16541.77 16545.70 16508.39 16529.67 4364.83570 72146293.5867 2179.94772 36032352.8703 149854 2023-01-01T00:59:59.999Z closed\n"
                       "2023-01-01T01:00:00Z 16529.67 16529.67 16529.67 16529.67 0.00000 0.0000 0.00000 0.0000 0 2023-01-01T01:59:59.999Z suspect filler\n";
    kl_parse_counts c = expect(&o,
           "1672531200000,16541.77,16545.70,16508.39,16529.67,4364.83570,1672534799999,72146293.5867,149854,2179.94772,36032352.8703,0\n"
           "1672534800000,16529.67,16529.67,16529.67,16529.67,0.00000,1672538399999,0.0000,0,0.00000,0.0000,0\n", rows);
    assert_int_equal(c.format, KL_FORMAT_KLINE_CSV);
    assert_int_equal(c.content, KL_CONTENT_KLINES);
    assert_int_equal(c.known_all, KL_HAS_ALL);
    c = expect(&o, /* byte-order mark, CRLF, blank lines, quotes, blanks, no last newline, microseconds, garbage in the ignored column */
           "\xef\xbb\xbf\r\n1672531200000000,16541.77,16545.70,16508.39,16529.67,4364.83570,1672534799999000,72146293.5867,149854,2179.94772,36032352.8703,17928899.62484339\r\n"
           "\r\n \"1672534800000\" , 16529.67 ,16529.67,16529.67,+16529.67,0.00000,1672538399999,0.0000,0,0.00000,0.0000,\"a,b\"", rows);
    assert_int_equal(c.unit_changes, 1);
    assert_int_equal(c.unit_rows[KL_EPOCH_US], 1);
    assert_int_equal(c.unit_rows[KL_EPOCH_MS], 1);
    assert_int_equal(c.passed_over, 2);
    assert_int_equal(c.lines, 4);
    c = expect(&o, "[\n[1672531200000,\"16541.77\",\"16545.70\",\"16508.39\",\"16529.67\",\"4364.83570\",1672534799999,\"72146293.5867\",149854,\"2179.94772\",\"36032352.8703\",\"0\"],\n"
           "[1672534800000,\"16529.67\",\"16529.67\",\"16529.67\",\"16529.67\",\"0.00000\",1672538399999,\"0.0000\",0,\"0.00000\",\"0.0000\",\"0\"]\n]\n", rows);
    assert_int_equal(c.format, KL_FORMAT_ROW_JSON);
    c = expect(&o, "Open Time,OPEN,High,low,Close,Volume,close_time,Quote asset volume,Number of trades,Taker buy base asset volume,taker_buy_quote_volume,ignore,x ray,y\n"
           "1672531200000,16541.77,16545.70,16508.39,16529.67,4364.83570,1672534799999,72146293.5867,149854,2179.94772,36032352.8703,0,1,2\n"
           "1672534800000,16529.67,16529.67,16529.67,16529.67,0.00000,1672538399999,0.0000,0,0.00000,0.0000,0,1,2\n", rows);
    assert_int_equal(c.format, KL_FORMAT_HEADER_CSV);
    assert_string_equal(c.unknown_columns, "x ray,y");
    expect(&o, "volume,close,low,high,open,date\n1,2.5,2,3,2.25,2023-01-01\n",
           "2023-01-01T00:00:00Z 2.25 3.00 2.00 2.50 1 - - - - - suspect\n");
}

static void test_times(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    const char *rows = "2023-01-01T00:00:00Z 1 1 1 1 2 - - - - - closed\n2023-01-01T00:01:00.500Z 1 1 1 1 2 - - - - - suspect\n";
    kl_parse_counts c = expect(&o, "t,o,h,l,c,v\n1672531200,1,1,1,1,2\n1672531260.5,1,1,1,1,2\n", rows);
    assert_int_equal(c.unit_rows[KL_EPOCH_S], 2);
    c = expect(&o, "t,o,h,l,c,v\n1672531200000.0,1,1,1,1,2\n1672531260500000000,1,1,1,1,2\n", rows);
    assert_int_equal(c.unit_rows[KL_EPOCH_NS], 1);
    expect(&o, "t,o,h,l,c,v\n1.6725312e12,1,1,1,1,2\n1672531260500.0001,1,1,1,1,2\n", rows);
    c = expect(&o, "t,o,h,l,c,v\n2023-01-01 00:00:00,1,1,1,1,2\n2023-01-01T00:01:00.500,1,1,1,1,2\n", rows);
    assert_int_equal(c.unit_rows[0], 2);
    expect(&o, "t,o,h,l,c,v\n2022-12-31T20:00:00-04:00,1,1,1,1,2\n2023-01-01 05:31:00.500000+05:30,1,1,1,1,2\n", rows);
    expect(&o, "t,o,h,l,c,v\n2023-01-01T00:00:00Z,1,1,1,1,2\n2023-01-01T00:01:00.5Z,1,1,1,1,2\n", rows);
    o.utc_offset_minutes = 330;
    expect(&o, "t,o,h,l,c,v\n2023-01-01 05:30:00,1,1,1,1,2\n2023-01-01T00:01:00.5Z,1,1,1,1,2\n", rows);
    expect(&o, "2023-01-01 05:30:00,1,1,1,1,2\n2023-01-01 05:31:00.5,1,1,1,1,2\n", rows);
}

static void test_numbers(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    /* the scale grows and never shrinks; rows before keep theirs, but for the one that waits */
    expect(&o, "1672531200,1,1,1,1,2\n1672531260,1.5,1.5,1.5,1.5,2\n1672531320,1,1,1,1,2.000\n1672531380,1e-05,2.5e1,0.0,1,1e3\n",
           "2023-01-01T00:00:00Z 1.0 1.0 1.0 1.0 2 - - - - - closed\n"
           "2023-01-01T00:01:00Z 1.5 1.5 1.5 1.5 2.000 - - - - - closed\n"
           "2023-01-01T00:02:00Z 1.00000 1.00000 1.00000 1.00000 2.000 - - - - - closed\n"
           "2023-01-01T00:03:00Z 0.00001 25.00000 0.00000 1.00000 1000.000 - - - - - suspect\n");
    /* volumes beyond 64 bits */
    expect(&o, "1672531200000,1,1,1,1,12345678901234567890.12345678,1672531259999,170141183460469231731.00000001,1,0,0,0\n",
           "2023-01-01T00:00:00Z 1 1 1 1 12345678901234567890.12345678 170141183460469231731.00000001 0.00000000 0.00000000 1 2023-01-01T00:00:59.999Z suspect\n");
}

static void test_closedness(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    const char *text = "1672531320,1,1,1,1,2\n1672531200,1,1,1,1,2\n1672531380,1,1,1,1,2\n1672531260,1,1,1,1,2\n1672531380,1,1,1,1,2\n";
    expect(&o, text,
           "2023-01-01T00:02:00Z 1 1 1 1 2 - - - - - closed\n2023-01-01T00:00:00Z 1 1 1 1 2 - - - - - closed\n"
           "2023-01-01T00:03:00Z 1 1 1 1 2 - - - - - suspect\n2023-01-01T00:01:00Z 1 1 1 1 2 - - - - - closed\n"
           "2023-01-01T00:03:00Z 1 1 1 1 2 - - - - - suspect\n");
    o.as_of_us = INT64_C(1672531320) * 1000000;
    o.interval.unit = KL_MINUTE, o.interval.n = 1;
    expect(&o, text,
           "2023-01-01T00:02:00Z 1 1 1 1 2 - - - - - @2023-01-01T00:02:00Z\n2023-01-01T00:00:00Z 1 1 1 1 2 - - - - - @2023-01-01T00:02:00Z closed\n"
           "2023-01-01T00:03:00Z 1 1 1 1 2 - - - - - @2023-01-01T00:02:00Z\n2023-01-01T00:01:00Z 1 1 1 1 2 - - - - - @2023-01-01T00:02:00Z closed\n"
           "2023-01-01T00:03:00Z 1 1 1 1 2 - - - - - @2023-01-01T00:02:00Z\n");
    kl_parse_options_init(&o); /* without interval the close time tells */
    o.as_of_us = INT64_C(1672531320) * 1000000;
    expect(&o, "time,open,high,low,close,close_time\n1672531200,1,1,1,2,1672531319.999\n1672531320,1,1,1,2,1672531439.999\n",
           "2023-01-01T00:00:00Z 1 1 1 2 - - - - - 2023-01-01T00:01:59.999Z @2023-01-01T00:02:00Z closed\n"
           "2023-01-01T00:02:00Z 1 1 1 2 - - - - - 2023-01-01T00:03:59.999Z @2023-01-01T00:02:00Z\n");
}

/* More rows behind the highest one than a batch holds: they come first, none is lost, and only the highest is suspect. */
static void test_backwards(void **state) {
    (void)state;
    char text[1000 * 30];
    size_t n = 0;
    for (int i = 0; i < 1000; i++) n += (size_t)sprintf(text + n, "%d,1,1,1,1,2\n", 1672531200 + 60 * (1000 - (i < 600 ? 0 : i)));
    kl_parse_options o;
    kl_parse_options_init(&o);
    const size_t chunks[] = {1, 7, 999, n};
    for (size_t c = 0; c < 4; c++) {
        parse_run run;
        uint8_t seen[1001] = {0};
        size_t suspects = 0;
        parse_run_text(&run, &o, text, n, chunks[c], 0);
        assert_int_equal(run.status, KL_OK);
        assert_int_equal(run.n, 1000);
        for (size_t i = 0; i < run.n; i++) {
            assert_int_equal(seen[run.sources[i]], 0);
            seen[run.sources[i]] = 1;
            assert_int_equal(run.klines[i].open_time_us, (INT64_C(1672531200) + 60 * (1000 - (run.sources[i] <= 600 ? 0 : run.sources[i] - 1))) * 1000000);
            if (run.klines[i].flags & KL_SUSPECT) suspects++, assert_true(run.sources[i] <= 600);
            else assert_true(run.klines[i].flags & KL_CLOSED);
            assert_int_equal(run.klines[i].reserved, 0);
        }
        assert_int_equal(suspects, 600);
        parse_run_free(&run);
    }
}

static void test_own_export(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    expect(&o, "open_time,open,high,low,close,volume,close_time,quote_volume,trade_count,taker_buy_base,taker_buy_quote,flags\n"
           "2023-01-01T00:00:00Z,1.50,2.00,1.00,1.75,3.0,2023-01-01T00:00:59.999999Z,5.25,7,1.0,1.75,closed|filler\n"
           "2023-01-01T00:01:00Z,,,,,,,,,,,synthetic\n"
           "1672531320000000,1.50,2.00,1.00,1.75,3.0,,,,,,\n",
           "2023-01-01T00:00:00Z 1.50 2.00 1.00 1.75 3.0 5.25 1.0 1.75 7 2023-01-01T00:00:59.999999Z closed filler\n"
           "2023-01-01T00:01:00Z - - - - - - - - - - synthetic\n"
           "2023-01-01T00:02:00Z 1.50 2.00 1.00 1.75 3.0 - - - - -\n");
    kl_parse_counts c = expect(&o, "{\"open_time\":\"2023-01-01T00:00:00Z\",\"open\":1.50,\"high\":2.00,\"low\":1.00,\"close\":1.75,\"volume\":null,\"flags\":\"closed\"}\n"
           "{\"open_time\":\"2023-01-01T00:01:00Z\",\"open\":1.50,\"high\":2.00,\"low\":1.00,\"close\":1.75,\"volume\":1e1,\"flags\":\"\"}\n",
           "2023-01-01T00:00:00Z 1.50 2.00 1.00 1.75 - - - - - - closed\n2023-01-01T00:01:00Z 1.50 2.00 1.00 1.75 10 - - - - -\n");
    assert_int_equal(c.format, KL_FORMAT_OBJECT_JSON);
}

static void test_trades(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    kl_parse_counts c = expect(&o, "28457,4.00000100,12.00000000,48.000012,1499865549590,true,True\n28458,4.1,1,4.1,1499865549591000,False,True\n",
           "2017-07-12T13:19:09.590Z 4.00000100 12.00000000 28457 28457..28457 maker\n2017-07-12T13:19:09.591Z 4.10000000 1.00000000 28458 28458..28458 taker\n");
    assert_int_equal(c.format, KL_FORMAT_TRADE_CSV);
    assert_int_equal(c.unit_changes, 1);
    expect(&o, "28457,4.1,12,48.000012,1499865549590,True\n", "2017-07-12T13:19:09.590Z 4.1 12 28457 28457..28457 maker\n");
    c = expect(&o, "13,4.1,12,100,103,1499865549590,False,True\n14,0,0,-1,-1,1499865549590,False,True\n",
               "2017-07-12T13:19:09.590Z 4.1 12 13 100..103 taker aggregate\n2017-07-12T13:19:09.590Z 0.0 0 14 -1..-1 taker aggregate neutralised\n");
    assert_int_equal(c.format, KL_FORMAT_AGG_TRADE_CSV);
    assert_int_equal(c.neutralised, 1);
    expect(&o, "13,4.1,12,100,103,1499865549590,False\n", "2017-07-12T13:19:09.590Z 4.1 12 13 100..103 taker aggregate\n");
    expect(&o, "1672531436.5,90.54,1.1\n1672531436,90.54,1.1\n", "2023-01-01T00:03:56.500Z 90.54 1.1 -1 -1..-1\n2023-01-01T00:03:56Z 90.54 1.1 -1 -1..-1\n");
    expect(&o, ",timestamp,id,type,side,price,amount,cost,date\n0,1675311000092, 1588563957,    ,sell , 23438.0,  0.013, 0, 2023-02-02 04:10:00.092000+00:00\n",
           "2023-02-02T04:10:00.092Z 23438.0 0.013 1588563957 1588563957..1588563957 maker\n");
    expect(&o, "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n1,2.5,3,4,5,1499865549590,false\n",
           "2017-07-12T13:19:09.590Z 2.5 3 1 4..5 taker aggregate\n");
    expect(&o, "[[1570752011620,\"13519807\",null,\"sell\",0.00141342,23.0,0.03250866],[1570752011620,null,\"limit\",\"buy\",0.0015,1.0,null]]",
           "2019-10-11T00:00:11.620Z 0.00141342 23.0 13519807 13519807..13519807 maker\n2019-10-11T00:00:11.620Z 0.00150000 1.0 -1 -1..-1 taker\n");
    c = expect(&o, "[{\"a\":26129,\"p\":\"0.01633102\",\"q\":\"4.7\",\"f\":27781,\"l\":27783,\"T\":1498793709153,\"m\":true,\"M\":false}]",
               "2017-06-30T03:35:09.153Z 0.01633102 4.7 26129 27781..27783 maker aggregate\n");
    assert_int_equal(c.format, KL_FORMAT_OBJECT_JSON);
    expect(&o, "{\n \"id\": 28457,\n \"price\": \"4.10\",\n \"qty\": \"12\",\n \"time\": 1499865549590,\n \"isBuyerMaker\": true\n}\n",
           "2017-07-12T13:19:09.590Z 4.10 12 28457 28457..28457 maker\n");
    c = expect(&o, "[{\"info\":{\"a\":7,\"p\":\"0.10\",\"q\":\"2.00\",\"f\":8,\"l\":9,\"T\":1570752011620,\"m\":false,\"M\":true},\"timestamp\":1570752011620,\"symbol\":\"XRP/ETH\",\"id\":\"7\",\"side\":\"buy\",\"price\":0.1,\"amount\":2.0}]",
               "2019-10-11T00:00:11.620Z 0.10 2.00 7 8..9 taker aggregate\n");
    assert_string_equal(c.symbol, "XRP/ETH");
    expect(&o, "agg_id,first_id,last_id,time,price,quantity,buyer_maker\n1,4,5,2017-07-12T13:19:09.590Z,2.5,3,\n,,,2017-07-12T13:19:09.590Z,0.0,0,\n",
           "2017-07-12T13:19:09.590Z 2.5 3 1 4..5 aggregate\n2017-07-12T13:19:09.590Z 0.0 0 -1 -1..-1 aggregate neutralised\n");
    expect(&o, "{\"agg_id\":1,\"first_id\":4,\"last_id\":5,\"time\":\"2017-07-12T13:19:09.590Z\",\"price\":2.5,\"quantity\":3,\"buyer_maker\":\"true\"}\n",
           "2017-07-12T13:19:09.590Z 2.5 3 1 4..5 maker aggregate\n");
    expect(&o, "id,first_id,last_id,time,price,quantity,buyer_maker\n1,1,1,2017-07-12T13:19:09.590Z,2.5,3,\n",
           "2017-07-12T13:19:09.590Z 2.5 3 1 1..1\n");
}

#define EVENT(symbol, interval, closed, count) "{\"e\":\"kline\",\"E\":1672531262000,\"s\":\"" symbol "\",\"k\":{\"t\":1672531200000,\"T\":1672531259999,\"s\":\"" symbol "\",\"i\":\"" interval "\",\"f\":100,\"L\":200,\"o\":\"0.0010\",\"c\":\"0.0020\",\"h\":\"0.0025\",\"l\":\"0.0010\",\"v\":\"1000\",\"n\":" count ",\"x\":" closed ",\"q\":\"1.0\",\"V\":\"500\",\"Q\":\"0.5\",\"B\":\"9\"}}"

static void test_streams(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    const char *rows = "2023-01-01T00:00:00Z 0.0010 0.0025 0.0010 0.0020 1000 1.0 500 0.5 101 2023-01-01T00:00:59.999Z 100..200 @2023-01-01T00:01:02Z\n"
                       "2023-01-01T00:00:00Z 0.0010 0.0025 0.0010 0.0020 1000 1.0 500 0.5 102 2023-01-01T00:00:59.999Z 100..200 @2023-01-01T00:01:02Z closed\n";
    kl_parse_counts c = expect(&o, EVENT("BTCUSDT", "1m", "false", "101") "\n" EVENT("BTCUSDT", "1m", "true", "102") "\n", rows);
    assert_int_equal(c.format, KL_FORMAT_STREAM_JSON);
    assert_string_equal(c.symbol, "BTCUSDT");
    c = expect(&o, "wss://somewhere <-> 1633998511.1\n1723161254087896568 {\"stream\":\"btcusdt@kline_1m\",\"data\":" EVENT("BTCUSDT", "1m", "false", "101") "}\n"
           "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\"}}\n1633998512.06: {\"u\":1}\n1633998512.07: [1,2]\n\n"
           "1633998512.08: {\"data\":" EVENT("BTCUSDT", "1m", "true", "102") ",\"stream\":\"btcusdt@kline_1m\"}", rows);
    assert_int_equal(c.passed_over, 5);
    assert_int_equal(c.lines, 7);
    o.symbol = "btc/usdt";
    kl_interval_parse("1m", 2, &o.interval);
    c = expect(&o, EVENT("ETHUSDT", "1m", "true", "9") "\n" EVENT("BTCUSDT", "1m", "false", "101") "\n" EVENT("BTCUSDT", "1h", "true", "9") "\n" EVENT("BTCUSDT", "1m", "true", "102") "\n", rows);
    assert_int_equal(c.passed_over, 2);
    kl_parse_options_init(&o);
    c = expect(&o, "{\"e\":\"trade\",\"E\":1723161255343,\"s\":\"BTCUSDT\",\"t\":37,\"p\":\"61837.63\",\"q\":\"0.02\",\"T\":1723161255342,\"m\":true,\"M\":true}\n"
               "{\"e\":\"aggTrade\",\"E\":1633998534486,\"s\":\"BTCUSDT\",\"a\":9,\"p\":\"0.1\",\"q\":\"1\",\"f\":12,\"l\":13,\"T\":1633998534486,\"m\":false,\"M\":true}\n"
               EVENT("BTCUSDT", "1m", "true", "102") "\n",
               "2024-08-08T23:54:15.342Z 61837.63 0.02 37 37..37 maker\n"
               "2023-01-01T00:00:00Z 0.0010 0.0025 0.0010 0.0020 1000.00 1.0 500.00 0.5 102 2023-01-01T00:00:59.999Z 100..200 @2023-01-01T00:01:02Z closed\n");
    assert_int_equal(c.content, KL_CONTENT_KLINES | KL_CONTENT_TRADES);
    assert_int_equal(c.passed_over, 1); /* the aggregate: trades came first */
    expect(&o, "{\n\"e\": \"aggTrade\", \"s\":\"LRCBTC\", \"a\":9, \"p\":\"0.1\", \"q\":\"1\",\n\"f\":12,\"l\":13,\"T\":1633998534486,\"m\":false}\n",
           "2021-10-12T00:28:54.486Z 0.1 1 9 12..13 taker aggregate\n");
}

static void names_of_public_files(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    const char *base = "2023-01-01T00:00:00Z 1 1 1 2 5 - - - - - suspect\n", *both = "2023-01-01T00:00:00Z 1 1 1 2 5 7 - - - - suspect\n";
    expect(&o, "unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT\n1672531200,2023-01-01 00:00:00,BTC/USDT,1,1,1,2,5,7\n", both);
    expect(&o, "unix,date,symbol,open,high,low,close,Volume USD,Volume BTC\n1672531200,2023-01-01 00:00:00,BTC/USD,1,1,1,2,7,5\n", both);
    expect(&o, "unix,open,high,low,close,Volume ETH,Volume BTC\n1672531200,1,1,1,2,5,7\n", both);
    expect(&o, "Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price\n1672531200,1,1,1,2,5,7,1.5\n", both);
    expect(&o, "time,open,high,low,close,Volume LRC\n1672531200,1,1,1,2,5\n", base);
    expect(&o, "time,open,high,low,close,Volume MA,Volume\n1672531200,1,1,1,2,9,5\n", base);
    expect(&o, "T,O,H,L,C,V\n1672531200,1,1,1,2,5\n", base);
    expect(&o, "t,o,h,l,c,v\n1672531200,1,1,1,2,5\n", base);
    expect(&o, "t,o,h,l,c,v,V\n1672531200,1,1,1,2,5,3\n", "2023-01-01T00:00:00Z 1 1 1 2 5 - 3 - - - suspect\n");
}

static void close_time_may_be_the_end_of_time(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    expect(&o, "time,open,high,low,close,close_time\n4102444740000,1,1,1,2,4102444800000\n",
           "2099-12-31T23:59:00Z 1 1 1 2 - - - - - 2100-01-01T00:00:00Z suspect\n");
}

static void test_options(void **state) {
    (void)state;
    kl_parse_options o;
    kl_parse_options_init(&o);
    o.allow_negative_prices = 1;
    expect(&o, "1672531200,-1.5,1,-2.5,1,2\n", "2023-01-01T00:00:00Z -1.5 1.0 -2.5 1.0 2 - - - - - suspect\n");
    kl_parse_options_init(&o);
    o.symbol = "BTCUSDT";
    kl_parse_counts c = expect(&o, "time,open,high,low,close,symbol\n1672531200,1,1,1,2,BTC/USDT\n", "2023-01-01T00:00:00Z 1 1 1 2 - - - - - - suspect\n");
    assert_string_equal(c.symbol, "BTC/USDT");
    kl_parse_options_init(&o); /* files put one after another repeat their header */
    c = expect(&o, "time,open,high,low,close\n1672531200,1,1,1,2\ntime,open,high,low,close\n1672531260,1,1,1,2\n",
           "2023-01-01T00:00:00Z 1 1 1 2 - - - - - - closed\n2023-01-01T00:01:00Z 1 1 1 2 - - - - - - suspect\n");
    assert_int_equal(c.passed_over, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_exchange_rows), cmocka_unit_test(test_times), cmocka_unit_test(test_numbers),
                                       cmocka_unit_test(test_closedness), cmocka_unit_test(test_backwards), cmocka_unit_test(test_own_export),
                                       cmocka_unit_test(test_trades), cmocka_unit_test(test_streams), cmocka_unit_test(test_options),
                                       cmocka_unit_test(names_of_public_files), cmocka_unit_test(close_time_may_be_the_end_of_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
