/* Daily metrics and price spread. */
#include "base/fp.h"
#include "clean_rows.h"
#include <math.h>

static void series_of(kl_series *series, int32_t scale) {
    const kl_scale s = {scale, 8, 8, 0};
    kl_series_init(series, NULL);
    series->key.interval = clean_interval("1d");
    for (int i = 0; i < 3; i++) {
        kl_kline row = clean_bar(0, 0);
        row.open_time_us = CLEAN_T0 + i * CLEAN_DAY;
        row.open = 10000 + i * 100, row.close = 10050 - i * 300, row.high = 10400, row.low = 8000;
        assert_int_equal(kl_series_append(series, &row, 1, &s, NULL), KL_OK);
    }
}

static double at(const kl_table *table, const char *name, size_t row) {
    size_t column;
    double value;
    assert_int_equal(kl_table_find_column(table, name, &column), KL_OK);
    assert_int_equal(kl_table_get_f64(table, column, row, &value), KL_OK);
    return value;
}

static void metrics_of_each_day(void **state) {
    (void)state;
    kl_series series;
    series_of(&series, 2);
    kl_table *table;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_daily_metrics(&series, -1, table, NULL), KL_OK);
    assert_int_equal(kl_table_rows(table), 3);
    assert_true(at(table, "change", 0) == 0.5);
    assert_true(at(table, "change", 1) == -3.5);
    assert_true(at(table, "change_pct", 1) == -350.0 * 100 / 10100);
    assert_true(at(table, "spread", 2) == 24.0);
    assert_true(at(table, "spread_pct", 2) == 30.0);
    assert_true(isnan(at(table, "return_pct", 0)));
    assert_true(at(table, "return_pct", 1) == -300.0 * 100 / 10050);
    assert_true(fabs(at(table, "log_return", 1) - log(9750.0 / 10050.0)) < 1e-16);
    assert_int_equal(kl_daily_metrics(&series, -1, table, NULL), KL_E_STATE);
    kl_table_free(table);
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_daily_metrics(&series, 2, table, NULL), KL_OK);
    assert_true(at(table, "change_pct", 1) == -3.47);
    assert_true(at(table, "return_pct", 1) == -2.99);
    assert_true(at(table, "log_return", 1) == -0.03);
    kl_table_free(table);
    series.rows[1].known &= ~(uint32_t)(KL_HAS_CLOSE | KL_HAS_LOW);
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_daily_metrics(&series, -1, table, NULL), KL_OK);
    assert_true(isnan(at(table, "change", 1)) && isnan(at(table, "spread", 1)) && isnan(at(table, "return_pct", 2)));
    kl_table_free(table);
    kl_series_free(&series);
}

static void spread_of_two_venues(void **state) {
    (void)state;
    kl_series a, b;
    series_of(&a, 2), series_of(&b, 3);
    b.rows[1].open_time_us += CLEAN_HOUR; /* no partner */
    kl_table *table;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_price_spread(&a, &b, table, NULL), KL_OK);
    assert_int_equal(kl_table_rows(table), 2);
    kl_i128 difference;
    assert_int_equal(kl_table_get_decimal(table, 3, 0, &difference), KL_OK);
    assert_int_equal(difference.lo, 100500 - 10050); /* 100.50 - 10.050 at three decimals */
    assert_true(fabs(at(table, "difference_bps", 0) - 10000 * (100.5 - 10.05) / ((100.5 + 10.05) / 2)) < 1e-9);
    kl_table_free(table);
    b.rows[2].open_time_us = b.rows[0].open_time_us;
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_price_spread(&a, &b, table, NULL), KL_E_ORDER);
    kl_table_free(table);
    kl_series_free(&a), kl_series_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_of_each_day),
        cmocka_unit_test(spread_of_two_venues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
