/* Trades in long form over random ones and by hand; rates of the last trades, days, compounding, regimes against plain searches. */
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
#define DAY INT64_C(86400000000)
enum { ROOM = 300 };
static double pnl[ROOM], ret[ROOM], out[ROOM];
static kl_time entry[ROOM], closed[ROOM];
#define FIGURE(name) perf.value[KL_PERF_##name]

static int near_to(double got, double expect) {
    if (expect != expect) return got != got;
    return fabs(got - expect) <= 1e-10 * (1 + fabs(expect));
}

static void fill(uint64_t *seed, size_t n) {
    kl_time now = 0;
    for (size_t i = 0; i < n; i++) {
        pnl[i] = (double)random_below(seed, 41) - 19;
        ret[i] = 0.01 * ((double)random_below(seed, 41) - 19);
        entry[i] = now;
        now += (kl_time)random_below(seed, 3) * DAY / 3;
        closed[i] = now;
    }
}

static void test_long_form(void **state) {
    (void)state;
    uint64_t seed = 21;
    for (int round = 0; round < 300; round++) {
        size_t n = 3 + (size_t)random_below(&seed, 60);
        kl_closed_trades t = {0};
        kl_perf perf = {0};
        kl_perf_conventions c;
        fill(&seed, n);
        t.n = n, t.pnl = pnl, t.ret = ret, t.entry_us = entry, t.exit_us = closed;
        kl_perf_conventions_preset(&c, KL_PRESET_KLINE);
        c.zero = (int32_t)random_below(&seed, 3), c.start_balance = 1000, c.base_first = (int32_t)random_below(&seed, 2);
        c.group_times = (int32_t)random_below(&seed, 2);
        c.sqn_cap = round % 2 ? 20 : 0;
        assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
        double wins = 0, losses = 0, zeros = 0, gain = 0, loss = 0, sum = 0, time = 0, longest = 0, m2 = 0, run = 0, most = 0;
        double balance = 1000, peak = c.base_first ? 1000 : -1, deepest = 0, share = 0;
        for (size_t i = 0; i < n; i++) {
            wins += pnl[i] > 0, losses += pnl[i] < 0, zeros += pnl[i] == 0, sum += pnl[i];
            gain += fmax(pnl[i], 0), loss += fmin(pnl[i], 0);
            time += (double)(closed[i] - entry[i]) / 1e6, longest = fmax(longest, (double)(closed[i] - entry[i]) / 1e6);
            run = pnl[i] > 0 ? run + 1 : 0;
            most = fmax(most, run);
            balance += pnl[i];
            if (c.group_times && i + 1 < n && closed[i + 1] == closed[i]) continue;
            peak = fmax(peak, balance);
            deepest = fmin(deepest, balance - peak), share = fmin(share, (balance - peak) / peak);
        }
        double counted = c.zero == KL_ZERO_DROPPED ? wins + losses : (double)n, mean = sum / (double)n;
        for (size_t i = 0; i < n; i++) m2 += (pnl[i] - mean) * (pnl[i] - mean);
        double deviation = sqrt(m2 / (double)(n - 1)), capped = round % 2 && n > 20 ? 20 : (double)n;
        assert_true(FIGURE(TRADES) == (double)n && FIGURE(WINS) == wins && FIGURE(ZEROS) == zeros && FIGURE(NET) == sum);
        assert_true(FIGURE(LOSSES) == (c.zero == KL_ZERO_LOSES ? losses + zeros : losses));
        assert_true(near_to(FIGURE(WIN_RATE), wins / counted) && near_to(FIGURE(EXPECTANCY), sum / counted));
        assert_true(FIGURE(WIN_STREAK) == most && near_to(FIGURE(AVG_TIME), time / (double)n) && FIGURE(MAX_TIME) == longest);
        assert_true(near_to(FIGURE(CLOSED_DRAWDOWN), deepest) && near_to(FIGURE(CLOSED_DRAWDOWN_RATIO), share));
        if (wins > 0 && losses > 0) {
            double payoff = gain / wins / (-loss / losses), rate = wins / counted;
            assert_true(near_to(FIGURE(PROFIT_FACTOR), gain / -loss) && near_to(FIGURE(PAYOFF), payoff));
            assert_true(near_to(FIGURE(KELLY), rate - (1 - rate) / payoff) && near_to(FIGURE(EXPECTANCY_RATIO), (1 + payoff) * rate - 1));
        }
        if (deviation > 0) assert_true(near_to(FIGURE(SQN), sqrt(capped) * mean / deviation) && near_to(FIGURE(TRADE_SHARPE), mean / deviation));
        assert_true(perf.state[KL_PERF_FEES] == KL_PERF_ABSENT && perf.state[KL_PERF_SHARPE] == KL_PERF_ABSENT);
    }
}

static void test_states(void **state) {
    (void)state;
    const double won[2] = {1, 2}, some[4] = {1, NONE, -1, 2};
    kl_closed_trades t = {0};
    kl_perf perf = {0};
    kl_perf_conventions c;
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_OK);
    assert_true(FIGURE(TRADES) == 0 && perf.state[KL_PERF_WIN_RATE] == KL_PERF_UNDEFINED && perf.state[KL_PERF_PROFIT_FACTOR] == KL_PERF_UNDEFINED);
    t.n = 2, t.pnl = won;
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_OK);
    assert_true(perf.state[KL_PERF_PROFIT_FACTOR] == KL_PERF_INFINITE && isinf(FIGURE(PROFIT_FACTOR)) && perf.state[KL_PERF_PAYOFF] == KL_PERF_UNDEFINED);
    kl_perf_conventions_preset(&c, KL_PRESET_LEAN);
    assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_OK);
    assert_true(perf.state[KL_PERF_PROFIT_FACTOR] == KL_PERF_INFINITE && FIGURE(PROFIT_FACTOR) == 10);
    t.n = 4, t.pnl = some;
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_OK);
    assert_true(FIGURE(TRADES) == 3 && FIGURE(NET) == 2 && FIGURE(PROFIT_FACTOR) == 3);
    t.n = 1;
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_OK);
    assert_int_equal(perf.state[KL_PERF_SQN], KL_PERF_TOO_FEW);
    c.trade_pnl = KL_PNL_RETURN;
    kl_perf before = perf;
    assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_E_COLUMNS);
    kl_perf_conventions_preset(&c, KL_PRESET_FREQTRADE);
    assert_int_equal(kl_perf_trades(&t, &c, &perf), KL_E_COLUMNS);
    const kl_time falling[4] = {2, 1, 3, 4};
    t.n = 4, t.exit_us = falling;
    assert_int_equal(kl_perf_trades(&t, NULL, &perf), KL_E_ORDER);
    assert_int_equal(kl_perf_trades(NULL, NULL, &perf), KL_E_ARG);
    assert_memory_equal(&before, &perf, sizeof perf);
}

static void test_rolling(void **state) {
    (void)state;
    uint64_t seed = 22;
    static const size_t windows[] = {1, 5, 10, 20};
    fill(&seed, ROOM);
    pnl[100] = NONE;
    for (int32_t kind = KL_TRADES_WIN_RATE; kind <= KL_TRADES_MEAN; kind++)
        for (size_t w = 0; w < 4; w++)
            for (int32_t how = 0; how < 4; how++) {
                assert_int_equal(kl_roll_trades(kind, pnl, ROOM, windows[w], how & 1, how >> 1, out), KL_OK);
                for (size_t i = 0; i < ROOM; i++) {
                    size_t from = i + 1 < windows[w] ? 0 : i + 1 - windows[w];
                    double n = (double)(i + 1 - from), wins = 0, losses = 0, gain = 0, loss = 0, expect = NONE;
                    for (size_t k = from; k <= i; k++) wins += pnl[k] > 0, losses += pnl[k] < 0, gain += fmax(pnl[k], 0), loss += fmin(pnl[k], 0);
                    if (kind == KL_TRADES_WIN_RATE) expect = wins / n;
                    if (kind == KL_TRADES_EXPECTANCY) expect = wins / n * (wins > 0 ? gain / wins : 0) + (1 - wins / n) * (losses > 0 ? loss / losses : 0);
                    if (kind == KL_TRADES_PROFIT_FACTOR && losses > 0) expect = gain / -loss;
                    if (kind == KL_TRADES_MEAN) expect = (gain + loss) / n;
                    if ((from <= 100 && i >= 100) || (i + 1 < windows[w] && !(how & 1)) || ((how >> 1) && (wins == 0 || losses == 0))) expect = NONE;
                    assert_true(near_to(out[i], expect));
                }
            }
    assert_int_equal(kl_roll_trades(5, pnl, 3, 5, 0, 0, out), KL_E_ARG);
    assert_int_equal(kl_roll_trades(1, pnl, 3, 0, 0, 0, out), KL_E_ARG);
    assert_int_equal(kl_roll_trades(1, pnl, 3, 5, 0, 0, pnl), KL_E_ARG);
}

static void test_days(void **state) {
    (void)state;
    const double v[7] = {1, 3, NONE, 4, NONE, 6, 8};
    const kl_time at[7] = {-1, -1, 0, DAY, 2 * DAY, 3 * DAY, 3 * DAY + 5};
    kl_time day[4];
    double mean[4], deviation;
    size_t days;
    assert_int_equal(kl_daily_mean(v, at, 7, day, mean, 4, &days, 1, &deviation), KL_OK);
    assert_true(days == 3 && day[0] == -DAY && day[1] == DAY && day[2] == 3 * DAY && mean[0] == 2 && mean[1] == 4 && mean[2] == 7);
    assert_true(near_to(deviation, sqrt((49 + 1 + 64) / 18.0)));
    assert_int_equal(kl_daily_mean(v, at, 7, NULL, NULL, 0, &days, 0, &deviation), KL_OK);
    assert_true(days == 3 && near_to(deviation, sqrt((49 + 1 + 64) / 27.0)));
    assert_int_equal(kl_daily_mean(v, at, 2, day, mean, 4, &days, 1, &deviation), KL_OK);
    assert_true(days == 1 && isnan(deviation));
    const kl_time back[2] = {1, 0};
    assert_int_equal(kl_daily_mean(v, back, 2, day, mean, 4, &days, 1, NULL), KL_E_ORDER);
    assert_int_equal(kl_daily_mean(v, at, 2, day, mean, 4, &days, 2, NULL), KL_E_ARG);
}

static void test_equity(void **state) {
    (void)state;
    const double fraction[4] = {0.1, NONE, -0.25, 0.5}, percent[4] = {10, NONE, -25, 50};
    double equity[4], peak[4], fall[4], again[4];
    assert_int_equal(kl_equity(fraction, 4, KL_UNIT_FRACTION, 100, equity, peak, fall), KL_OK);
    assert_true(near_to(equity[0], 110) && isnan(equity[1]) && near_to(equity[2], 82.5) && near_to(equity[3], 123.75));
    assert_true(near_to(peak[2], 110) && near_to(peak[3], 123.75) && near_to(fall[2], -0.25) && fall[3] == 0 && isnan(fall[1]));
    assert_int_equal(kl_equity(percent, 4, KL_UNIT_PERCENT, 100, again, NULL, NULL), KL_OK);
    for (size_t i = 0; i < 4; i++) assert_true(near_to(again[i], equity[i]));
    assert_int_equal(kl_equity(fraction, 4, 2, 100, equity, NULL, NULL), KL_E_ARG);
    assert_int_equal(kl_equity(fraction, 4, 0, 0, equity, NULL, NULL), KL_E_ARG);
}

static void test_regimes(void **state) {
    (void)state;
    uint64_t seed = 23;
    static int32_t a[ROOM], b[ROOM];
    const int32_t *sets[2] = {a, b};
    kl_regime_row all[40], some[40];
    kl_alloc_counter counter;
    kl_alloc alloc;
    for (int round = 0; round < 50; round++) {
        size_t n = (size_t)random_below(&seed, ROOM), total, found = 0;
        uint64_t min = random_below(&seed, 30);
        fill(&seed, n);
        for (size_t i = 0; i < n; i++) {
            a[i] = (int32_t)random_below(&seed, 5) - 1, b[i] = (int32_t)random_below(&seed, 9) * 1000;
            pnl[i] *= 0.1; /* so that the order in which they are summed shows */
        }
        if (n > 3) pnl[2] = NONE;
        assert_int_equal(kl_regime_table(sets, 2, pnl, n, min, all, 40, &total, NULL), KL_OK);
        for (int32_t s = 0; s < 2; s++)
            for (int32_t label = 0; label < 9000; label += s ? 1000 : 1) {
                uint64_t trades = 0, wins = 0, losses = 0;
                double gain = 0, loss = 0;
                if (!s && label > 9) break;
                for (size_t i = 0; i < n; i++)
                    if (sets[s][i] == label && isfinite(pnl[i])) trades++, wins += pnl[i] > 0, losses += pnl[i] < 0, gain += fmax(pnl[i], 0), loss += fmin(pnl[i], 0);
                size_t k = 0;
                while (k < total && !(all[k].set == s && all[k].label == label)) k++;
                assert_int_equal(k < total, trades > 0 && trades >= min);
                if (k == total) continue;
                found++;
                assert_true(all[k].trades == trades && all[k].wins == wins && all[k].losses == losses && all[k].zeros == trades - wins - losses);
                assert_true(near_to(all[k].win_rate, (double)wins / (double)trades) && all[k].expectancy == (gain + loss) / (double)trades);
                assert_true(near_to(all[k].profit_factor, losses ? gain / -loss : NONE));
            }
        assert_int_equal(found, total);
        for (size_t k = 1; k < total; k++)
            assert_true(all[k - 1].trades > all[k].trades || (all[k - 1].trades == all[k].trades && (all[k - 1].set < all[k].set ||
                        (all[k - 1].set == all[k].set && all[k - 1].label < all[k].label))));
        size_t room = (size_t)random_below(&seed, 5);
        assert_int_equal(kl_regime_table(sets, 2, pnl, n, min, some, room, &found, NULL), KL_OK);
        assert_int_equal(found, total);
        for (size_t k = 0; k < room && k < total; k++) assert_true(some[k].set == all[k].set && some[k].label == all[k].label);
    }
    size_t total;
    kl_alloc_counter_init(&counter, NULL, &alloc);
    counter.fail_at = 1;
    assert_int_equal(kl_regime_table(sets, 2, pnl, 5, 0, all, 40, &total, &alloc), KL_E_MEMORY);
    assert_int_equal(kl_regime_table(NULL, 2, pnl, 5, 0, all, 40, &total, NULL), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_long_form), cmocka_unit_test(test_states), cmocka_unit_test(test_rolling),
                                       cmocka_unit_test(test_days), cmocka_unit_test(test_equity), cmocka_unit_test(test_regimes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
