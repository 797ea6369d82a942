/* Alignment: union, intersection and grid of open times; rows and columns of series put on them. Checked against sets made the
 * slow way, on series that begin late, end early, have holes, or are empty. */
#include "kline/data.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HOUR INT64_C(3600000000)
#define START INT64_C(1672531200000000) /* 2023-01-01 */
#define SERIES 9
#define HOURS 300

static kl_time opens[SERIES][HOURS];
static double closes[SERIES][HOURS];
static kl_columns series[SERIES];
static uint8_t has[SERIES][HOURS]; /* the slow set: has a row at this hour */

/* `density`: rows out of 100 hours of the range of a series. */
static void make(uint64_t seed, size_t n_series, unsigned density) {
    for (size_t s = 0; s < n_series; s++) {
        size_t first = (size_t)random_below(&seed, 60), last = HOURS - (size_t)random_below(&seed, 60), n = 0;
        if (random_below(&seed, 12) == 0) last = first; /* empty */
        memset(has[s], 0, HOURS);
        for (size_t h = first; h < last; h++) {
            if (random_below(&seed, 100) >= density) continue;
            has[s][h] = 1;
            opens[s][n] = START + (int64_t)h * HOUR;
            closes[s][n++] = (double)(s * 1000 + h);
        }
        memset(&series[s], 0, sizeof series[s]);
        series[s].n = n;
        series[s].open_time_us = n || random_below(&seed, 2) ? opens[s] : NULL;
        series[s].close = closes[s];
    }
}

static void test_times(void **state) {
    (void)state;
    static const unsigned densities[] = {100, 97, 60, 5};
    kl_time times[HOURS], exact[HOURS];
    size_t scratch[SERIES], n, counted;
    for (uint64_t seed = 1; seed < 400; seed++) {
        size_t n_series = 1 + (size_t)(seed % SERIES);
        make(seed, n_series, densities[seed / SERIES % 4]);
        for (int32_t how = KL_ALIGN_ANY; how <= KL_ALIGN_ALL; how++) {
            size_t wanted = 0;
            for (size_t h = 0; h < HOURS; h++) {
                size_t sum = 0;
                for (size_t s = 0; s < n_series; s++) sum += has[s][h];
                if (how == KL_ALIGN_ANY ? sum > 0 : sum == n_series) exact[wanted++] = START + (int64_t)h * HOUR;
            }
            assert_int_equal(kl_align_times(series, n_series, how, scratch, NULL, 0, &counted, NULL), KL_OK);
            assert_int_equal(counted, wanted);
            assert_int_equal(kl_align_times(series, n_series, how, scratch, times, HOURS, &n, NULL), KL_OK);
            assert_int_equal(n, wanted);
            assert_memory_equal(times, exact, n * sizeof *times);
            if (wanted < 2) continue;
            memset(times, 0, sizeof times);
            assert_int_equal(kl_align_times(series, n_series, how, scratch, times, wanted - 1, &n, NULL), KL_E_SIZE);
            assert_int_equal(n, wanted);
            assert_memory_equal(times, exact, (n - 1) * sizeof *times);
            assert_int_equal(times[n - 1], 0);
            assert_int_equal(kl_align_times(series, n_series, how, scratch, times, wanted, &n, NULL), KL_OK);
        }
    }
}

static void test_rows(void **state) {
    (void)state;
    const kl_interval hour = {KL_HOUR, 1, 0};
    kl_time times[HOURS];
    int64_t rows[HOURS], found;
    double matrix[HOURS * SERIES];
    size_t n;
    for (uint64_t seed = 1; seed < 200; seed++) {
        make(seed + 1000, SERIES, seed % 2 ? 90 : 30);
        size_t from = (size_t)(seed % 70), to = HOURS - (size_t)(seed % 50); /* within and beyond the series */
        assert_int_equal(kl_align_grid(&hour, START + (int64_t)from * HOUR, START + (int64_t)to * HOUR, times, HOURS, &n, NULL), KL_OK);
        assert_int_equal(n, to - from);
        memset(matrix, 0x55, sizeof matrix);
        for (size_t s = 0; s < SERIES; s++) {
            int64_t wanted = 0;
            found = kl_align_rows(&series[s], times, n, rows, NULL);
            assert_true(found == kl_align_column(&series[s], series[s].close, times, n, matrix + s, SERIES, NULL));
            for (size_t i = 0; i < n; i++) {
                wanted += has[s][from + i];
                assert_int_equal(rows[i] >= 0, has[s][from + i]);
                if (rows[i] >= 0) {
                    assert_true(series[s].open_time_us[rows[i]] == times[i]);
                    assert_true(matrix[i * SERIES + s] == (double)(s * 1000 + from + i));
                } else {
                    assert_true(isnan(matrix[i * SERIES + s]));
                }
            }
            assert_true(found == wanted);
        }
    }
}

/* A time that is off by a microsecond does not meet. */
static void test_strict(void **state) {
    (void)state;
    kl_time a[] = {START, START + HOUR}, b[] = {START + 1, START + HOUR}, times[4];
    kl_columns two[2];
    size_t scratch[2], n;
    int64_t rows[3];
    memset(two, 0, sizeof two);
    two[0].n = two[1].n = 2;
    two[0].open_time_us = a, two[1].open_time_us = b;
    assert_int_equal(kl_align_times(two, 2, KL_ALIGN_ANY, scratch, times, 4, &n, NULL), KL_OK);
    assert_int_equal(n, 3);
    assert_true(kl_align_rows(&two[0], times, n, rows, NULL) == 2);
    assert_true(rows[0] == 0 && rows[1] == -1 && rows[2] == 1);
    assert_int_equal(kl_align_times(two, 2, KL_ALIGN_ALL, scratch, times, 4, &n, NULL), KL_OK);
    assert_int_equal(n, 1);
    assert_true(times[0] == START + HOUR);
    assert_int_equal(kl_align_times(NULL, 0, KL_ALIGN_ALL, NULL, times, 4, &n, NULL), KL_OK);
    assert_int_equal(n, 0);
}

static void test_months(void **state) {
    (void)state;
    const kl_interval month = {KL_MONTH, 1, 0};
    kl_time times[15], at;
    size_t n;
    assert_int_equal(kl_align_grid(&month, START + 1, START + 366 * 24 * HOUR, times, 15, &n, NULL), KL_OK);
    assert_int_equal(n, 12); /* 2023-02 .. 2024-01 */
    for (size_t i = 0; i < n; i++) {
        kl_civil civil = {i < 11 ? 2023 : 2024, i < 11 ? (int32_t)i + 2 : 1, 1, 0, 0, 0, 0};
        assert_int_equal(kl_civil_to_time(&civil, &at), KL_OK);
        assert_true(times[i] == at);
    }
    assert_int_equal(kl_align_grid(&month, START, START, NULL, 0, &n, NULL), KL_OK);
    assert_int_equal(n, 0);
    assert_int_equal(kl_align_grid(&month, START, START + 366 * 24 * HOUR, NULL, 0, &n, NULL), KL_OK);
    assert_int_equal(n, 13);
    memset(times, 0, sizeof times);
    assert_int_equal(kl_align_grid(&month, START, START + 366 * 24 * HOUR, times, 2, &n, NULL), KL_E_SIZE);
    assert_true(n == 13 && times[0] == START && times[1] == START + 31 * 24 * HOUR && times[2] == 0);
}

static void test_refusals(void **state) {
    (void)state;
    kl_error error;
    kl_time times[HOURS];
    size_t scratch[SERIES], n = 77;
    int64_t rows[HOURS];
    double out[HOURS] = {7.0};
    const kl_interval days = {KL_DAY, 3, KL_TIME_NONE}, hour = {KL_HOUR, 1, 0};
    make(5, SERIES, 100);
    for (size_t s = 0; s < 3; s++) {
        for (size_t h = 0; h < HOURS; h++) opens[s][h] = START + (int64_t)h * HOUR;
        series[s].n = HOURS, series[s].open_time_us = opens[s];
    }
    for (size_t h = 0; h < HOURS; h++) times[h] = opens[0][h];
    times[3] = times[2];
    assert_true(kl_align_rows(&series[0], times, HOURS, rows, &error) == KL_E_ORDER && error.arg == 2 && error.row == 4);
    assert_true(kl_align_rows(&series[0], times + 3, HOURS - 3, rows, &error) == HOURS - 3);
    opens[2][200] = opens[2][199]; /* a duplicate */
    assert_int_equal(kl_align_times(series, 3, KL_ALIGN_ANY, scratch, times, HOURS, &n, &error), KL_E_ORDER);
    assert_true(error.arg == 1 && error.row == 201 && error.column == 3 && n == 77);
    assert_true(kl_align_column(&series[2], closes[2], times + 150, 60, out, 1, &error) == KL_E_ORDER && error.arg == 1 && error.row == 201);
    assert_true(out[0] == 7.0);
    assert_true(kl_align_column(&series[2], closes[2], times + 10, 60, out, 1, &error) == 60); /* outside of the times */
    opens[1][0] = KL_TIME_NONE;
    assert_int_equal(kl_align_times(series, 2, KL_ALIGN_ANY, scratch, times, HOURS, &n, &error), KL_E_TIME);
    series[1].open_time_us = NULL;
    assert_int_equal(kl_align_times(series, 2, KL_ALIGN_ANY, scratch, times, HOURS, &n, &error), KL_E_ARG);
    assert_int_equal(error.column, 2);
    assert_int_equal(kl_align_times(series, 1, 2, scratch, times, HOURS, &n, &error), KL_E_ARG);
    assert_int_equal(error.arg, 3);
    assert_int_equal(kl_align_times(series, 1, KL_ALIGN_ANY, NULL, times, HOURS, &n, NULL), KL_E_ARG);
    assert_int_equal(kl_align_times(series, 1, KL_ALIGN_ANY, scratch, NULL, HOURS, &n, NULL), KL_E_ARG);
    assert_int_equal(kl_align_times(series, 1, KL_ALIGN_ANY, scratch, times, HOURS, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_align_rows(NULL, times, 1, rows, NULL), KL_E_ARG);
    assert_int_equal(kl_align_rows(&series[0], times, 1, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_align_column(&series[0], NULL, times, 1, out, 1, NULL), KL_E_ARG);
    assert_int_equal(kl_align_column(&series[0], closes[0], times, 1, out, 0, NULL), KL_E_ARG);
    assert_int_equal(kl_align_grid(&days, START, START + HOUR, times, 1, &n, &error), KL_E_ANCHOR);
    assert_int_equal(kl_align_grid(NULL, START, START + HOUR, times, 1, &n, NULL), KL_E_ARG);
    assert_int_equal(kl_align_grid(&hour, INT64_MIN, INT64_MAX, times, 1, &n, &error) < 0, 1);
    assert_int_equal(n, 77);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_times), cmocka_unit_test(test_rows), cmocka_unit_test(test_strict),
                                       cmocka_unit_test(test_months), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests_name("align", tests, NULL, NULL);
}
