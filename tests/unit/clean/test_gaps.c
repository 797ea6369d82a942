/* Holes between bars and between trade ids. */
#include "clean_rows.h"
#include "random.h"

typedef struct gap_list {
    kl_gap gap[64];
    size_t n;
    kl_status stop;
} gap_list;

static kl_status take_gap(void *ctx, const kl_gap *gap) {
    gap_list *list = (gap_list *)ctx;
    assert_true(list->n < 64);
    list->gap[list->n++] = *gap;
    return list->stop;
}

static void bug_3d__every_hole_is_found(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    series.key.interval = clean_interval("1m");
    for (int i = 0; i < 100; i++) {
        if (i == 10 || (i >= 20 && i < 25) || i == 98) continue; /* a hole of one minute is a hole too */
        kl_kline row = clean_bar(i, 0);
        assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
    }
    gap_list list = {0};
    kl_gap_sink sink = {&list, take_gap};
    uint64_t gaps, missing;
    assert_int_equal(kl_series_gaps(&series, &sink, &gaps, &missing, NULL), KL_OK);
    assert_int_equal(gaps, 3);
    assert_int_equal(missing, 7);
    assert_int_equal(list.n, 3);
    assert_int_equal(list.gap[1].from, CLEAN_T0 + 20 * CLEAN_MINUTE);
    assert_int_equal(list.gap[1].to, CLEAN_T0 + 25 * CLEAN_MINUTE);
    assert_int_equal(list.gap[1].missing, 5);
    /* streaming, in chunks of any size */
    for (size_t chunk = 1; chunk < 100; chunk += 7) {
        int64_t memory[64];
        kl_gap_finder *finder;
        gap_list parts = {0};
        kl_gap_sink to = {&parts, take_gap};
        assert_true(kl_gap_finder_size() <= sizeof memory);
        assert_int_equal(kl_gap_finder_init(memory, sizeof memory, &series.key.interval, NULL, &to, &finder), KL_OK);
        for (size_t i = 0; i < series.n; i += chunk) {
            kl_kline_batch batch = {series.rows + i, NULL, series.n - i < chunk ? series.n - i : chunk, clean_scale};
            assert_int_equal(kl_gap_finder_push(finder, &batch, NULL), KL_OK);
        }
        assert_int_equal(parts.n, 3);
        assert_memory_equal(parts.gap, list.gap, sizeof list.gap);
        kl_kline_batch again = {series.rows, NULL, 1, clean_scale};
        assert_int_equal(kl_gap_finder_push(finder, &again, NULL), KL_E_ORDER);
    }
    list.stop = KL_E_CANCEL;
    list.n = 0;
    assert_int_equal(kl_series_gaps(&series, &sink, &gaps, &missing, NULL), KL_E_CANCEL);
    assert_int_equal(list.n, 1);
    kl_series_free(&series);
}

static void months_weeks_and_listing_days(void **state) {
    (void)state;
    const struct {
        const char *interval;
        kl_civil days[4];
        uint64_t gaps, missing;
    } cases[] = {
        {"1M", {{2023, 1, 1, 0, 0, 0, 0}, {2023, 2, 1, 0, 0, 0, 0}, {2023, 5, 1, 0, 0, 0, 0}, {2024, 5, 1, 0, 0, 0, 0}}, 2, 13},
        {"1w", {{2023, 1, 2, 0, 0, 0, 0}, {2023, 1, 9, 0, 0, 0, 0}, {2023, 1, 30, 0, 0, 0, 0}, {2023, 2, 6, 0, 0, 0, 0}}, 1, 2},
        {"3d@2017-08-17", {{2017, 8, 17, 0, 0, 0, 0}, {2017, 8, 20, 0, 0, 0, 0}, {2017, 8, 26, 0, 0, 0, 0}, {2017, 8, 29, 0, 0, 0, 0}}, 1, 1},
    };
    for (size_t c = 0; c < 3; c++) {
        kl_series series;
        kl_series_init(&series, NULL);
        series.key.interval = clean_interval(cases[c].interval);
        for (int i = 0; i < 4; i++) {
            kl_kline row = clean_bar(0, 0);
            assert_int_equal(kl_civil_to_time(&cases[c].days[i], &row.open_time_us), KL_OK);
            assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
        }
        uint64_t gaps, missing;
        assert_int_equal(kl_series_gaps(&series, NULL, &gaps, &missing, NULL), KL_OK);
        assert_int_equal(gaps, cases[c].gaps);
        assert_int_equal(missing, cases[c].missing);
        kl_series_free(&series);
    }
}

static void holes_in_trade_ids(void **state) {
    (void)state;
    const struct {
        int64_t id, first, last;
        uint32_t flags;
    } rows[] = {{1, 100, 104, 0}, {2, 105, 105, 0}, {3, -1, -1, KL_TRADE_NEUTRALISED}, {4, 110, 112, 0}, {5, 113, 113, 0}, {9, 115, 120, 0}};
    kl_trades trades;
    kl_trades_init(&trades, NULL);
    const kl_scale scale = {2, 8, 0, 0};
    for (size_t i = 0; i < 6; i++) {
        kl_trade t;
        memset(&t, 0, sizeof t);
        t.id = rows[i].id, t.first_id = rows[i].first, t.last_id = rows[i].last, t.flags = rows[i].flags;
        t.time_us = CLEAN_T0, t.price = 1, t.quantity = clean_wide(1);
        assert_int_equal(kl_trades_append(&trades, &t, 1, &scale, NULL), KL_OK);
    }
    gap_list list = {0};
    kl_gap_sink sink = {&list, take_gap};
    uint64_t gaps, missing;
    assert_int_equal(kl_trades_gaps(&trades, &sink, &gaps, &missing, NULL), KL_OK);
    assert_int_equal(gaps, 2);
    assert_int_equal(missing, 5);
    assert_int_equal(list.gap[0].from, 106), assert_int_equal(list.gap[0].to, 110), assert_int_equal(list.gap[0].missing, 4);
    assert_int_equal(list.gap[1].from, 114);
    trades.rows[5].first_id = 101; /* steps back */
    kl_error error;
    assert_int_equal(kl_trades_gaps(&trades, NULL, &gaps, &missing, &error), KL_E_ORDER);
    assert_int_equal(error.row, 6);
    for (size_t i = 0; i < 6; i++) trades.rows[i].id = trades.rows[i].first_id = trades.rows[i].last_id = -1;
    assert_int_equal(kl_trades_gaps(&trades, NULL, &gaps, &missing, NULL), KL_OK);
    assert_int_equal(gaps, 0);
    kl_trades_free(&trades);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bug_3d__every_hole_is_found),
        cmocka_unit_test(months_weeks_and_listing_days),
        cmocka_unit_test(holes_in_trade_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
