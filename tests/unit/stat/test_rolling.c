/* Rolling figures are those of each window alone, bit for bit; intervals and overfitting against plain reckoning, null calibration
 * and any order of tasks; tables. */
#include "base/fp.h"
#include "kline/stat.h"
#include "random.h"
#include "base/roots.h"
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NONE ((double)NAN)
enum { ROOM = 400, TRIALS = 40 };
static double r[ROOM], b[ROOM], out[ROOM], many[TRIALS][ROOM];

static double uniform(uint64_t *seed) { return (double)(random_u64(seed) >> 11) * 0x1p-53; }
static double normal(uint64_t *seed) { return kl_norm_quantile((uniform(seed) + 0x1p-54)); }
static int same(double x, double y) { return x == y || (x != x && y != y); }

static void test_windows(void **state) {
    (void)state;
    uint64_t seed = 31;
    kl_perf_conventions c;
    kl_perf perf;
    static const size_t windows[] = {1, 2, 7, 60, 500};
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    for (size_t i = 0; i < ROOM; i++) r[i] = random_below(&seed, 15) ? 0.02 * normal(&seed) : NONE, b[i] = 0.01 * normal(&seed);
    r[0] = 0.01;
    for (int round = 0; round < 2; round++) {
        if (round) kl_perf_conventions_preset(&c, KL_PRESET_VECTORBT), c.growth = KL_GROWTH_CLOCK;
        for (int32_t f = 0; f < KL_PERF_TRADES; f++)
            for (size_t w = 0; w < 5; w++) {
                size_t min = round ? windows[w] - windows[w] / 8 : windows[w] / 2;
                kl_status status = kl_perf_rolling(f, r, b, ROOM, windows[w], min, &c, NULL, out);
                if (f > KL_PERF_EXCESS_SHARPE) {
                    assert_int_equal(status, KL_E_UNSUPPORTED);
                    continue;
                }
                assert_int_equal(status, KL_OK);
                for (size_t i = 0; i < ROOM; i += 3) {
                    size_t rows = i + 1 < windows[w] ? i + 1 : windows[w], known = 0;
                    for (size_t k = 0; k < rows; k++) known += isfinite(r[i - k]) != 0;
                    assert_int_equal(kl_perf_returns(r + (i + 1 - rows), b + (i + 1 - rows), NULL, rows, &c, NULL, &perf), KL_OK);
                    assert_true(same(out[i], known >= (min ? min : windows[w]) ? perf.value[f] : NONE));
                }
            }
    }
    assert_int_equal(kl_perf_rolling(KL_PERF_SHARPE, r, NULL, ROOM, 0, 0, &c, NULL, out), KL_E_ARG);
    assert_int_equal(kl_perf_rolling(KL_PERF_SHARPE, r, NULL, ROOM, 5, 6, &c, NULL, out), KL_E_ARG);
    assert_int_equal(kl_perf_rolling(KL_PERF_BETA, r, NULL, ROOM, 5, 0, &c, NULL, out), KL_E_ARG);
    assert_int_equal(kl_perf_rolling(KL_PERF_SQN, r, NULL, ROOM, 5, 0, &c, NULL, out), KL_E_UNSUPPORTED);
    assert_int_equal(kl_perf_rolling(KL_PERF_SHARPE, r, NULL, ROOM, 5, 0, NULL, NULL, out), KL_E_ARG); /* no year known */
}

/* Tasks from the last to the first: what other threads may do. */
static kl_status run_backwards(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    (void)ctx;
    while (n-- > 0) assert_int_equal(fn(arg, n), KL_OK);
    return KL_OK;
}

static void test_bootstrap(void **state) {
    (void)state;
    uint64_t seed = 32;
    kl_perf_conventions c;
    kl_bootstrap options;
    const kl_executor backwards = {NULL, run_backwards};
    double low, high, low2, high2;
    int rounds = getenv("KLINE_QUICK") ? 20 : 400, covered = 0;
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    kl_bootstrap_init(&options);
    for (size_t i = 0; i < 100; i++) r[i] = 0.02 * normal(&seed) + 0.001;
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, NULL, NULL, &low, &high), KL_OK);
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, NULL, &backwards, &low2, &high2), KL_OK);
    assert_true(low == low2 && high == high2 && low < high);
    options.seed = 2;
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, NULL, NULL, &low2, &high2), KL_OK);
    assert_true(low != low2 && fabs(low - low2) < 0.3 * (high - low));
    /* with blocks of the whole history every draw is a rotation of it: the mean stays */
    options.block = 1e300, options.figure = KL_PERF_TOTAL_RETURN;
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, NULL, NULL, &low, &high), KL_OK);
    assert_true(fabs(high - low) < 1e-12);
    /* independent returns: 95 % of intervals hold the true ratio, 0 */
    options.block = 1, options.figure = KL_PERF_SHARPE, options.draws = 300;
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < 120; i++) r[i] = normal(&seed);
        options.seed = (uint64_t)round;
        assert_int_equal(kl_bootstrap_interval(&options, r, 120, &c, NULL, NULL, &low, &high), KL_OK);
        covered += low <= 0 && high >= 0;
    }
    if (rounds == 400) assert_true(covered >= 362 && covered <= 394);
    options.figure = KL_PERF_BETA;
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, NULL, NULL, &low, &high), KL_E_UNSUPPORTED);
    options.figure = KL_PERF_SHARPE, options.confidence = 1;
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, NULL, NULL, &low, &high), KL_E_ARG);
    options.confidence = 0.9;
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_alloc_counter_init(&counter, NULL, &alloc);
    counter.fail_at = 1;
    assert_int_equal(kl_bootstrap_interval(&options, r, 100, &c, &alloc, NULL, &low, &high), KL_E_MEMORY);
}

static double sharpe_of(const double *x, size_t n, size_t blocks, uint32_t mask) {
    double sum = 0, m2 = 0, count = 0;
    for (size_t i = 0; i < n; i++)
        if (mask >> (i / (n / blocks)) & 1) sum += x[i], count += 1;
    for (size_t i = 0; i < n; i++)
        if (mask >> (i / (n / blocks)) & 1) m2 += (x[i] - sum / count) * (x[i] - sum / count);
    return sum / count / sqrt(m2 / (count - 1));
}

static void test_overfitting(void **state) {
    (void)state;
    uint64_t seed = 33;
    const double *returns[TRIALS];
    const kl_executor backwards = {NULL, run_backwards};
    kl_pbo pbo, again;
    double luck = 0;
    for (size_t t = 0; t < TRIALS; t++) returns[t] = many[t];
    for (int round = 0; round < 30; round++) { /* plainly */
        size_t trials = 2 + (size_t)random_below(&seed, 9), blocks = 2 * (1 + (size_t)random_below(&seed, 4)), n = blocks * (2 + (size_t)random_below(&seed, 12));
        double splits = 0, failed = 0, lost = 0, logits = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
        for (size_t t = 0; t < trials; t++)
            for (size_t i = 0; i < n; i++) many[t][i] = normal(&seed) + 0.1 * (double)t;
        assert_int_equal(kl_pbo_cscv(returns, trials, n, blocks, NULL, NULL, NULL, &pbo), KL_OK);
        assert_int_equal(kl_pbo_cscv(returns, trials, n, blocks, NULL, NULL, &backwards, &again), KL_OK);
        assert_memory_equal(&pbo, &again, sizeof pbo);
        for (uint32_t mask = 0; mask < UINT32_C(1) << blocks; mask++) {
            size_t bits = 0, best = 0;
            double most = -1e9, below = 0;
            for (size_t k = 0; k < blocks; k++) bits += mask >> k & 1;
            if (bits != blocks / 2) continue;
            for (size_t t = 0; t < trials; t++)
                if (sharpe_of(many[t], n, blocks, mask) > most) most = sharpe_of(many[t], n, blocks, mask), best = t;
            double outside = sharpe_of(many[best], n, blocks, ~mask);
            for (size_t t = 0; t < trials; t++) below += sharpe_of(many[t], n, blocks, ~mask) < outside;
            double logit = log((below + 1) / ((double)trials - below));
            splits += 1, failed += logit <= 1e-12, lost += outside < 0, logits += logit;
            sx += most, sy += outside, sxx += most * most, sxy += most * outside;
        }
        double slope = (sxy - sx * sy / splits) / (sxx - sx * sx / splits);
        assert_true(pbo.splits == (uint64_t)splits && fabs(pbo.pbo - failed / splits) < 1e-12 && fabs(pbo.loss_probability - lost / splits) < 1e-12);
        assert_true(fabs(pbo.mean_logit - logits / splits) < 1e-9);
        if (splits > 5) assert_true(fabs(pbo.slope - slope) < 1e-6 * (1 + fabs(slope)));
    }
    int rounds = getenv("KLINE_QUICK") ? 2 : 60;
    for (int round = 0; round < rounds; round++) { /* worthless trials: a coin */
        for (size_t t = 0; t < TRIALS; t++)
            for (size_t i = 0; i < 200; i++) many[t][i] = normal(&seed);
        assert_int_equal(kl_pbo_cscv(returns, TRIALS, 200, 10, NULL, NULL, NULL, &pbo), KL_OK);
        luck += pbo.pbo / rounds;
    }
    if (rounds == 60) assert_true(luck > 0.4 && luck < 0.6);
    for (size_t i = 0; i < 200; i++) many[7][i] += 1; /* one that is worth something */
    assert_int_equal(kl_pbo_cscv(returns, TRIALS, 200, 10, NULL, NULL, NULL, &pbo), KL_OK);
    assert_true(pbo.pbo == 0 && pbo.splits == 252 && pbo.loss_probability == 0);
    for (size_t t = 0; t < 3; t++)
        for (size_t i = 0; i < 40; i++) many[t][i] = t == 2 ? NONE : 0.1; /* none varies */
    assert_int_equal(kl_pbo_cscv(returns, 3, 40, 4, NULL, NULL, NULL, &pbo), KL_OK);
    assert_true(pbo.mean_logit == 0 && pbo.pbo == 1);
    assert_int_equal(kl_pbo_cscv(returns, 1, 200, 10, NULL, NULL, NULL, &pbo), KL_E_ARG);
    assert_int_equal(kl_pbo_cscv(returns, 2, 200, 9, NULL, NULL, NULL, &pbo), KL_E_ARG);
    assert_int_equal(kl_pbo_cscv(returns, 2, 19, 10, NULL, NULL, NULL, &pbo), KL_E_ARG);
}

/* P14: a single worthless trial passes 0.95 one time in twenty; the best of ten hardly ever, once it is deflated. */
static void test_null(void **state) {
    (void)state;
    uint64_t seed = 34;
    int rounds = getenv("KLINE_QUICK") ? 50 : 3000, single = 0, best_of = 0;
    for (int round = 0; round < rounds; round++) {
        double best = -9, skew = 0, kurtosis = 3;
        for (int t = 0; t < 10; t++) {
            kl_moments m;
            for (size_t i = 0; i < 100; i++) r[i] = normal(&seed);
            kl_moments_of(r, 100, &m);
            double sharpe = m.mean / kl__sqrt(m.variance);
            if (t == 0) single += kl_psr(sharpe, 0, 100, m.skew, m.kurtosis) > 0.95;
            if (sharpe > best) best = sharpe, skew = m.skew, kurtosis = m.kurtosis;
        }
        best_of += kl_dsr(best, 100, skew, kurtosis, 0.01, 10) > 0.95;
    }
    printf("of %d worthless trials %.2f %% pass, of the best of ten %.2f %%\n", rounds, 100.0 * single / rounds, 100.0 * best_of / rounds);
    if (rounds == 3000) assert_true(single > 108 && single < 195 && best_of < 60);
}

static void test_table(void **state) {
    (void)state;
    kl_perf_conventions c;
    kl_perf perf;
    kl_table *table;
    const char *text;
    double value;
    size_t rows = 0, meta = 0;
    kl_perf_conventions_preset(&c, KL_PRESET_EMPYRICAL);
    for (size_t i = 0; i < 50; i++) r[i] = 0.01 * ((double)(i % 7) - 3);
    assert_int_equal(kl_perf_returns(r, NULL, NULL, 50, &c, NULL, &perf), KL_OK);
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_perf_table(&perf, table), KL_OK);
    for (size_t k = 0; k < KL_PERF_COUNT; k++) rows += perf.state[k] != KL_PERF_ABSENT;
    assert_int_equal(kl_table_rows(table), rows);
    for (size_t k = 0; k < rows; k++) {
        int32_t figure;
        assert_int_equal(kl_table_get_text(table, 0, k, &text, NULL), KL_OK);
        assert_int_equal(kl_perf_find(text, &figure), KL_OK);
        assert_int_equal(kl_table_get_f64(table, 1, k, &value), KL_OK);
        assert_true(same(value, perf.value[figure]));
        assert_int_equal(kl_table_get_text(table, 2, k, &text, NULL), KL_OK);
        assert_int_equal(strcmp(text, "defined") == 0, perf.state[figure] == KL_PERF_DEFINED);
    }
    const char *name;
    int found = 0;
    for (; kl_table_meta(table, meta, &name, &text) == KL_OK; meta++) found += strcmp(name, "preset") == 0 && strcmp(text, "empyrical") == 0;
    assert_true(found == 1 && meta == 30);
    assert_int_equal(kl_perf_table(&perf, table), KL_E_MISMATCH);
    kl_table_free(table);
    for (uint64_t fail = 1; fail < 60; fail++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_alloc_counter_init(&counter, NULL, &alloc);
        counter.fail_at = fail;
        if (kl_table_new(&alloc, &table) < 0) continue;
        kl_status status = kl_perf_table(&perf, table);
        assert_true(status == KL_E_MEMORY || counter.requests < fail);
        if (status < 0) assert_int_equal(kl_table_rows(table), 0);
        kl_table_free(table);
        assert_true(counter.live_bytes == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_windows), cmocka_unit_test(test_bootstrap), cmocka_unit_test(test_overfitting),
                                       cmocka_unit_test(test_null), cmocka_unit_test(test_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
