/* Whatever is wrong with a call, and whichever allocation of the table fails, neither mart nor rows change; and no other
 * memory is ever asked for. */
#include "base/fp.h"
#include "panel.h"

#define ROWS 6
static test_panel panel;

static void test_spec(void **state) {
    (void)state;
    size_t bytes = 7;
    kl_error error;
    kl_mart_spec spec;
    assert_int_equal(kl_mart_spec_init(NULL, 1, 1), KL_E_ARG);
    assert_int_equal(kl_mart_size(NULL, &bytes, &error), KL_E_ARG);
    for (int wrong = 0; wrong < 22; wrong++) {
        spec = mart_spec(KL_MART_CORRELATIONS, 0, 24);
        switch (wrong) {
        case 0: spec.struct_size--; break;
        case 1: spec.flags = 4; break;
        case 2: spec.kind = 0; break;
        case 3: spec.kind = 6; break;
        case 4: spec.ratio = 2; break;
        case 5: spec.symbols = 1; break;
        case 6: spec.symbols = KL_MART_SYMBOLS_MAX + 1; break;
        case 7: spec.rows = 1; break;
        case 8: spec.rows = KL_MART_ROWS_MAX + 1; break;
        case 9: spec.min_count = 1; break;
        case 10: spec.min_count = 25; break;
        case 11: spec.min_count = -1; break;
        case 12: spec.baseline_rows = 3; break;
        case 13: spec.baseline_rows = KL_MART_ROWS_MAX + 1; break;
        case 14: spec.baseline_rows = 100, spec.flags = KL_MART_COMPAT; break;
        case 15: spec.baseline_rows = 100, spec.kind = KL_MART_RETURNS; break;
        case 16: spec.baseline_sigmas = 0; break;
        case 17: spec.baseline_sigmas = NONE; break;
        case 18: spec.labels.spike = NONE; break;
        case 19: spec.labels.corr_low = 0.6; break;
        case 20: spec.labels.mover_strong = 1; break;
        default: spec.labels.struct_size = 0; break;
        }
        assert_int_equal(kl_mart_size(&spec, &bytes, &error), KL_E_ARG);
        assert_true(error.message[0] != '\0');
    }
    spec = mart_spec(KL_MART_RETURNS, 0, 24);
    spec.interval.unit = 9;
    assert_int_equal(kl_mart_size(&spec, &bytes, &error), KL_E_INTERVAL);
    spec.interval.unit = KL_DAY, spec.interval.n = 3, spec.interval.anchor_us = KL_TIME_NONE;
    assert_int_equal(kl_mart_size(&spec, &bytes, &error), KL_E_ANCHOR);
    assert_int_equal(bytes, 7);
}

/* A limit that is no number is refused whichever it is, and whatever the kind of mart uses. */
static void test_limits(void **state) {
    (void)state;
    const double bad[] = {NONE, -1, (double)INFINITY, -(double)INFINITY};
    size_t first = offsetof(kl_label_rules, volatility_medium), n = (sizeof(kl_label_rules) - first) / sizeof(double), bytes;
    kl_error error;
    assert_int_equal(n, 21);
    for (int32_t kind = KL_MART_RETURNS; kl_mart_name(kind); kind++)
        for (size_t i = 0; i < n; i++)
            for (size_t b = 0; b < 4; b++) {
                kl_mart_spec spec = mart_spec(kind, 0, 24);
                memcpy((char *)&spec.labels + first + i * sizeof(double), &bad[b], sizeof(double));
                assert_int_equal(kl_mart_size(&spec, &bytes, &error), KL_E_ARG);
                assert_non_null(strstr(error.message, "limit"));
            }
}

static void test_init(void **state) {
    (void)state;
    kl_mart_spec spec = mart_spec(KL_MART_RETURNS, 0, 24);
    kl_mart *mart = NULL;
    kl_error error;
    size_t bytes;
    const char *names[PANEL_SYMBOLS];
    char longest[KL_SYMBOL_MAX + 1];
    kl_mart_size(&spec, &bytes, NULL);
    unsigned char *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
    memset(memory, 3, bytes);
    memset(longest, 'x', sizeof longest);
    longest[KL_SYMBOL_MAX] = '\0';
    memcpy(names, panel_names, sizeof names);
    assert_int_equal(kl_mart_init(memory + 8, bytes, &spec, names, &mart, &error), KL_E_ARG);
    assert_int_equal(kl_mart_init(memory, bytes - 1, &spec, names, &mart, &error), KL_E_SIZE);
    names[4] = names[1];
    assert_int_equal(kl_mart_init(memory, bytes, &spec, names, &mart, &error), KL_E_DUPLICATE);
    assert_int_equal(error.row, 5);
    const char *const bad[] = {"", NULL, longest};
    for (size_t i = 0; i < 3; i++) {
        names[4] = bad[i];
        assert_int_equal(kl_mart_init(memory, bytes, &spec, names, &mart, &error), KL_E_SYMBOL);
        assert_int_equal(error.row, 5);
    }
    assert_null(mart);
    for (size_t i = 0; i < bytes; i++) assert_int_equal(memory[i], 3);
    longest[KL_SYMBOL_MAX - 1] = '\0';
    names[4] = longest;
    assert_int_equal(kl_mart_init(memory, bytes, &spec, names, &mart, &error), KL_OK);
    free(memory);
}

/* A call that fails, and the same mart after it. */
static void assert_refused(const kl_mart_spec *spec, const kl_mart_panel *part, kl_table *table, kl_status status, int64_t row) {
    kl_mart *mart = mart_make(spec);
    kl_mart_panel first = panel_part(&panel, 0, 10);
    kl_table *before = table_make();
    kl_error error;
    size_t used, size = kl_mart_snapshot_size(mart), rows = kl_table_rows(table);
    void *a = malloc(size), *b = malloc(size);
    assert_int_equal(kl_mart_run(mart, &first, KL_TIME_NONE, before, NULL), KL_OK);
    kl_mart_snapshot(mart, a, size, &used);
    assert_int_equal(kl_mart_run(mart, part, KL_TIME_NONE, table, &error), status);
    assert_int_equal(error.row, row);
    assert_int_equal(kl_table_rows(table), rows);
    kl_mart_snapshot(mart, b, size, &used);
    assert_memory_equal(a, b, size);
    kl_table_free(before);
    free(a), free(b), free(mart);
}

static void test_run(void **state) {
    (void)state;
    static test_panel bad;
    panel_make(&panel, 60, 1, 41);
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS);
        kl_table *table = table_make(), *other = table_make();
        bad = panel;
        bad.time[14] = bad.time[13];
        kl_mart_panel part = panel_part(&bad, 10, 20);
        assert_refused(&spec, &part, table, KL_E_ORDER, 5);
        part = panel_part(&bad, 9, 3); /* the last row once more */
        assert_refused(&spec, &part, table, KL_E_ORDER, 1);
        bad = panel;
        bad.time[12] += 1;
        part = panel_part(&bad, 10, 20);
        if (spec.flags == 0) assert_refused(&spec, &part, table, KL_E_INTERVAL, 3);
        part = panel_part(&panel, 10, 20);
        part.close = NULL;
        assert_refused(&spec, &part, table, KL_E_ARG, 0);
        part = panel_part(&panel, 10, 20);
        kl_table_add_column(other, "symbol", KL_COLUMN_TEXT, 0, NULL);
        assert_refused(&spec, &part, other, KL_E_MISMATCH, 0);
        kl_table_free(table);
        kl_table_free(other);
    }
    kl_mart_spec spec = mart_spec(KL_MART_MOVERS, 0, ROWS);
    kl_mart_panel part = panel_part(&panel, 10, 20);
    kl_table *table = table_make();
    part.volume = NULL;
    assert_refused(&spec, &part, table, KL_E_ARG, 0);
    spec.ratio = KL_MART_RATIO_VOLATILITY; /* does not read it */
    kl_mart *mart = mart_make(&spec);
    assert_int_equal(kl_mart_run(mart, &part, KL_TIME_NONE, table, NULL), KL_OK);
    assert_int_equal(kl_mart_run(mart, &part, KL_TIME_NONE, NULL, NULL), KL_E_ARG);
    free(mart);
    kl_table_free(table);
}

static void test_every_allocation(void **state) {
    (void)state;
    panel_make(&panel, 60, 1, 42);
    for (size_t w = 0; w < MART_WAYS; w++) {
        kl_mart_spec spec = mart_way(w, ROWS);
        kl_table *whole = mart_table(&spec, &panel);
        for (uint64_t fail = 1, done = 0; !done; fail++) {
            kl_alloc_counter counter;
            kl_alloc alloc;
            kl_table *table;
            kl_mart *mart = mart_make(&spec);
            kl_mart_panel first = panel_part(&panel, 0, 30), rest = panel_part(&panel, 30, 30);
            kl_alloc_counter_init(&counter, NULL, &alloc);
            assert_int_equal(kl_table_new(&alloc, &table), KL_OK);
            counter.fail_at = counter.requests + fail;
            kl_status status = kl_mart_run(mart, &first, KL_TIME_NONE, table, NULL);
            if (status == KL_E_MEMORY) { /* again, now that there is memory */
                assert_int_equal(kl_table_rows(table), 0);
                status = kl_mart_run(mart, &first, KL_TIME_NONE, table, NULL);
                assert_int_equal(status, KL_OK);
            }
            size_t rows = kl_table_rows(table);
            status = kl_mart_run(mart, &rest, KL_TIME_NONE, table, NULL);
            if (status == KL_E_MEMORY) {
                assert_int_equal(kl_table_rows(table), rows);
                status = kl_mart_run(mart, &rest, KL_TIME_NONE, table, NULL);
            }
            assert_int_equal(status, KL_OK);
            done = counter.requests < counter.fail_at;
            assert_int_equal(kl_table_rows(table), kl_table_rows(whole));
            for (size_t i = 0; i < kl_table_rows(table); i++) assert_same_row(table, i, whole, i);
            counter.fail_at = 0;
            uint64_t requests = counter.requests; /* a table with room enough: nothing at all is allocated */
            kl_table_clear_rows(table);
            kl_mart *again = mart_make(&spec);
            assert_int_equal(kl_mart_run(again, &rest, KL_TIME_NONE, table, NULL), KL_OK);
            assert_true(counter.requests == requests);
            kl_table_free(table);
            assert_int_equal(counter.live_bytes, 0);
            free(mart);
            free(again);
        }
        kl_table_free(whole);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_spec), cmocka_unit_test(test_limits), cmocka_unit_test(test_init), cmocka_unit_test(test_run),
                                       cmocka_unit_test(test_every_allocation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
