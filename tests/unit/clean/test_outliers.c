/* Spikes, and what follows them. */
#include "clean_rows.h"

static void series_of(kl_series *series, const int64_t *closes, size_t n) {
    kl_series_init(series, NULL);
    series->key.interval = clean_interval("1m");
    for (size_t i = 0; i < n; i++) {
        kl_kline row = clean_bar((int64_t)i, 0);
        row.close = closes[i];
        assert_int_equal(kl_series_append(series, &row, 1, &clean_scale, NULL), KL_OK);
    }
}

static uint32_t marks_of(const kl_series *series) {
    uint32_t marks = 0;
    for (size_t i = 0; i < series->n; i++)
        if (series->rows[i].flags & KL_OUTLIER) marks |= 1u << i;
    return marks;
}

static void bug_2c__the_bar_after_a_spike_is_kept(void **state) {
    (void)state;
    /* a spike up and a drop below half: only they go, and the good bars after them stay */
    const int64_t closes[] = {1000, 1010, 9000, 1020, 1005, 300, 1015, 1000};
    kl_series series;
    series_of(&series, closes, 8);
    uint64_t found;
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 0, 0, &found, NULL), KL_OK);
    assert_int_equal(found, 2);
    assert_int_equal(marks_of(&series), 1u << 2 | 1u << 5);
    assert_int_equal(series.n, 8);
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 0, 1, &found, NULL), KL_OK);
    assert_int_equal(series.n, 6);
    assert_int_equal(series.rows[2].close, 1020);
    /* differenced again after removal, no return is out of range */
    for (size_t i = 1; i < series.n; i++) assert_true(series.rows[i].close < 2 * series.rows[i - 1].close);
    kl_series_free(&series);
}

static void a_new_level_is_accepted_after_some_patience(void **state) {
    (void)state;
    const int64_t closes[] = {1000, 1010, 100, 101, 102, 103, 9000, 104};
    kl_series series;
    series_of(&series, closes, 8);
    uint64_t found;
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 3, 0, &found, NULL), KL_OK);
    assert_int_equal(found, 1); /* the level was right from its first bar on */
    assert_int_equal(marks_of(&series), 1u << 6);
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 0, 0, &found, NULL), KL_OK);
    assert_int_equal(found, 6); /* without patience only what lies near the old level is good */
    kl_series_free(&series);
    const int64_t wild[] = {1000, 100, 9000, 90, 8000, 80, 7000, 1000}; /* no steady level */
    series_of(&series, wild, 8);
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 3, 0, &found, NULL), KL_OK);
    assert_int_equal(marks_of(&series), 0x7e);
    kl_series_free(&series);
}

static void limits_are_outside_and_unknown_is_passed_over(void **state) {
    (void)state;
    const int64_t closes[] = {1000, 2000, 500, 1999, 1000, 501};
    kl_series series;
    series_of(&series, closes, 6);
    series.rows[4].known &= ~(uint32_t)KL_HAS_CLOSE;
    uint64_t found;
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 0, 0, &found, NULL), KL_OK);
    assert_int_equal(marks_of(&series), 1u << 1 | 1u << 2 | 1u << 5); /* exactly +100 % and -50 % are out; 501 from 1999 too */
    assert_int_equal(kl_series_outliers(&series, 0.0, 1.0, 0, 0, &found, NULL), KL_E_ARG);
    series.rows[1].open_time_us = series.rows[0].open_time_us;
    kl_error error;
    assert_int_equal(kl_series_outliers(&series, 0.5, 1.0, 0, 0, &found, &error), KL_E_ORDER);
    assert_int_equal(error.row, 2);
    kl_series_free(&series);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bug_2c__the_bar_after_a_spike_is_kept),
        cmocka_unit_test(a_new_level_is_accepted_after_some_patience),
        cmocka_unit_test(limits_are_outside_and_unknown_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
