/* Storing and reading: put, commit, scan, list, versions, scales, trades. */
#include "support_store.h"

static void put_klines(kl_stored *s, const kl_kline *rows, size_t n, const kl_scale *scale, kl_put_counts *counts) {
    kl_error e;
    if (kl_stored_put_klines(s, rows, n, scale, counts, &e) != KL_OK) fail_msg("%s", e.message);
}
static void put_trades(kl_stored *s, const kl_trade *rows, size_t n, kl_put_counts *counts) {
    kl_error e;
    if (kl_stored_put_trades(s, rows, n, &test_scale, counts, &e) != KL_OK) fail_msg("%s", e.message);
}
static void begin(kl_stored *s) { assert_int_equal(kl_stored_begin(s, NULL), KL_OK); }
static void commit(kl_stored *s) {
    kl_error e;
    if (kl_stored_commit(s, &e) != KL_OK) fail_msg("%s", e.message);
}

static void test_put_commit_scan(void **state) {
    (void)state;
    enum { N = 10000 };
    test_store t = {0};
    kl_kline *rows = (kl_kline *)malloc(N * sizeof *rows);
    kl_put_counts c = {0};
    kl_stored_info info;
    for (int i = 0; i < N; i++) rows[i] = test_kline(i, 0);
    test_open(&t, "1m", KL_STORE_WRITE);
    begin(t.stored);
    put_klines(t.stored, rows, N, &test_scale, &c);
    assert_int_equal(c.inserted, N);
    char *none = test_dump_klines(t.stored, KL_TIME_MIN, KL_TIME_MAX);
    assert_string_equal(none, ""); /* nothing is visible before the commit */
    free(none);
    assert_int_equal(kl_stored_cover(t.stored, T0, T0 + N * MINUTE, NULL), KL_OK);
    commit(t.stored);
    for (int round = 0; round < 2; round++) {
        kl_series series;
        kl_series_init(&series, NULL);
        assert_int_equal(kl_stored_read(t.stored, KL_TIME_MIN, KL_TIME_MAX, &series, NULL), KL_OK);
        assert_int_equal(series.n, N);
        assert_memory_equal(series.rows, rows, N * sizeof *rows);
        series.n = 0;
        assert_int_equal(kl_stored_read(t.stored, T0 + 5000 * MINUTE + 1, T0 + 5003 * MINUTE + 1, &series, NULL),
                         KL_OK);
        assert_int_equal(series.n, 3);
        assert_memory_equal(series.rows, rows + 5001, 3 * sizeof *rows);
        kl_series_free(&series);
        assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
        assert_int_equal(info.rows, N);
        assert_int_equal(info.versions, N);
        assert_true(info.first_us == T0 && info.last_us == T0 + (N - 1) * MINUTE);
        assert_true(info.covered_from == T0 && info.covered_to == T0 + N * MINUTE && info.covered_ranges == 1);
        assert_int_equal(info.torn_bytes, 0);
        assert_int_equal(kl_stored_verify(t.stored, NULL), KL_OK);
        test_close(&t);
        test_open(&t, "1m", KL_STORE_READ);
    }
    assert_int_equal(kl_stored_begin(t.stored, NULL), KL_E_READ_ONLY);
    test_drop(&t);
    free(rows);
}

/* the same again, in other order, in other chunks: nothing is written */
static void test_same_again(void **state) {
    (void)state;
    enum { N = 9000 };
    test_store t = {0};
    kl_kline *rows = (kl_kline *)malloc(N * sizeof *rows);
    kl_put_counts c = {0};
    kl_stored_info before, after;
    uint64_t seed = 7;
    for (int i = 0; i < N; i++) rows[i] = test_kline(i, 0);
    test_open(&t, "1m", KL_STORE_WRITE);
    begin(t.stored);
    put_klines(t.stored, rows, N, &test_scale, NULL);
    commit(t.stored);
    char *first = test_dump_klines(t.stored, KL_TIME_MIN, KL_TIME_MAX);
    kl_stored_info_get(t.stored, &before, NULL);
    for (int i = N - 1; i > 0; i--) {
        size_t k = (size_t)random_below(&seed, (uint64_t)i + 1);
        kl_kline swap = rows[i];
        rows[i] = rows[k], rows[k] = swap;
    }
    begin(t.stored);
    for (size_t i = 0; i < N;) {
        size_t n = 1 + (size_t)random_below(&seed, 2000);
        if (n > N - i) n = N - i;
        put_klines(t.stored, rows + i, n, &test_scale, &c);
        i += n;
    }
    commit(t.stored);
    assert_int_equal(c.rows, N);
    assert_int_equal(c.same, N);
    kl_stored_info_get(t.stored, &after, NULL);
    assert_int_equal(after.bytes, before.bytes);
    char *second = test_dump_klines(t.stored, KL_TIME_MIN, KL_TIME_MAX);
    assert_string_equal(first, second);
    free(first), free(second), free(rows);
    test_drop(&t);
}

/* any order, any chunking, any number of transactions and closings: the same export */
static void test_order_does_not_matter(void **state) {
    (void)state;
    enum { BARS = 300, N = 1500 };
    static kl_kline rows[N];
    static kl_scale scales[N];
    char *expected = NULL;
    const kl_scale wide[3] = {{2, 5, 7, 0}, {4, 5, 7, 0}, {2, 6, 8, 0}};
    int rounds = getenv("KLINE_QUICK") ? 5 : 40;
    uint64_t seed = 99;
    for (int i = 0; i < N; i++) {
        rows[i] = test_kline(i < BARS ? i : (int64_t)random_below(&seed, BARS), i < BARS ? 0 : random_below(&seed, 3));
        scales[i] = wide[random_below(&seed, 3)];
        assert_int_equal(kl_kline_rescale(&rows[i], &wide[0], &scales[i]), KL_OK);
    }
    for (int round = 0; round < rounds; round++) {
        test_store t = {0};
        test_open(&t, "1m", KL_STORE_WRITE);
        if (round)
            for (int i = N - 1; i > 0; i--) {
                size_t k = (size_t)random_below(&seed, (uint64_t)i + 1);
                kl_kline swap = rows[i];
                kl_scale swap_scale = scales[i];
                rows[i] = rows[k], rows[k] = swap;
                scales[i] = scales[k], scales[k] = swap_scale;
            }
        begin(t.stored);
        for (int i = 0; i < N;) {
            int n = 1;
            while (i + n < N && !memcmp(&scales[i], &scales[i + n], sizeof scales[i]) && random_below(&seed, 8)) n++;
            put_klines(t.stored, rows + i, (size_t)n, &scales[i], NULL);
            i += n;
            if (random_below(&seed, 40) == 0) {
                commit(t.stored);
                if (random_below(&seed, 3) == 0) {
                    test_close(&t);
                    test_open(&t, "1m", KL_STORE_WRITE);
                }
                begin(t.stored);
            }
        }
        commit(t.stored);
        char *text = test_dump_klines(t.stored, KL_TIME_MIN, KL_TIME_MAX);
        if (!expected)
            expected = text;
        else {
            assert_string_equal(text, expected);
            free(text);
        }
        kl_stored_info info;
        kl_stored_info_get(t.stored, &info, NULL);
        assert_int_equal(info.rows, BARS);
        test_drop(&t);
    }
    free(expected);
}

static void test_versions(void **state) {
    (void)state;
    test_store t = {0};
    kl_put_counts c = {0};
    kl_kline forming = test_kline(0, 1), closed, other;
    forming.flags = 0, forming.authority = 0;
    closed = forming, closed.flags = KL_CLOSED, closed.close += 5;
    other = closed, other.close += 7, other.authority = 1;
    test_open(&t, "1m", KL_STORE_WRITE);
    begin(t.stored);
    put_klines(t.stored, &forming, 1, &test_scale, &c);
    commit(t.stored);
    begin(t.stored);
    put_klines(t.stored, &closed, 1, &test_scale, &c);
    put_klines(t.stored, &forming, 1, &test_scale, &c);
    commit(t.stored);
    assert_true(c.inserted == 1 && c.revised == 1 && c.kept == 1);
    kl_series series;
    kl_series_init(&series, NULL);
    kl_stored_read(t.stored, KL_TIME_MIN, KL_TIME_MAX, &series, NULL);
    assert_true(series.n == 1 && series.rows[0].close == closed.close && series.rows[0].flags == KL_CLOSED);
    begin(t.stored);
    put_klines(t.stored, &other, 1, &test_scale, &c);
    assert_int_equal(kl_stored_rollback(t.stored, NULL), KL_OK);
    series.n = 0;
    kl_stored_read(t.stored, KL_TIME_MIN, KL_TIME_MAX, &series, NULL);
    assert_true(series.n == 1 && series.rows[0].close == closed.close);
    begin(t.stored);
    put_klines(t.stored, &other, 1, &test_scale, &c);
    commit(t.stored);
    series.n = 0;
    kl_stored_read(t.stored, KL_TIME_MIN, KL_TIME_MAX, &series, NULL);
    assert_true(series.n == 1 && series.rows[0].close == other.close &&
                series.rows[0].flags == (KL_CLOSED | KL_REVISED));
    kl_series_free(&series);
    test_drop(&t);
}

static void test_scale_overflow(void **state) {
    (void)state;
    test_store t = {0};
    kl_kline row = test_kline(0, 0), next = test_kline(1, 0);
    kl_scale fine = test_scale;
    kl_error e;
    row.high = INT64_MAX / 10;
    fine.price += 3;
    test_open(&t, "1m", KL_STORE_WRITE);
    begin(t.stored);
    put_klines(t.stored, &row, 1, &test_scale, NULL);
    assert_int_equal(kl_stored_put_klines(t.stored, &next, 1, &fine, NULL, &e), KL_E_OVERFLOW);
    commit(t.stored);
    char *text = test_dump_klines(t.stored, KL_TIME_MIN, KL_TIME_MAX);
    assert_non_null(strstr(text, "@2,5,7"));
    free(text);
    begin(t.stored);
    assert_int_equal(kl_stored_put_klines(t.stored, &next, 1, &fine, NULL, &e), KL_E_OVERFLOW);
    fine.price = 3;
    put_klines(t.stored, &next, 1, &fine, NULL);
    row.open_time_us += 5 * MINUTE, row.high = INT64_MAX / 3;
    assert_int_equal(kl_stored_put_klines(t.stored, &row, 1, &test_scale, NULL, &e), KL_E_OVERFLOW);
    assert_int_equal(e.row, 1);
    row.open_time_us = 5;
    assert_int_equal(kl_stored_put_klines(t.stored, &row, 1, &test_scale, NULL, &e), KL_E_TIME);
    commit(t.stored);
    kl_stored_info info;
    kl_stored_info_get(t.stored, &info, NULL);
    assert_true(info.rows == 2 && info.scale.price == 3);
    test_drop(&t);
}

static void test_trades_by_id(void **state) {
    (void)state;
    enum { N = 6000 };
    test_store t = {0};
    static kl_trade rows[N];
    kl_put_counts c = {0};
    kl_error e;
    uint64_t seed = 3;
    for (int i = 0; i < N; i++) rows[i] = test_trade(1000 + i, 0);
    test_open(&t, "", KL_STORE_WRITE);
    begin(t.stored);
    put_trades(t.stored, rows, N, &c);
    commit(t.stored);
    assert_int_equal(c.inserted, N);
    char *first = test_dump_trades(t.stored, KL_TIME_MIN, KL_TIME_MAX);
    for (int i = N - 1; i > 0; i--) {
        size_t k = (size_t)random_below(&seed, (uint64_t)i + 1);
        kl_trade swap = rows[i];
        rows[i] = rows[k], rows[k] = swap;
    }
    test_close(&t);
    test_open(&t, "", KL_STORE_WRITE);
    begin(t.stored);
    put_trades(t.stored, rows, N, &c);
    commit(t.stored);
    assert_int_equal(c.same, N);
    char *second = test_dump_trades(t.stored, KL_TIME_MIN, KL_TIME_MAX);
    assert_string_equal(first, second);
    kl_stored_info info;
    kl_stored_info_get(t.stored, &info, NULL);
    assert_true(info.first_id == 1000 && info.last_id == 999 + N && info.rows == N);
    kl_trades some;
    kl_trades_init(&some, NULL);
    assert_int_equal(kl_stored_read_trades(t.stored, T0 + 2000 * 1000, T0 + 2010 * 1000, &some, NULL), KL_OK);
    assert_int_equal(some.n, 10);
    assert_true(some.rows[0].id == 2000);
    kl_trades_free(&some);
    kl_trade bare = rows[0];
    bare.id = -1;
    begin(t.stored);
    assert_int_equal(kl_stored_put_trades(t.stored, &bare, 1, &test_scale, NULL, &e), KL_E_MISMATCH);
    kl_kline row = test_kline(0, 0);
    assert_int_equal(kl_stored_put_klines(t.stored, &row, 1, &test_scale, NULL, &e), KL_E_MISMATCH);
    free(first), free(second);
    test_drop(&t);
}

/* equal rows within a file are distinct trades; the same file again adds nothing */
static void test_trades_without_id(void **state) {
    (void)state;
    enum { N = 12000 };
    static kl_trade rows[N];
    char *first = NULL;
    uint64_t seed = 5;
    for (int i = 0; i < N; i++) {
        rows[i] = test_trade(i / 3, 0);
        rows[i].id = rows[i].first_id = rows[i].last_id = -1;
        rows[i].time_us = T0 + (i / 7) * 1000;
        if (i > 4000 && i < 9000) rows[i].time_us = T0 + 4000 / 7 * 1000 + 1000;
        if (i >= 9000) rows[i].time_us += MINUTE;
    }
    for (int round = 0; round < 4; round++) {
        test_store t = {0};
        test_open(&t, "", KL_STORE_WRITE);
        for (int i = N - 1; round == 3 && i > 0; i--) { /* and in any order */
            size_t k = (size_t)random_below(&seed, (uint64_t)i + 1);
            kl_trade swap = rows[i];
            rows[i] = rows[k], rows[k] = swap;
        }
        for (int pass = 0; pass < 3; pass++) {
            kl_put_counts c = {0};
            size_t start = 0, stop = N;
            if (round == 1 && pass == 0) start = 5000;
            if (round == 2 && pass == 0) stop = 7000;
            begin(t.stored);
            for (size_t i = start; i < stop;) {
                size_t n = 1 + (size_t)random_below(&seed, round ? 3000 : N);
                if (n > stop - i) n = stop - i;
                put_trades(t.stored, rows + i, n, &c);
                i += n;
            }
            commit(t.stored);
            if (pass == 2) assert_int_equal(c.same, N);
            if (pass == 1 && round == 0) assert_int_equal(c.same, N);
        }
        char *text = test_dump_trades(t.stored, KL_TIME_MIN, KL_TIME_MAX);
        if (!first)
            first = text;
        else {
            assert_string_equal(first, text);
            free(text);
        }
        kl_stored_info info;
        kl_stored_info_get(t.stored, &info, NULL);
        assert_int_equal(info.rows, N);
        test_drop(&t);
    }
    free(first);
}

typedef struct names {
    size_t n;
    kl_series_key keys[16];
} names;
static kl_status on_key(void *ctx, const kl_series_key *key) {
    names *list = (names *)ctx;
    list->keys[list->n++] = *key;
    return KL_OK;
}

static void test_list_and_find(void **state) {
    (void)state;
    test_store t = {0};
    const char *const symbols[] = {"ETHUSDT", "usd", "BTC%X.Y_Z"}, *const intervals[] = {
                                                                       "1m",       "1M", "3d@2017-08-17",
                                                                       "1d@16:00", "1w", ""};
    kl_series_key key, found;
    kl_error e;
    kl_stored *s;
    names list = {0};
    assert_int_equal(kl_memory_io_new(NULL, &t.files, &t.io), KL_OK);
    assert_int_equal(kl_store_open(&t.io, "db", KL_STORE_READ, NULL, &t.store, NULL), KL_E_NOT_FOUND);
    assert_int_equal(kl_store_open(&t.io, "db/", KL_STORE_WRITE, NULL, &t.store, NULL), KL_OK);
    for (int i = 0; i < 6; i++) {
        key = test_key(intervals[i]);
        strcpy(key.symbol, symbols[i % 3]);
        if (i == 4) key.venue[0] = 0;
        if (kl_store_series(t.store, &key, &s, &e) != KL_OK) fail_msg("%s", e.message);
        kl_stored_close(s);
    }
    assert_int_equal(kl_store_list(t.store, on_key, &list, NULL), KL_OK);
    assert_int_equal(list.n, 6);
    for (size_t i = 0; i < list.n; i++) {
        kl_series_key pattern = list.keys[i];
        pattern.venue[0] = pattern.market[0] = 0;
        assert_int_equal(kl_store_find(t.store, &pattern, &found, NULL), KL_OK);
        assert_memory_equal(&found, &list.keys[i], sizeof found);
        assert_int_equal(kl_store_series(t.store, &found, &s, NULL), KL_OK);
        kl_stored *second;
        assert_int_equal(kl_store_series(t.store, &found, &second, NULL), KL_E_LOCKED);
        kl_stored_close(s);
    }
    key = test_key("5m");
    assert_int_equal(kl_store_find(t.store, &key, &found, NULL), KL_E_NOT_FOUND);
    strcpy(key.symbol, "A/B");
    assert_int_equal(kl_store_series(t.store, &key, &s, NULL), KL_E_PATH);
    key.symbol[0] = 0;
    assert_int_equal(kl_store_series(t.store, &key, &s, NULL), KL_E_PATH);
    test_drop(&t);
}

static void test_checkpoint_and_coverage(void **state) {
    (void)state;
    test_store t = {0};
    kl_checkpoint *c, *back;
    kl_coverage coverage;
    const void *bytes;
    size_t n;
    kl_checkpoint_new(NULL, &c);
    kl_checkpoint_new(NULL, &back);
    kl_checkpoint_set(c, "cursor", 3, "page 7", 6);
    kl_checkpoint_raise(c, "BTCUSDT", T0);
    test_open(&t, "1m", KL_STORE_WRITE);
    assert_int_equal(kl_stored_checkpoint(t.stored, back, NULL), KL_E_NOT_FOUND);
    begin(t.stored);
    assert_int_equal(kl_stored_set_checkpoint(t.stored, c, NULL), KL_OK);
    assert_int_equal(kl_stored_cover(t.stored, T0, T0 + 5, NULL), KL_OK);
    assert_int_equal(kl_stored_cover(t.stored, T0 + 5, T0 + 9, NULL), KL_OK);
    assert_int_equal(kl_stored_cover(t.stored, T0 + 90, T0 + 99, NULL), KL_OK);
    commit(t.stored);
    kl_stored_info before, after;
    kl_stored_info_get(t.stored, &before, NULL);
    begin(t.stored); /* nothing new: nothing is written */
    kl_stored_set_checkpoint(t.stored, c, NULL);
    kl_stored_cover(t.stored, T0 + 1, T0 + 7, NULL);
    commit(t.stored);
    kl_stored_info_get(t.stored, &after, NULL);
    assert_int_equal(after.bytes, before.bytes);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(kl_stored_checkpoint(t.stored, back, NULL), KL_OK);
        assert_int_equal(kl_checkpoint_get(back, "cursor", 3, &bytes, &n), KL_OK);
        assert_true(n == 6 && !memcmp(bytes, "page 7", 6));
        kl_coverage_init(&coverage, NULL);
        assert_int_equal(kl_stored_coverage(t.stored, &coverage, NULL), KL_OK);
        assert_int_equal(coverage.n, 2);
        assert_true(coverage.ranges[0].to == T0 + 9 && coverage.ranges[1].from == T0 + 90);
        kl_coverage_free(&coverage);
        test_close(&t);
        test_open(&t, "1m", i ? KL_STORE_READ : KL_STORE_WRITE);
    }
    kl_checkpoint_free(c);
    kl_checkpoint_free(back);
    test_drop(&t);
}

/* a reader keeps what it saw and sees more when asked to; a scan under way is not disturbed */
static void test_refresh(void **state) {
    (void)state;
    test_store t = {0}, r = {0};
    kl_kline row;
    kl_stored_info info;
    test_open(&t, "1m", KL_STORE_WRITE);
    r.files = t.files, r.io = t.io;
    test_open(&r, "1m", KL_STORE_READ);
    for (int i = 0; i < 200; i++) {
        row = test_kline(i, 0);
        begin(t.stored);
        put_klines(t.stored, &row, 1, &test_scale, NULL);
        kl_stored_cover(t.stored, row.open_time_us, row.open_time_us + MINUTE, NULL);
        commit(t.stored);
        if (i % 70 == 33) {
            test_close(&t);
            test_open(&t, "1m", KL_STORE_WRITE);
        }
        kl_stored_info_get(r.stored, &info, NULL);
        assert_int_equal(info.rows, i);
        assert_int_equal(kl_stored_refresh(r.stored, NULL), KL_OK);
        kl_stored_info_get(r.stored, &info, NULL);
        assert_int_equal(info.rows, i + 1);
        assert_true(info.covered_ranges == 1 && info.covered_to == row.open_time_us + MINUTE);
    }
    char *a = test_dump_klines(t.stored, KL_TIME_MIN, KL_TIME_MAX),
         *b = test_dump_klines(r.stored, KL_TIME_MIN, KL_TIME_MAX);
    assert_string_equal(a, b);
    free(a), free(b);
    test_close(&r);
    test_drop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_put_commit_scan),         cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_order_does_not_matter),   cmocka_unit_test(test_versions),
        cmocka_unit_test(test_scale_overflow),          cmocka_unit_test(test_trades_by_id),
        cmocka_unit_test(test_trades_without_id),       cmocka_unit_test(test_list_and_find),
        cmocka_unit_test(test_checkpoint_and_coverage), cmocka_unit_test(test_refresh)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
