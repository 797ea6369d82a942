/* Bug 0-a: a daily run is a full run. Whatever the calls are cut into, with a snapshot and a restore between them, the rows
 * are those of one call, bit for bit; a snapshot is the same bytes whichever way led to it, and no damaged one is taken. */
#include "base/fp.h"
#include "panel.h"

#define ROWS 6
static test_panel panel;
static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

static void assert_tail(const kl_table *part, const kl_table *whole, const char *name) {
    size_t n = kl_table_rows(part), all = kl_table_rows(whole);
    (void)name;
    assert_true(n <= all);
    for (size_t i = 0; i < n; i++) assert_same_row(part, i, whole, all - n + i);
}

/* The first `cut` rows in one mart; a snapshot; the rest in another. */
static void split_at(const kl_mart_spec *spec, size_t cut, const kl_table *whole, const char *name) {
    kl_mart *a = mart_make(spec), *b = mart_make(spec);
    kl_table *table = table_make();
    kl_mart_panel first = panel_part(&panel, 0, cut), rest = panel_part(&panel, cut, panel.n - cut), some = panel_part(&panel, 3, 5);
    size_t size = kl_mart_snapshot_size(a), used = 0;
    void *bytes = malloc(size), *again = malloc(size);
    assert_int_equal(kl_mart_run(a, &first, KL_TIME_NONE, table, NULL), KL_OK);
    assert_int_equal(kl_mart_snapshot(a, bytes, size - 1, &used), KL_E_SIZE);
    assert_int_equal(kl_mart_snapshot(a, bytes, size, &used), KL_OK);
    assert_int_equal(used, size);
    assert_int_equal(kl_mart_run(b, &some, KL_TIME_NONE, table, NULL), KL_OK); /* what it held before does not matter */
    assert_int_equal(kl_mart_restore(b, bytes, size, NULL), KL_OK);
    assert_true(kl_mart_last_time(b) == (cut ? panel.time[cut - 1] : KL_TIME_NONE));
    assert_int_equal(kl_mart_snapshot(b, again, size, &used), KL_OK);
    assert_memory_equal(bytes, again, size);
    kl_table_clear_rows(table);
    assert_int_equal(kl_mart_run(b, &rest, KL_TIME_NONE, table, NULL), KL_OK);
    assert_tail(table, whole, name);
    kl_table_clear_rows(table); /* the mart that was copied goes on just as well */
    assert_int_equal(kl_mart_run(a, &rest, KL_TIME_NONE, table, NULL), KL_OK);
    assert_tail(table, whole, name);
    kl_mart_snapshot(a, again, size, &used);
    kl_mart_snapshot(b, bytes, size, &used);
    assert_memory_equal(bytes, again, size);
    kl_table_free(table);
    free(bytes);
    free(again);
    free(a);
    free(b);
}

static void test_every_split(void **state) {
    (void)state;
    panel_make(&panel, quick() ? 60 : 110, 1, 21);
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS);
        kl_table *whole = mart_table(&spec, &panel);
        for (size_t cut = 0; cut <= panel.n; cut += quick() ? 7 : 1) split_at(&spec, cut, whole, mart_ways[w].name);
        kl_table_free(whole);
    }
}

/* One row a call, and calls of any length across the chunks inside. */
static void test_every_chunking(void **state) {
    (void)state;
    panel_make(&panel, quick() ? 100 : PANEL_ROWS, 1, 22);
    uint64_t seed = 9;
    for (size_t w = 0; w < MART_WAYS; w++)
        for (int way = 0; way < 3; way++) {
            kl_mart_spec spec = mart_way(w, ROWS);
            kl_table *whole = mart_table(&spec, &panel), *table = table_make();
            kl_mart *mart = mart_make(&spec);
            for (size_t i = 0, n; i < panel.n; i += n) {
                n = way == 0 ? 1 : (size_t)random_below(&seed, way == 1 ? 9 : 300);
                if (n > panel.n - i) n = panel.n - i;
                kl_mart_panel part = panel_part(&panel, i, n);
                assert_int_equal(kl_mart_run(mart, &part, KL_TIME_NONE, table, NULL), KL_OK);
            }
            assert_int_equal(kl_table_rows(table), kl_table_rows(whole));
            assert_tail(table, whole, mart_ways[w].name);
            kl_table_free(table);
            kl_table_free(whole);
            free(mart);
        }
}

/* Rows before emit_from only move the state; an outage of any length forgets what lies before it. */
static void test_emit_from(void **state) {
    (void)state;
    panel_make(&panel, 120, 1, 23);
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS);
        kl_table *whole = mart_table(&spec, &panel), *table = table_make();
        kl_mart *mart = mart_make(&spec);
        kl_mart_panel all = panel_part(&panel, 0, panel.n);
        assert_int_equal(kl_mart_run(mart, &all, panel.time[70], table, NULL), KL_OK);
        assert_true(kl_table_rows(table) > 0);
        assert_tail(table, whole, mart_ways[w].name);
        int64_t time;
        kl_table_get_i64(table, table_column(table, "open_time"), 0, &time);
        assert_true(time >= panel.time[70]);
        kl_table_free(table);
        kl_table_free(whole);
        free(mart);
    }
}

/* The same market under other orders of its symbols: the same table, and snapshots that fit each other. */
static void test_order_of_symbols(void **state) {
    (void)state;
    static test_panel turned;
    panel_make(&panel, 100, 1, 24);
    turned = panel;
    const size_t order[PANEL_SYMBOLS] = {3, 0, 4, 2, 1};
    const char *names[PANEL_SYMBOLS];
    for (size_t s = 0; s < PANEL_SYMBOLS; s++) {
        names[s] = panel_names[order[s]];
        for (size_t i = 0; i < panel.n; i++) {
            size_t to = i * PANEL_SYMBOLS + s, from = i * PANEL_SYMBOLS + order[s];
            turned.close[to] = panel.close[from], turned.volume[to] = panel.volume[from], turned.quote[to] = panel.quote[from];
            turned.high[to] = panel.high[from], turned.low[to] = panel.low[from];
        }
    }
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS);
        kl_table *whole = mart_table(&spec, &panel), *table = table_make();
        kl_mart *mart = mart_make(&spec), *other = mart_make(&spec), *made;
        kl_mart_panel all = panel_part(&turned, 0, panel.n), same = panel_part(&panel, 0, panel.n);
        size_t bytes, used;
        kl_mart_size(&spec, &bytes, NULL);
        assert_int_equal(kl_mart_init(mart, bytes, &spec, names, &made, NULL), KL_OK);
        assert_int_equal(kl_mart_run(mart, &all, KL_TIME_NONE, table, NULL), KL_OK);
        assert_int_equal(kl_table_rows(table), kl_table_rows(whole));
        assert_tail(table, whole, mart_ways[w].name);
        assert_int_equal(kl_mart_run(other, &same, KL_TIME_NONE, table, NULL), KL_OK);
        size_t size = kl_mart_snapshot_size(mart);
        void *a = malloc(size), *b = malloc(size);
        kl_mart_snapshot(mart, a, size, &used);
        kl_mart_snapshot(other, b, size, &used);
        assert_memory_equal(a, b, size);
        free(a), free(b), free(mart), free(other);
        kl_table_free(table);
        kl_table_free(whole);
    }
}

static void test_damage(void **state) {
    (void)state;
    panel_make(&panel, 40, 1, 25);
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS), more = spec;
        kl_mart *mart = mart_make(&spec), *other;
        kl_table *table = table_make();
        kl_mart_panel all = panel_part(&panel, 0, panel.n);
        kl_error error;
        assert_int_equal(kl_mart_run(mart, &all, KL_TIME_NONE, table, NULL), KL_OK);
        size_t size = kl_mart_snapshot_size(mart), used;
        uint8_t *bytes = malloc(size), *now = malloc(size);
        kl_mart_snapshot(mart, bytes, size, &used);
        for (size_t i = 0; i < size; i += 1 + size / 97) {
            bytes[i] ^= 4;
            kl_status status = kl_mart_restore(mart, bytes, size, &error);
            assert_true(status == KL_E_CORRUPT || status == KL_E_VERSION);
            bytes[i] ^= 4;
        }
        for (size_t n = 0; n < size; n += 1 + size / 97) assert_int_equal(kl_mart_restore(mart, bytes, n, NULL), KL_E_CORRUPT);
        assert_int_equal(kl_mart_restore(mart, NULL, size, NULL), KL_E_ARG);
        size_t at = 0; /* a place that is none, with a checksum that fits */
        while (at + 16 < size && kl__load_i64(bytes + at) != panel.time[panel.n - 1]) at++;
        bytes[at + 8]++;
        kl__store_u64(bytes + size - 8, kl_crc32c(0, bytes, size - 8));
        assert_int_equal(kl_mart_restore(mart, bytes, size, &error), KL_E_CORRUPT);
        bytes[at + 8]--;
        kl__store_u64(bytes + size - 8, kl_crc32c(0, bytes, size - 8));
        kl_mart_snapshot(mart, now, size, &used); /* none of them left a trace */
        assert_memory_equal(bytes, now, size);
        more.labels.spike = 3;
        other = mart_make(&more);
        assert_int_equal(kl_mart_restore(other, bytes, size, &error), KL_E_DEFINITION);
        free(other);
        more = spec;
        more.rows = ROWS + 1;
        other = mart_make(&more);
        assert_int_equal(kl_mart_restore(other, bytes, size, &error), KL_E_DEFINITION);
        free(other), free(bytes), free(now), free(mart);
        kl_table_free(table);
    }
}

/* A snapshot whose own checksum is right around a window or a matrix that is damaged, wherever that is: refused, and nothing has
 * changed, not even what lies in front of it. */
static void test_damage_inside(void **state) {
    (void)state;
    panel_make(&panel, 60, 1, 26);
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS);
        kl_mart *mart = mart_make(&spec), *other = mart_make(&spec);
        kl_table *table = table_make();
        kl_mart_panel first = panel_part(&panel, 0, 40), rest = panel_part(&panel, 40, 20);
        assert_int_equal(kl_mart_run(mart, &first, KL_TIME_NONE, table, NULL), KL_OK);
        assert_int_equal(kl_mart_run(other, &first, KL_TIME_NONE, table, NULL), KL_OK);
        assert_int_equal(kl_mart_run(other, &rest, KL_TIME_NONE, table, NULL), KL_OK);
        size_t size = kl_mart_snapshot_size(mart), used, seen = 0;
        uint8_t *bytes = malloc(size), *before = malloc(size), *now = malloc(size);
        kl_mart_snapshot(mart, bytes, size, &used);
        kl_mart_snapshot(other, before, size, &used);
        for (size_t i = size - 9; i > 300; i -= 1 + size / 101) {
            bytes[i] ^= 64;
            kl__store_u64(bytes + size - 8, kl_crc32c(0, bytes, size - 8));
            kl_status status = kl_mart_restore(other, bytes, size, NULL);
            bytes[i] ^= 64;
            kl_mart_snapshot(other, now, size, &used);
            if (status < 0) {
                assert_memory_equal(before, now, size);
                seen++;
            } else { /* a state of a symbol, which has no check of its own */
                assert_int_equal(kl_mart_restore(other, before, size, NULL), KL_OK);
            }
        }
        assert_true(seen > 50);
        free(bytes), free(before), free(now), free(mart), free(other);
        kl_table_free(table);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_split), cmocka_unit_test(test_every_chunking), cmocka_unit_test(test_emit_from),
                                       cmocka_unit_test(test_order_of_symbols), cmocka_unit_test(test_damage), cmocka_unit_test(test_damage_inside)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
