/* Buying and holding by hand: holes at both ends and inside, paths, the sentence and its room. */
#include "base/fp.h"
#include "kline/stat.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE ((double)NAN)
#define DAY INT64_C(86400000000)
#define T0 INT64_C(1609459200000000) /* 2021-01-01 */
#define N 7

static const kl_time times[N] = {T0, T0 + DAY, T0 + 2 * DAY, T0 + 3 * DAY, T0 + 5 * DAY, T0 + 6 * DAY, T0 + 7 * DAY};
static const double close_price[N] = {100, NONE, 200, 250, NONE, 150, NONE};

static kl_columns columns(void) {
    kl_columns c;
    memset(&c, 0, sizeof c);
    c.n = N;
    c.open_time_us = times;
    c.close = close_price;
    return c;
}

static void test_by_hand(void **state) {
    (void)state;
    kl_columns c = columns();
    kl_investment r;
    double value[N], fall[N];
    /* bought on the first candle after the hole of day 1, valued on the last before the one of day 7 */
    assert_int_equal(kl_invest(&c, T0 + DAY, T0 + 9 * DAY, 1000, value, fall, &r, NULL), KL_OK);
    assert_int_equal(r.start_row, 2);
    assert_int_equal(r.end_row, 5);
    assert_true(r.start == T0 + 2 * DAY && r.end == T0 + 6 * DAY);
    assert_true(r.start_price == 200 && r.end_price == 150 && r.units == 5 && r.value == 750 && r.profit == -250 && r.return_pct == -25);
    assert_true(r.worst_drawdown == -0.4 && r.worst_peak == T0 + 3 * DAY && r.worst_trough == T0 + 6 * DAY);
    const double expect_value[] = {NONE, NONE, 1000, 1250, NONE, 750, NONE}, expect_fall[] = {NONE, NONE, 0, 0, NONE, -0.4, NONE};
    for (size_t i = 0; i < N; i++) {
        assert_true(value[i] == expect_value[i] || (isnan(value[i]) && isnan(expect_value[i])));
        assert_true(fall[i] == expect_fall[i] || (isnan(fall[i]) && isnan(expect_fall[i])));
    }
    /* between two candles of the grid: one candle alone */
    assert_int_equal(kl_invest(&c, T0 + 1, T0 + 3 * DAY - 1, 10, NULL, NULL, &r, NULL), KL_OK);
    assert_true(r.start_row == 2 && r.end_row == 2 && r.profit == 0 && r.worst_drawdown == 0 && r.worst_peak == KL_TIME_NONE);
    assert_int_equal(kl_invest(&c, T0, T0 + 3 * DAY, 10, NULL, NULL, &r, NULL), KL_OK);
    assert_true(r.value == 25 && r.return_pct == 150 && r.worst_drawdown == 0);
}

/* What the largest double cannot hold is unknown, never infinite. */
static void test_out_of_range(void **state) {
    (void)state;
    const kl_time time[] = {T0, T0 + DAY, T0 + 2 * DAY};
    const double close[] = {1, 1e308, 5e-324};
    kl_columns c;
    kl_investment r;
    double value[3], fall[3];
    char text[400] = "x";
    memset(&c, 0, sizeof c);
    c.n = 3, c.open_time_us = time, c.close = close;
    assert_int_equal(kl_invest(&c, T0, T0 + DAY, 1e10, value, fall, &r, NULL), KL_OK);
    assert_true(isnan(r.value) && isnan(r.profit) && isnan(r.return_pct) && r.units == 1e10);
    assert_true(value[0] == 1e10 && isnan(value[1]) && fall[1] == 0);
    assert_int_equal(kl_invest_print(&r, "X", "", text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_int_equal(kl_invest(&c, T0 + 2 * DAY, T0 + 3 * DAY, 1e10, value, fall, &r, NULL), KL_OK);
    assert_true(isnan(r.units) && r.value == 1e10 && r.profit == 0 && r.return_pct == 0);
    assert_true(kl_invest_print(&r, "X", "", text, sizeof text) > 0);
}

static void test_errors(void **state) {
    (void)state;
    kl_columns c = columns();
    kl_investment r, before;
    kl_error e;
    memset(&r, 0x55, sizeof r);
    before = r;
    double value[N] = {7};
    assert_int_equal(kl_invest(&c, T0 + DAY, T0 + DAY, 10, value, NULL, &r, &e), KL_E_NOT_FOUND); /* a hole alone */
    assert_int_equal(kl_invest(&c, T0 + 8 * DAY, T0 + 9 * DAY, 10, value, NULL, &r, &e), KL_E_NOT_FOUND);
    assert_int_equal(kl_invest(&c, T0 + DAY, T0, 10, value, NULL, &r, &e), KL_E_ARG);
    assert_int_equal(kl_invest(&c, T0, T0 + DAY, 0, value, NULL, &r, &e), KL_E_ARG);
    assert_int_equal(kl_invest(&c, T0, T0 + DAY, NONE, value, NULL, &r, &e), KL_E_ARG);
    assert_int_equal(kl_invest(NULL, T0, T0 + DAY, 1, value, NULL, &r, &e), KL_E_ARG);
    const kl_time wrong[] = {T0, T0 + DAY, T0 + DAY, T0, T0, T0, T0};
    c.open_time_us = wrong;
    assert_int_equal(kl_invest(&c, T0, T0 + DAY, 1, value, NULL, &r, &e), KL_E_ORDER);
    assert_int_equal(e.row, 3);
    c.close = NULL;
    assert_int_equal(kl_invest(&c, T0, T0 + DAY, 1, value, NULL, &r, &e), KL_E_COLUMNS);
    assert_memory_equal(&r, &before, sizeof r);
    assert_true(value[0] == 7);
}

static void test_sentence(void **state) {
    (void)state;
    kl_columns c = columns();
    kl_investment r;
    char text[400];
    const char *loss = "1000.00 USDT in BTCUSDT on 2021-01-03T00:00:00Z at 200 would be 750.00 USDT on 2021-01-07T00:00:00Z at 150: a loss of "
                       "250.00 USDT (-25.00 %). On the way it fell by up to 40.00 %, from 2021-01-04T00:00:00Z to 2021-01-07T00:00:00Z.";
    assert_int_equal(kl_invest(&c, T0 + DAY, T0 + 9 * DAY, 1000, NULL, NULL, &r, NULL), KL_OK);
    assert_int_equal(kl_invest_print(&r, "BTCUSDT", "USDT", text, sizeof text), strlen(loss));
    assert_string_equal(text, loss);
    for (size_t room = 1; room <= strlen(loss); room++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(kl_invest_print(&r, "BTCUSDT", "USDT", text, room), 0);
        assert_string_equal(text, "");
        assert_int_equal(text[room], 'x');
    }
    assert_int_equal(kl_invest_print(&r, "BTCUSDT", "USDT", text, strlen(loss) + 1), strlen(loss));
    assert_int_equal(kl_invest(&c, T0, T0 + 2 * DAY, 0.125, NULL, NULL, &r, NULL), KL_OK);
    kl_invest_print(&r, "X", "", text, sizeof text);
    assert_string_equal(text, "0.13 in X on 2021-01-01T00:00:00Z at 100 would be 0.25 on 2021-01-03T00:00:00Z at 200: a profit of 0.13 (+100.00 %).");
    const struct {
        double profit, percent, fall;
        const char *end;
    } ends[] = {{0, 0, 0, ": neither profit nor loss (0.00 %)."},
                {-0.004, -0.004, -0.00004, ": neither profit nor loss (0.00 %)."},
                {0.004, 0.004, 0, ": neither profit nor loss (0.00 %)."},
                {-0.004, -40, -0.4, ": neither profit nor loss (-40.00 %). On the way it fell by up to 40.00 %, from 2021-01-01T00:00:00Z to 2021-01-02T00:00:00Z."},
                {0.005, 40, 0, ": a profit of 0.01 (+40.00 %)."},
                {-7, -0.001, 0, ": a loss of 7.00 (0.00 %)."}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        r.profit = ends[i].profit, r.return_pct = ends[i].percent, r.worst_drawdown = ends[i].fall;
        r.worst_peak = T0, r.worst_trough = T0 + DAY;
        assert_true(kl_invest_print(&r, "X", "", text, sizeof text) > 0);
        assert_string_equal(strchr(strstr(text, "at 200"), ':'), ends[i].end);
    }
    r.amount = 1e300;
    assert_true(kl_invest_print(&r, "X", "", text, sizeof text) > 0);
    assert_non_null(strstr(text, "1e+300 in X"));
    assert_int_equal(kl_invest_print(NULL, "X", "", text, sizeof text), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_out_of_range), cmocka_unit_test(test_errors), cmocka_unit_test(test_sentence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
