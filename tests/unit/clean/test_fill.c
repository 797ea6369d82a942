/* Rows of our own in gaps. */
#include "clean_rows.h"

static void series_with_gaps(kl_series *series) {
    kl_series_init(series, NULL);
    series->key.interval = clean_interval("1m");
    for (int i = 0; i < 50; i++) {
        if (i == 10 || (i >= 20 && i < 25)) continue;
        kl_kline row = clean_bar(i, 0);
        assert_int_equal(kl_series_append(series, &row, 1, &clean_scale, NULL), KL_OK);
    }
}

static void previous_close_flat_and_back(void **state) {
    (void)state;
    kl_series series, before;
    series_with_gaps(&series), series_with_gaps(&before);
    uint64_t filled, removed;
    assert_int_equal(kl_series_fill(&series, KL_FILL_NONE, 0, &filled, NULL), KL_OK);
    assert_int_equal(filled, 0);
    assert_int_equal(kl_series_fill(&series, KL_FILL_PREVIOUS, 0, &filled, NULL), KL_OK);
    assert_int_equal(filled, 6);
    assert_int_equal(series.n, 50);
    for (size_t i = 0; i < 50; i++) {
        const kl_kline *row = &series.rows[i];
        assert_int_equal(row->open_time_us, CLEAN_T0 + (int64_t)i * CLEAN_MINUTE);
        if (i != 10 && (i < 20 || i >= 25)) continue;
        assert_int_equal(row->flags, KL_SYNTHETIC | KL_CLOSED);
        int64_t close = series.rows[i == 10 ? 9 : 19].close;
        assert_true(row->open == close && row->high == close && row->low == close && row->close == close);
        assert_int_equal(row->volume.lo, 0);
        assert_int_equal(row->known, KL_HAS_ALL & ~KL_HAS_CLOSE_TIME);
        assert_int_equal(row->close_time_us, row->open_time_us + CLEAN_MINUTE - 1);
        assert_int_equal(kl_validate_kline(row, &series.key.interval, NULL, NULL), KL_OK);
    }
    uint64_t gaps, missing;
    assert_int_equal(kl_series_gaps(&series, NULL, &gaps, &missing, NULL), KL_OK);
    assert_int_equal(gaps, 0);
    kl_series_unfill(&series, &removed);
    assert_int_equal(removed, 6);
    assert_int_equal(series.n, before.n);
    assert_memory_equal(series.rows, before.rows, before.n * sizeof *before.rows);
    kl_series_free(&series), kl_series_free(&before);
}

static void long_runs_stay_and_unknown_rows(void **state) {
    (void)state;
    kl_series series;
    series_with_gaps(&series);
    uint64_t filled;
    assert_int_equal(kl_series_fill(&series, KL_FILL_UNKNOWN, 4, &filled, NULL), KL_OK);
    assert_int_equal(filled, 1);
    assert_int_equal(series.rows[10].known, 0);
    assert_int_equal(series.rows[10].flags, KL_SYNTHETIC | KL_CLOSED);
    uint64_t gaps, missing;
    assert_int_equal(kl_series_gaps(&series, NULL, &gaps, &missing, NULL), KL_OK);
    assert_int_equal(missing, 5);
    kl_series_free(&series);
}

static void months_are_filled_on_their_first_day(void **state) {
    (void)state;
    kl_series series;
    kl_series_init(&series, NULL);
    series.key.interval = clean_interval("1M");
    for (int m = 1; m <= 12; m += 11) {
        kl_civil day = {2024, m, 1, 0, 0, 0, 0};
        kl_kline row = clean_bar(0, 0);
        assert_int_equal(kl_civil_to_time(&day, &row.open_time_us), KL_OK);
        assert_int_equal(kl_series_append(&series, &row, 1, &clean_scale, NULL), KL_OK);
    }
    uint64_t filled;
    assert_int_equal(kl_series_fill(&series, KL_FILL_PREVIOUS, 0, &filled, NULL), KL_OK);
    assert_int_equal(filled, 10);
    for (int m = 1; m <= 12; m++) {
        kl_civil day;
        kl_civil_from_time(series.rows[m - 1].open_time_us, &day);
        assert_true(day.month == m && day.day == 1 && day.hour == 0);
    }
    kl_series_free(&series);
}

static void a_failure_leaves_the_series_as_it_was(void **state) {
    (void)state;
    kl_alloc_counter counter;
    kl_alloc alloc;
    memset(&counter, 0, sizeof counter);
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
    kl_series series;
    kl_series_init(&series, &alloc);
    series.key.interval = clean_interval("1m");
    kl_kline rows[2] = {clean_bar(0, 0), clean_bar(9, 0)};
    assert_int_equal(kl_series_append(&series, rows, 2, &clean_scale, NULL), KL_OK);
    counter.fail_at = counter.requests + 1;
    assert_int_equal(kl_series_fill(&series, KL_FILL_PREVIOUS, 0, NULL, NULL), KL_E_MEMORY);
    assert_int_equal(series.n, 2);
    rows[0].open_time_us = 0;
    series.rows[1].open_time_us = INT64_C(4000000000000000); /* a gap of 38 million minutes: more than the limit allows */
    counter.limit = counter.live_bytes + 1000000;
    kl_status status = kl_series_fill(&series, KL_FILL_PREVIOUS, 0, NULL, NULL);
    assert_int_equal(status, sizeof(size_t) < 8 ? KL_E_OVERFLOW : KL_E_MEMORY);
    series.rows[1].open_time_us = series.rows[0].open_time_us;
    assert_int_equal(kl_series_fill(&series, KL_FILL_PREVIOUS, 0, NULL, NULL), KL_E_ORDER);
    kl_series_free(&series);
    assert_int_equal(counter.live_bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(previous_close_flat_and_back),
        cmocka_unit_test(long_runs_stay_and_unknown_rows),
        cmocka_unit_test(months_are_filled_on_their_first_day),
        cmocka_unit_test(a_failure_leaves_the_series_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
