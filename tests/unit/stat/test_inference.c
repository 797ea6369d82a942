/* The normal distribution against 20 digits of it; probabilistic and deflated Sharpe ratios against published examples; Fisher's
 * test against whole sums of exact binomials; rates of false discovery against their definition. */
#include "base/fp.h"
#include "kline/stat.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "cases.h"

static int close_to(double got, double expect, double relative) { return fabs(got - expect) <= relative * fabs(expect); }

static void test_cdf(void **state) {
    (void)state;
    static const double table[][2] = {
        {-37.5, 4.6053530095819548438e-308}, {-30, 4.9067139271481870595e-198}, {-12.25, 8.3997960636334176589e-35},
        {-8, 6.2209605742717841235e-16}, {-5.75, 4.4621724539016118731e-9}, {-5.5, 1.8989562465887719384e-8},
        {-3, 0.0013498980316300945267}, {-1.96, 0.024997895148220436213}, {-1, 0.15865525393145705141}, {-0.67, 0.25142889509531010155},
        {-0.5, 0.30853753872598689636}, {-0.001, 0.49960105778608893741}, {0, 0.5}, {0.25, 0.59870632568292372424},
        {0.6875, 0.75411614961973854617}, {1, 0.84134474606854294859}, {1.5, 0.933192798731141934}, {2.5, 0.99379033467422386483},
        {4, 0.99996832875816688008}, {6, 0.99999999901341235496}, {8.25, 0.9999999999999999208}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) assert_true(close_to(kl_norm_cdf(table[i][0]), table[i][1], 6 * 0x1p-53));
    for (double x = -6; x <= 6; x += 0.125) assert_true(fabs(kl_norm_cdf(x) + kl_norm_cdf(-x) - 1) <= 4 * 0x1p-53);
    assert_true(kl_norm_cdf(-(double)INFINITY) == 0 && kl_norm_cdf((double)INFINITY) == 1 && kl_norm_cdf(-1e300) == 0);
    assert_true(isnan(kl_norm_cdf((double)NAN)));
}

static void test_quantile(void **state) {
    (void)state;
    static const double table[][2] = {
        {1e-100, -21.273453560965324294}, {1e-20, -9.2623400897984075796}, {1e-10, -6.3613409024040561991}, {0x1p-40, -7.0477002566644087254},
        {0.001, -3.0902323061678135354}, {0.01, -2.3263478740408410931}, {0.025, -1.9599639845400542118}, {0.05, -1.644853626951472688},
        {0.0625, -1.5341205443525463117}, {0.25, -0.6744897501960817432}, {0.4, -0.25334710313579974132}, {0.5, 0},
        {0.625, 0.31863936396437516302}, {0.925, 1.4395314709384562291}, {0.95, 1.6448536269514722843}, {0.975, 1.9599639845400538556},
        {0.9999, 3.7190164854557083867}, {1 - 0x1p-40, 7.0477002566644087254}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) assert_true(close_to(kl_norm_quantile(table[i][0]), table[i][1], 8 * 0x1p-53));
    for (int e = -990; e < -1; e += 7) { /* there and back: a quantile off by d is a probability off by x d */
        double p = ldexp(1.3, e), x = kl_norm_quantile(p);
        assert_true(close_to(kl_norm_cdf(x), p, 16 * 0x1p-53 * (1 + x * x)));
    }
    assert_true(kl_norm_quantile(0) == -(double)INFINITY && kl_norm_quantile(1) == (double)INFINITY);
    assert_true(isnan(kl_norm_quantile(-0.1)) && isnan(kl_norm_quantile(1.1)) && isnan(kl_norm_quantile((double)NAN)));
}

static void test_sharpe(void **state) {
    (void)state;
    /* Bailey and Lopez de Prado 2014: 2.5 a year, 1250 days, skew -3, kurtosis 10, variance 1/2 a year, 100 trials */
    double sharpe = 2.5 / sqrt(250), variance = 0.5 / 250;
    assert_true(fabs(kl_expected_max_sharpe(variance, 100) - 0.1132) < 5e-5);
    assert_true(fabs(kl_dsr(sharpe, 1250, -3, 10, variance, 100) - 0.9004) < 5e-5);
    assert_true(fabs(kl_dsr(sharpe, 1250, 0, 3, variance, 88) - 0.9505) < 5e-5);
    assert_true(kl_expected_max_sharpe(variance, 1) == 0 && isnan(kl_expected_max_sharpe(variance, 0.5)));
    assert_true(kl_psr(0.1, 0.1, 100, 0, 3) == 0.5 && isnan(kl_psr(0.1, 0, 1, 0, 3)) && isnan(kl_psr(1, 0, 9, 2, 1)));
    /* a record that is just long enough has just that probability */
    for (double c = 0.6; c < 0.999; c += 0.05) {
        double n = kl_min_track_record(0.13, 0.02, -0.7, 5, c);
        assert_true(close_to(kl_psr(0.13, 0.02, n, -0.7, 5), c, 1e-13));
    }
    assert_true(isinf(kl_min_track_record(0.1, 0.1, 0, 3, 0.95)) && isnan(kl_min_track_record(0.1, 0, 0, 3, 2)));
}

static void test_published(void **state) {
    (void)state;
    cases_file file;
    kl_json row, block, list;
    size_t cursor = 0, passed = 0, all = 0;
    if (!cases_open(&file, "misc_metrics_fills.json")) return;
    block = cases_get(&file.root, "sharpe_inference");
    list = cases_get(&block, "deflated");
    while (kl_json_next(&list, &cursor, NULL, &row) == KL_OK) {
        double year = cases_member(&row, "periods"), sharpe = cases_member(&row, "sr_annual") / sqrt(year), n = cases_member(&row, "T");
        double variance = cases_member(&row, "var_sr_annual") / year, trials = cases_member(&row, "n_trials");
        double skew = cases_member(&row, "skew"), kurtosis = cases_member(&row, "kurtosis_raw");
        passed += (size_t)cases_near(kl_expected_max_sharpe(variance, trials), cases_member(&row, "sr0_per_period"), 1e-12);
        passed += (size_t)cases_near(kl_dsr(sharpe, n, skew, kurtosis, variance, trials), cases_member(&row, "dsr"), 1e-12);
        passed += (size_t)cases_near(kl_dsr(sharpe, n, 0, 3, variance, trials), cases_member(&row, "dsr_if_normal"), 1e-12);
        all += 3;
    }
    printf("deflated Sharpe ratios: %zu of %zu\n", passed, all);
    assert_true(all > 0 && passed == all);
    free(file.text);
}

static double choose(int n, int k) {
    double c = 1;
    for (int i = 1; i <= k; i++) c = c * (n - k + i) / i;
    return floor(c + 0.5);
}

static void test_fisher(void **state) {
    (void)state;
    for (int a = 0; a < 9; a++) /* all small tables: the binomials are whole numbers below 2^53 */
        for (int b = 0; b < 9; b++)
            for (int c = 0; c < 9; c++)
                for (int d = 0; d < 9; d++) {
                    double sum = 0;
                    for (int k = a; k <= a + b && k <= a + c; k++)
                        if (a + b - k <= b + d) sum += choose(a + c, k) * choose(b + d, a + b - k);
                    double p = kl_fisher_exact((uint64_t)a, (uint64_t)b, (uint64_t)c, (uint64_t)d);
                    assert_true(close_to(p, sum / choose(a + b + c + d, a + b), 1e-13));
                }
    /* the lady and her tea; large ones by exact rationals */
    assert_true(close_to(kl_fisher_exact(3, 1, 1, 3), 17.0 / 70, 1e-14));
    assert_true(close_to(kl_fisher_exact(120, 80, 1000, 1300), 4.8990810554008421757e-6, 1e-12));
    assert_true(close_to(kl_fisher_exact(60000, 40000, 590000, 310000), 1.0, 1e-12));
    assert_true(close_to(kl_fisher_exact(50300, 49700, 498000, 502000), 0.0012984951102955670095, 1e-11));
    assert_true(kl_fisher_exact(0, 5, 7, 9) == 1 && kl_fisher_exact(0, 0, 0, 0) == 1 && kl_fisher_exact(5, 0, 9, 0) == 1);
    assert_true(isnan(kl_fisher_exact(UINT64_C(1) << 53, 1, 0, 0)));
}

static void test_false_discoveries(void **state) {
    (void)state;
    uint64_t seed = 5;
    double p[40], q[40], again[40];
    for (int round = 0; round < 300; round++) {
        size_t n = (size_t)random_below(&seed, 40);
        for (size_t i = 0; i < n; i++) again[i] = p[i] = (double)random_below(&seed, 50) / 49;
        assert_int_equal(kl_benjamini_hochberg(p, n, NULL, q), KL_OK);
        assert_int_equal(kl_benjamini_hochberg(again, n, NULL, again), KL_OK);
        for (size_t i = 0; i < n; i++) { /* the least rate at which a threshold takes it too */
            double least = 1;
            for (size_t j = 0; j < n; j++) {
                size_t taken = 0;
                for (size_t k = 0; k < n; k++) taken += p[k] <= p[j];
                double rate = p[j] * ((double)n / (double)taken);
                if (p[j] >= p[i] && rate < least) least = rate;
            }
            assert_true(q[i] == least && again[i] == least);
        }
    }
    p[0] = 0.5, p[1] = 1.5;
    assert_int_equal(kl_benjamini_hochberg(p, 2, NULL, q), KL_E_ARG);
    p[1] = (double)NAN;
    assert_int_equal(kl_benjamini_hochberg(p, 2, NULL, q), KL_E_ARG);
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_alloc_counter_init(&counter, NULL, &alloc);
    counter.fail_at = 1;
    assert_int_equal(kl_benjamini_hochberg(p, 1, &alloc, q), KL_E_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cdf), cmocka_unit_test(test_quantile), cmocka_unit_test(test_sharpe),
                                       cmocka_unit_test(test_published), cmocka_unit_test(test_fisher), cmocka_unit_test(test_false_discoveries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
