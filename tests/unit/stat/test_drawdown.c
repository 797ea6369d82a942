/* Peaks and drawdowns by hand and in parts; episodes; the worst against a search of every pair of rows. */
#include "base/fp.h"
#include "kline/stat.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE ((double)NAN)
static int same(double a, double b) { return (a != a && b != b) || a == b; }
#define assert_double(a, b) assert_true(same(a, b))

static const double prices[] = {NONE, 100, 80, NONE, 90, 100, 120, 60, 90, 120, 119, 150, -1, 75, 100};
#define N (sizeof prices / sizeof *prices)

static void test_by_hand(void **state) {
    (void)state;
    const double top[] = {NONE, 100, 100, 100, 100, 100, 120, 120, 120, 120, 120, 150, 150, 150, 150};
    const double fall[] = {NONE, 0, -20.0 / 100, NONE, -10.0 / 100, 0, 0, -0.5, -0.25, 0, -1.0 / 120, 0, NONE, -0.5, -50.0 / 150};
    double peaks[N], drawdown[N], peak = NONE;
    assert_int_equal(kl_drawdown(prices, N, &peak, peaks, drawdown), KL_OK);
    assert_double(peak, 150);
    for (size_t i = 0; i < N; i++) {
        assert_double(peaks[i], top[i]);
        assert_double(drawdown[i], fall[i]);
        assert_false(signbit(drawdown[i]) && drawdown[i] == 0);
    }
    for (size_t cut = 0; cut <= N; cut++) {
        double a[N], b[N];
        memcpy(b, prices, sizeof b); /* drawdowns in place */
        peak = NONE;
        assert_int_equal(kl_drawdown(b, cut, &peak, a, b), KL_OK);
        assert_int_equal(kl_drawdown(b + cut, N - cut, &peak, a + cut, b + cut), KL_OK);
        for (size_t i = 0; i < N; i++) {
            assert_double(a[i], top[i]);
            assert_double(b[i], fall[i]);
        }
    }
    assert_int_equal(kl_drawdown(prices, N, NULL, peaks, drawdown), KL_E_ARG);
    assert_int_equal(kl_drawdown(prices, N, &peak, NULL, NULL), KL_OK);
}

static void test_episodes(void **state) {
    (void)state;
    kl_drawdown_episode e[8];
    size_t total;
    assert_int_equal(kl_drawdown_episodes(prices, N, KL_DRAWDOWN_BY_TIME, e, 8, &total), KL_OK);
    assert_int_equal(total, 4);
    const size_t peak[] = {1, 6, 9, 11}, trough[] = {2, 7, 10, 13}, back[] = {5, 9, 11, SIZE_MAX}, rise[] = {3, 2, 1, 1};
    for (size_t i = 0; i < 4; i++) {
        assert_true(e[i].peak == peak[i] && e[i].trough == trough[i] && e[i].recovery == back[i]);
        assert_true(e[i].fall_rows == trough[i] - peak[i] && e[i].rise_rows == rise[i] && e[i].rows == trough[i] - peak[i] + rise[i]);
    }
    assert_double(e[1].depth, -0.5);
    assert_double(e[1].peak_price, 120);
    assert_double(e[1].trough_price, 60);
    const size_t deepest[] = {6, 11, 1, 9}; /* -0.5 twice: the earlier first */
    for (size_t room = 0; room <= 5; room++) {
        memset(e, 0, sizeof e);
        assert_int_equal(kl_drawdown_episodes(prices, N, KL_DRAWDOWN_BY_DEPTH, e, room, &total), KL_OK);
        assert_int_equal(total, 4);
        for (size_t i = 0; i < room && i < 4; i++) assert_int_equal(e[i].peak, deepest[i]);
        assert_int_equal(e[room].rows, 0);
        assert_int_equal(kl_drawdown_episodes(prices, N, KL_DRAWDOWN_BY_TIME, e, room, &total), KL_OK);
        for (size_t i = 0; i < room && i < 4; i++) assert_int_equal(e[i].peak, peak[i]);
    }
    assert_int_equal(kl_drawdown_episodes(prices, 1, 0, e, 8, &total), KL_OK);
    assert_int_equal(total, 0);
    assert_int_equal(kl_drawdown_episodes(prices, N, 2, e, 8, &total), KL_E_ARG);
    assert_int_equal(kl_drawdown_episodes(prices, N, 0, NULL, 8, &total), KL_E_ARG);
    assert_int_equal(kl_drawdown_episodes(prices, N, 0, NULL, 0, &total), KL_OK);
    assert_int_equal(total, 4);
}

static void test_worst(void **state) {
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < 200; round++) {
        double x[60], worst = 0;
        kl_drawdown_episode e;
        size_t total, n = 1 + (size_t)random_below(&seed, 60);
        for (size_t i = 0; i < n; i++) x[i] = random_below(&seed, 9) ? 1 + (double)random_below(&seed, 50) : NONE;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                if ((x[j] - x[i]) / x[i] < worst) worst = (x[j] - x[i]) / x[i];
        memset(&e, 0, sizeof e);
        assert_int_equal(kl_drawdown_episodes(x, n, KL_DRAWDOWN_BY_DEPTH, &e, 1, &total), KL_OK);
        assert_double(e.depth, worst);
        assert_int_equal(total > 0, worst < 0);
    }
}

static void test_rank(void **state) {
    (void)state;
    const double x[] = {-0.2, NONE, -0.5, 0, -0.5, NONE};
    const size_t expect[] = {2, 4, 0, 3, 1, 5};
    size_t index[200];
    double many[200];
    uint64_t seed = 4;
    assert_int_equal(kl_drawdown_rank(x, 6, index), 4);
    for (size_t i = 0; i < 6; i++) assert_int_equal(index[i], expect[i]);
    assert_int_equal(kl_drawdown_rank(x, 0, index), 0);
    for (size_t i = 0; i < 200; i++) many[i] = -(double)random_below(&seed, 40);
    assert_int_equal(kl_drawdown_rank(many, 200, index), 200);
    for (size_t i = 1; i < 200; i++) {
        double a = many[index[i - 1]], b = many[index[i]];
        assert_true(a < b || (a == b && index[i - 1] < index[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand), cmocka_unit_test(test_episodes), cmocka_unit_test(test_worst),
                                       cmocka_unit_test(test_rank)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
