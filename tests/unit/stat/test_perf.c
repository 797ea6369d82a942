/* Figures against their definitions in long form over random histories with holes; the deepest drawdown against all pairs; days,
 * clocks and what conventions leave open; states; what cannot be used. */
#include "base/fp.h"
#include "kline/stat.h"
#include "random.h"
#include "stat/perf.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE ((double)NAN)
#define DAY INT64_C(86400000000)
#define HOUR INT64_C(3600000000)
enum { ROOM = 9000 };
static double r[ROOM], b[ROOM], e[ROOM];
static kl_time times[ROOM];

static double uniform(uint64_t *seed) { return (double)(random_u64(seed) >> 11) * 0x1p-53; }
static int near_to(double got, double expect) {
    if (expect != expect) return got != got;
    return fabs(got - expect) <= 1e-9 * (1 + fabs(expect));
}
static int compare_doubles(const void *a, const void *c) { return (*(const double *)a > *(const double *)c) - (*(const double *)a < *(const double *)c); }
#define FIGURE(name) perf.value[KL_PERF_##name]

static void fill(uint64_t *seed, size_t n) {
    for (size_t i = 0; i < n; i++) {
        r[i] = 0.04 * (uniform(seed) + uniform(seed) + uniform(seed) - 1.48);
        b[i] = 0.5 * r[i] + 0.02 * (uniform(seed) - 0.5);
        if (random_below(seed, 19) == 0) r[i] = NONE;
        if (random_below(seed, 23) == 0) b[i] = NONE;
    }
}

static void compare(size_t n, const kl_perf_conventions *c) {
    kl_perf perf;
    long double known = 0, sum = 0, m2 = 0, m3 = 0, m4 = 0, down = 0, gains = 0, losses = 0, level = 1, peak = 1, worst = 0, squares = 0;
    static double sorted[ROOM];
    size_t k = 0;
    assert_int_equal(kl_perf_returns(r, b, NULL, n, c, NULL, &perf), KL_OK);
    for (size_t i = 0; i < n; i++) {
        if (isfinite(r[i])) {
            known += 1, sum += r[i], level *= 1 + (long double)r[i], sorted[k++] = r[i];
            long double below = (long double)r[i] - c->mar, over = (long double)r[i] - c->risk_free - c->omega_threshold;
            down += below < 0 ? below * below : 0;
            gains += over > 0 ? over : 0, losses += over < 0 ? -over : 0;
        }
        peak = level > peak ? level : peak;
        worst = level / peak - 1 < worst ? level / peak - 1 : worst;
        squares += (level / peak - 1) * (level / peak - 1);
    }
    long double mean = sum / known, a = c->periods_per_year;
    for (size_t i = 0; i < n; i++) {
        long double d = isfinite(r[i]) ? (long double)r[i] - mean : 0;
        m2 += d * d, m3 += d * d * d, m4 += d * d * d * d;
    }
    long double deviation = sqrtl(m2 / (known - c->ddof)), s = m2 / known, each = (mean - c->risk_free) / deviation;
    assert_true(FIGURE(ROWS) == (double)known && near_to(FIGURE(TOTAL_RETURN), (double)(level - 1)));
    assert_true(near_to(FIGURE(VOLATILITY), (double)(deviation * sqrtl(a))) && near_to(FIGURE(SHARPE), (double)(each * sqrtl(a))));
    assert_true(near_to(FIGURE(DOWNSIDE), (double)sqrtl(down / known * a)));
    assert_true(near_to(FIGURE(SORTINO), (double)((mean - c->mar) / sqrtl(down / known) * sqrtl(a))));
    assert_true(near_to(FIGURE(OMEGA), (double)(gains / losses)) && near_to(FIGURE(MAX_DRAWDOWN), (double)worst));
    assert_true(near_to(FIGURE(ULCER), (double)sqrtl(squares / (long double)(n - (size_t)c->ulcer_ddof))));
    assert_true(near_to(FIGURE(CAGR), (double)(powl(level, a / known) - 1)) && near_to(FIGURE(CALMAR), FIGURE(CAGR) / -FIGURE(MAX_DRAWDOWN)));
    assert_true(near_to(FIGURE(KURTOSIS), (double)(m4 / known / (s * s))));
    assert_true(near_to(FIGURE(SKEW), (double)(m3 / known / (s * sqrtl(s)) * sqrtl(known * (known - 1)) / (known - 2))));
    if (known >= 30) assert_true(near_to(FIGURE(PSR), kl_psr((double)each, 0, (double)known, (double)(m3 / known / (s * sqrtl(s))), (double)(m4 / known / (s * s)))));
    else assert_int_equal(perf.state[KL_PERF_PSR], KL_PERF_TOO_FEW);
    long double time = a;
    for (size_t lag = 1; (double)lag <= floor(cbrt((double)known) + 1e-9) && (long double)lag < a; lag++) {
        long double together = 0;
        for (size_t i = lag; i < n; i++)
            if (isfinite(r[i]) && isfinite(r[i - lag])) together += (r[i] - mean) * (r[i - lag] - mean);
        time += 2 * (a - (long double)lag) * together / m2;
    }
    assert_true(near_to(FIGURE(SHARPE_LO), time > 0 ? (double)(each * a / sqrtl(time)) : NONE));
    qsort(sorted, k, sizeof *sorted, compare_doubles);
    double place = (double)(k - 1) * c->var_level, part = place - floor(place), tail = 0;
    size_t at = (size_t)place;
    assert_true(near_to(FIGURE(VAR), sorted[at] + (at + 1 < k ? part * (sorted[at + 1] - sorted[at]) : 0)));
    for (size_t i = 0; i <= at; i++) tail += sorted[i];
    assert_true(near_to(FIGURE(CVAR), tail / (double)(at + 1)));
    long double pairs = 0, rb = 0, bb = 0, mr = 0, mb = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(r[i]) && isfinite(b[i])) pairs += 1, mr += r[i], mb += b[i];
    for (size_t i = 0; i < n; i++)
        if (isfinite(r[i]) && isfinite(b[i])) rb += (r[i] - mr / pairs) * (b[i] - mb / pairs), bb += (b[i] - mb / pairs) * (b[i] - mb / pairs);
    long double alpha = mr / pairs - c->risk_free - rb / bb * (mb / pairs - c->risk_free);
    assert_true(near_to(FIGURE(BETA), (double)(rb / bb)) && near_to(FIGURE(ALPHA), (double)(powl(1 + alpha, a) - 1)));
}

static void test_long_form(void **state) {
    (void)state;
    uint64_t seed = 11;
    kl_perf_conventions c;
    for (int round = 0; round < 120; round++) {
        size_t n = round % 40 == 39 ? ROOM : 20 + (size_t)random_below(&seed, 400);
        kl_perf_conventions_preset(&c, KL_PRESET_KLINE);
        c.periods_per_year = 40 + (double)random_below(&seed, 400);
        c.growth = KL_GROWTH_ROWS;
        c.risk_free = 0.001 * uniform(&seed), c.mar = 0.002 * uniform(&seed), c.omega_threshold = 0.001 * uniform(&seed);
        c.var_level = 0.01 + 0.2 * uniform(&seed);
        c.ddof = (int32_t)random_below(&seed, 2), c.ulcer_ddof = (int32_t)random_below(&seed, 2);
        fill(&seed, n);
        compare(n, &c);
    }
}

static void test_lo(void **state) {
    (void)state;
    /* by hand: 8 returns, 2 lags, 12 periods */
    const double x[8] = {1, 2, 0, 3, 1, 4, 2, 3};
    kl_perf_conventions c;
    kl_perf perf;
    double m2 = 0, c1 = 0, c2 = 0;
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    c.periods_per_year = 12;
    for (size_t i = 0; i < 8; i++) m2 += (x[i] - 2) * (x[i] - 2);
    for (size_t i = 1; i < 8; i++) c1 += (x[i] - 2) * (x[i - 1] - 2);
    for (size_t i = 2; i < 8; i++) c2 += (x[i] - 2) * (x[i - 2] - 2);
    assert_int_equal(kl_perf_returns(x, NULL, NULL, 8, &c, NULL, &perf), KL_OK);
    assert_true(near_to(FIGURE(SHARPE_LO), 2 / sqrt(m2 / 7) * 12 / sqrt(12 + 22 * c1 / m2 + 20 * c2 / m2)));
}

static void test_drawdown(void **state) {
    (void)state;
    uint64_t seed = 12;
    for (int round = 0; round < 400; round++) {
        size_t n = 1 + (size_t)random_below(&seed, 900);
        double worst = 0, level = 100;
        int coarse = round % 3 == 0;
        kl__perf_light light;
        kl_perf perf;
        for (size_t i = 0; i < n; i++) {
            level *= 1 + 0.05 * (uniform(&seed) - (round % 2 ? 0.48 : 0.52));
            e[i] = coarse ? 1 + (double)random_below(&seed, 6) : level;
        }
        assert_int_equal(kl_perf_equity(e, NULL, n, NULL, NULL, &perf), KL_E_ARG); /* no times, no periods */
        kl_perf_conventions c;
        kl_perf_conventions_preset(&c, KL_PRESET_KLINE);
        c.periods_per_year = 365;
        assert_int_equal(kl_perf_equity(e, NULL, n, &c, NULL, &perf), KL_OK);
        kl__perf_light_of(e, n, &light);
        if (n > 1) assert_true(light.max_drawdown == FIGURE(MAX_DRAWDOWN) && light.total_return == FIGURE(TOTAL_RETURN));
        if (light.deviation > 0) assert_true(light.sharpe * kl__sqrt(365) == FIGURE(SHARPE) && light.rows == FIGURE(ROWS));
        if (round % 2) e[random_below(&seed, n)] = NONE, e[random_below(&seed, n)] = (double)INFINITY;
        double top = -1;
        for (size_t i = 0; i < n; i++) {
            if (!isfinite(e[i])) continue;
            top = e[i] > top ? e[i] : top;
            if ((e[i] - top) / top < worst) worst = (e[i] - top) / top;
        }
        double got = kl__worst_drawdown(e, n);
        assert_true(top > 0 ? got == worst : got != got);
    }
}

static void test_by_day(void **state) {
    (void)state;
    /* hours over four days, Monday 2024-01-01 on; the last of each day is 110, 99, 99, 108.9 */
    const double close[4] = {110, 99, 99, 108.9};
    kl_perf_conventions c;
    kl_perf perf;
    for (size_t i = 0; i < 96; i++) {
        times[i] = INT64_C(1704067200000000) + (kl_time)i * HOUR;
        e[i] = i == 0 ? 100 : i % 24 == 23 ? close[i / 24] : 100 + (double)(i % 5);
    }
    e[47] = NONE, e[46] = 99;
    kl_perf_conventions_preset(&c, KL_PRESET_NAUTILUS);
    assert_int_equal(kl_perf_equity(e, times, 96, &c, NULL, &perf), KL_OK);
    double days[4] = {0.1, (99.0 - 110) / 110, 0, (108.9 - 99) / 99}, mean = (days[0] + days[1] + days[2] + days[3]) / 4, m2 = 0;
    for (size_t i = 0; i < 4; i++) m2 += (days[i] - mean) * (days[i] - mean);
    assert_true(FIGURE(ROWS) == 4 && near_to(FIGURE(SHARPE), mean / sqrt(m2 / 3) * sqrt(252)));
    assert_true(near_to(FIGURE(MAX_DRAWDOWN), 99.0 / 110 - 1)); /* marked at every hour */
    c.base_first = 0;
    assert_int_equal(kl_perf_equity(e, times, 96, &c, NULL, &perf), KL_OK);
    assert_true(FIGURE(ROWS) == 3);
    /* weekends make the year */
    kl_perf_conventions_preset(&c, KL_PRESET_BACKTESTINGPY);
    assert_int_equal(kl_perf_equity(e, times, 96, &c, NULL, &perf), KL_OK);
    assert_true(perf.conventions.periods_per_year == 252);
    for (size_t i = 0; i < 96; i++) times[i] = INT64_C(1704067200000000) + (kl_time)i * DAY;
    assert_int_equal(kl_perf_equity(e, times, 96, &c, NULL, &perf), KL_OK);
    assert_true(perf.conventions.periods_per_year == 365);
    /* the library's own: the median distance; years by the clock */
    assert_int_equal(kl_perf_equity(e, times, 96, NULL, NULL, &perf), KL_OK);
    assert_true(perf.conventions.periods_per_year == 365);
    assert_true(near_to(FIGURE(CAGR), pow(1.089, 365.25 / 95) - 1));
    /* returns of the same days */
    for (size_t i = 0; i < 24; i++) r[i] = 0.001 * (double)(i % 7) - 0.002, times[i] = (kl_time)i * 6 * HOUR;
    kl_perf_conventions_preset(&c, KL_PRESET_NAUTILUS);
    assert_int_equal(kl_perf_returns(r, NULL, times, 24, &c, NULL, &perf), KL_OK);
    assert_true(FIGURE(ROWS) == 6);
}

static void test_times(void **state) {
    (void)state;
    const double equity[9] = {100, 120, 90, 120, 100, 130, 125, 110, 120};
    kl_perf perf;
    for (size_t i = 0; i < 9; i++) times[i] = (kl_time)(i * i) * DAY;
    assert_int_equal(kl_perf_equity(equity, times, 9, NULL, NULL, &perf), KL_OK);
    /* episodes: rows 1-3 (8 days), 3-5 (16), 5 to the end (39) */
    assert_true(FIGURE(DRAWDOWN_TIME) == 39 * 86400 && FIGURE(AVG_DRAWDOWN_TIME) == 21 * 86400 && FIGURE(RECOVERY_TIME) == 16 * 86400);
    assert_true(near_to(FIGURE(AVG_DRAWDOWN), (-0.25 - 1.0 / 6 - 20.0 / 130) / 3));
    assert_true(FIGURE(PEAK) == 130 && FIGURE(START) == 100 && FIGURE(FINAL) == 120);
    times[4] = 0;
    assert_int_equal(kl_perf_equity(equity, times, 9, NULL, NULL, &perf), KL_E_ORDER);
}

static void test_states(void **state) {
    (void)state;
    kl_perf_conventions c;
    kl_perf perf;
    kl_perf_conventions_preset(&c, KL_PRESET_KLINE);
    c.periods_per_year = 365;
    const double flat[4] = {0.1, 0.1, 0.1, 0.1}, zero[4] = {0, 0, 0, 0}, one[1] = {0.1};
    assert_int_equal(kl_perf_returns(flat, NULL, NULL, 4, &c, NULL, &perf), KL_OK);
    assert_true(perf.state[KL_PERF_SHARPE] == KL_PERF_INFINITE && FIGURE(SHARPE) > 0 && perf.state[KL_PERF_OMEGA] == KL_PERF_INFINITE);
    assert_true(FIGURE(VOLATILITY) == 0 && FIGURE(MAX_DRAWDOWN) == 0 && perf.state[KL_PERF_CALMAR] == KL_PERF_UNDEFINED);
    assert_true(perf.state[KL_PERF_AVG_DRAWDOWN] == KL_PERF_UNDEFINED && perf.state[KL_PERF_ALPHA] == KL_PERF_ABSENT && isnan(FIGURE(ALPHA)));
    assert_int_equal(kl_perf_returns(zero, zero, NULL, 4, &c, NULL, &perf), KL_OK);
    assert_true(perf.state[KL_PERF_SHARPE] == KL_PERF_UNDEFINED && perf.state[KL_PERF_BETA] == KL_PERF_UNDEFINED && FIGURE(CAGR) == 0);
    assert_int_equal(kl_perf_returns(one, NULL, NULL, 1, &c, NULL, &perf), KL_OK);
    assert_true(perf.state[KL_PERF_SHARPE] == KL_PERF_TOO_FEW && perf.state[KL_PERF_VOLATILITY] == KL_PERF_TOO_FEW && FIGURE(VAR) == 0.1);
    const double lost[3] = {0.1, -1, 0.5}, worse[3] = {0.1, -2, 0.5};
    assert_int_equal(kl_perf_returns(lost, NULL, NULL, 3, &c, NULL, &perf), KL_OK);
    assert_true(FIGURE(TOTAL_RETURN) == -1 && FIGURE(CAGR) == -1 && FIGURE(MAX_DRAWDOWN) == -1);
    assert_int_equal(kl_perf_returns(worse, NULL, NULL, 3, &c, NULL, &perf), KL_OK);
    assert_true(perf.state[KL_PERF_CAGR] == KL_PERF_UNDEFINED);
    assert_int_equal(kl_perf_returns(NULL, NULL, NULL, 0, &c, NULL, &perf), KL_OK);
    for (int32_t k = 1; k < KL_PERF_COUNT; k++) assert_true(isnan(perf.value[k]) || perf.state[k] == KL_PERF_DEFINED);
    assert_int_equal(kl_perf_equity(NULL, NULL, 0, &c, NULL, &perf), KL_OK);
}

static void test_lists(void **state) {
    (void)state;
    int32_t f, found;
    const char *name, *unit, *text;
    size_t k = 0;
    for (; kl_perf_at(k, &f, &name, &unit, &text) == KL_OK; k++) {
        assert_true(f >= 0 && f < KL_PERF_COUNT && text[0]);
        assert_int_equal(kl_perf_find(name, &found), KL_OK);
        assert_int_equal(found, f);
    }
    assert_true(k > 20);
    assert_int_equal(kl_perf_find("nothing", &found), KL_E_UNKNOWN_NAME);
    for (int32_t p = 0; kl_preset_name(p); p++) {
        kl_perf_conventions c;
        assert_int_equal(kl_preset_find(kl_preset_name(p), &found), KL_OK);
        assert_int_equal(found, p);
        assert_int_equal(kl_perf_conventions_preset(&c, p), KL_OK);
        assert_true(c.preset == p && c.struct_size == sizeof c && c.var_level == 0.05 && c.sortino_rows == (p == KL_PRESET_VECTORBT ? 1 : 2));
    }
    assert_int_equal(kl_perf_conventions_preset(NULL, 0), KL_E_ARG);
    assert_int_equal(kl_preset_find("x", &found), KL_E_UNKNOWN_NAME);
}

static void test_refused(void **state) {
    (void)state;
    kl_perf_conventions c;
    kl_perf perf, before;
    kl_alloc_counter counter;
    kl_alloc alloc;
    memset(&perf, 7, sizeof perf);
    before = perf;
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    c.var_level = 2;
    assert_int_equal(kl_perf_returns(r, NULL, NULL, 5, &c, NULL, &perf), KL_E_ARG);
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    c.struct_size = 3;
    assert_int_equal(kl_perf_returns(r, NULL, NULL, 5, &c, NULL, &perf), KL_E_ARG);
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    assert_int_equal(kl_perf_returns(NULL, NULL, NULL, 5, &c, NULL, &perf), KL_E_ARG);
    kl_alloc_counter_init(&counter, NULL, &alloc);
    counter.fail_at = 1;
    assert_int_equal(kl_perf_returns(r, NULL, NULL, 5, &c, &alloc, &perf), KL_E_MEMORY);
    counter.fail_at = 2;
    assert_int_equal(kl_perf_equity(e, NULL, SIZE_MAX / 9, &c, &alloc, &perf), KL_E_MEMORY);
    assert_memory_equal(&perf, &before, sizeof perf);
    counter.fail_at = 0;
    assert_int_equal(kl_perf_returns(r, NULL, NULL, 5, &c, &alloc, &perf), KL_OK);
    assert_true(counter.live_bytes == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_long_form), cmocka_unit_test(test_lo), cmocka_unit_test(test_drawdown),
                                       cmocka_unit_test(test_by_day), cmocka_unit_test(test_times), cmocka_unit_test(test_states),
                                       cmocka_unit_test(test_lists), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
