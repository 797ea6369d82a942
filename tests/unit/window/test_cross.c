/* Cross-sections against long-form definitions in long double or __float128, and by counting. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kline/window.h"
#include "hostile.h"

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 wide;
#else
typedef long double wide;
#endif
#define MOST 2000
static double x[MOST], z[MOST], rank[MOST];
static size_t scratch[MOST], top[MOST];

static int known(double v) { return fabs(v) < 0x1p1000; }

static wide wide_sqrt(wide v) {
    wide r = (wide)sqrt((double)v);
    for (int i = 0; i < 4 && r > 0; i++) r = (r + v / r) / 2;
    return r;
}

/* Missing ones of every sort. */
static void fill(int kind, uint64_t seed, size_t n, unsigned holes) {
    hostile_fill(kind, seed, holes, x, n);
    for (size_t i = 0; i < n; i++)
        if (x[i] != x[i]) x[i] = i % 4 == 0 ? (double)INFINITY : i % 4 == 1 ? -(double)INFINITY : i % 4 == 2 ? -0x1p1000 : x[i];
}

static void test_moments(void **state) {
    double worst_mean = 0, worst_std = 0, worst_z = 0;
    (void)state;
    if ((wide)1 + (wide)1e-30 == (wide)1) skip(); /* no type here that is wide enough for 1e9 + 1e-3 noise */
    for (int kind = 0; kind < HOSTILE_KINDS; kind++)
        for (size_t n = 1; n <= MOST; n += 1 + n / 3)
            for (int32_t ddof = 0; ddof < 2; ddof++) {
                fill(kind, n * 31 + (size_t)kind, n, n % 2 ? 0 : 7);
                wide sum = 0, m2 = 0, count = 0;
                double most = 0, mean = -1, std = -1;
                for (size_t i = 0; i < n; i++)
                    if (known(x[i])) sum += (wide)x[i], count += 1, most = fabs(x[i]) > most ? fabs(x[i]) : most;
                for (size_t i = 0; i < n; i++)
                    if (known(x[i])) m2 += ((wide)x[i] - sum / count) * ((wide)x[i] - sum / count);
                assert_int_equal(kl_cross_moments(x, n, ddof, &mean, &std), (size_t)count);
                assert_int_equal(kl_cross_zscore(x, n, ddof, z), KL_OK);
                if (count == 0) {
                    assert_true(mean != mean && std != std);
                    continue;
                }
                double off = (double)((wide)mean - sum / count);
                if (most >= DBL_MIN) worst_mean = fmax(worst_mean, fabs(off) / most * 0x1p53);
                if (count <= ddof) {
                    assert_true(std != std && z[0] != z[0]);
                    continue;
                }
                wide true_std = wide_sqrt(m2 / (count - ddof));
                if ((double)true_std < 1e-150) continue; /* squares of denormals are 0 */
                worst_std = fmax(worst_std, fabs((double)(((wide)std - true_std) / true_std)) * 0x1p53);
                for (size_t i = 0; i < n; i++) {
                    if (!known(x[i])) {
                        assert_true(z[i] != z[i]);
                        continue;
                    }
                    wide true_z = ((wide)x[i] - sum / count) / true_std;
                    worst_z = fmax(worst_z, fabs((double)((wide)z[i] - true_z)) / fmax(1, fabs((double)true_z)) * 0x1p53);
                }
            }
    printf("  worst: mean %.2f u of the greatest value, std %.2f u, z %.2f u\n", worst_mean, worst_std, worst_z);
    assert_true(worst_mean <= 4 && worst_std <= 4 && worst_z <= 8);
}

static void test_equal(void **state) {
    static const double values[] = {0.1, 104.37, -3e-310, 1e300, 0.0, 1.0 / 3.0, -1e9};
    (void)state;
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        for (size_t n = 1; n < 300; n += 7) {
            double mean, std;
            for (size_t i = 0; i < n; i++) x[i] = i % 5 == 3 ? (double)NAN : values[v];
            assert_true(kl_cross_moments(x, n, 0, &mean, &std) == n - n / 5 - (n % 5 > 3));
            assert_true(mean == values[v] && std == 0);
            kl_cross_zscore(x, n, 0, x); /* in place */
            for (size_t i = 0; i < n; i++) assert_true(x[i] != x[i]);
        }
}

static void test_rank(void **state) {
    (void)state;
    for (int kind = 0; kind < HOSTILE_KINDS; kind++)
        for (size_t n = 0; n < 400; n += 1 + n / 4)
            for (int32_t rule = KL_RANK_AVERAGE; rule <= KL_RANK_BELOW; rule++) {
                fill(kind, n + 7 * (size_t)kind, n, 5);
                assert_int_equal(kl_cross_rank(x, n, rule, scratch, rank), KL_OK);
                for (size_t i = 0; i < n; i++) {
                    double less = 0, equal = 0;
                    for (size_t j = 0; j < n; j++) less += known(x[j]) && x[j] < x[i], equal += x[j] == x[i];
                    double is[] = {less + (equal + 1) / 2, less + 1, less + equal, less};
                    if (known(x[i])) assert_true(rank[i] == is[rule]);
                    else assert_true(rank[i] != rank[i]);
                }
            }
}

static void test_top(void **state) {
    (void)state;
    for (int kind = 0; kind < HOSTILE_KINDS; kind++)
        for (size_t n = 0; n < 200; n += 1 + n / 4)
            for (int64_t k = -8; k <= 8; k++) {
                int64_t wanted = k == -8 ? INT64_MIN : k == 8 ? INT64_MAX : k;
                size_t most = wanted == k ? (size_t)(k < 0 ? -k : k) : n, found = 0;
                fill(kind, n + 11 * (size_t)kind, n, 3);
                for (size_t i = 0; i < n; i++) scratch[i] = 0; /* 1: taken */
                size_t got = kl_cross_top(x, n, wanted, top);
                for (; found < most; found++) { /* the best of what is left */
                    size_t best = n;
                    for (size_t i = 0; i < n; i++)
                        if (!scratch[i] && known(x[i]) && (best == n || (k < 0 ? x[i] < x[best] : x[i] > x[best]))) best = i;
                    if (best == n) break;
                    scratch[best] = 1;
                    assert_true(found < got && top[found] == best);
                }
                assert_int_equal(found, got);
            }
}

static void test_refusals(void **state) {
    double mean = 3, std = 4, v[2] = {1, 2};
    size_t place[2];
    (void)state;
    assert_int_equal(kl_cross_moments(NULL, 2, 1, &mean, &std), 0);
    assert_int_equal(kl_cross_moments(v, 2, 2, &mean, &std), 0);
    assert_int_equal(kl_cross_moments(v, 2, -1, &mean, &std), 0);
    assert_true(mean == 3 && std == 4);
    assert_int_equal(kl_cross_moments(v, 2, 1, NULL, NULL), 2);
    assert_int_equal(kl_cross_zscore(NULL, 2, 1, v), KL_E_ARG);
    assert_int_equal(kl_cross_zscore(v, 2, 1, NULL), KL_E_ARG);
    assert_int_equal(kl_cross_zscore(v, 2, 3, v), KL_E_ARG);
    assert_int_equal(kl_cross_rank(v, 2, 4, place, rank), KL_E_ARG);
    assert_int_equal(kl_cross_rank(v, 2, -1, place, rank), KL_E_ARG);
    assert_int_equal(kl_cross_rank(v, 2, 0, NULL, rank), KL_E_ARG);
    assert_int_equal(kl_cross_rank(v, 2, 0, place, v), KL_E_ARG);
    assert_int_equal(kl_cross_top(NULL, 2, 1, place), 0);
    assert_int_equal(kl_cross_top(v, 2, 1, NULL), 0);
    assert_int_equal(kl_cross_top(v, 2, 0, place), 0);
    assert_true(v[0] == 1 && v[1] == 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_moments), cmocka_unit_test(test_equal), cmocka_unit_test(test_rank),
                                       cmocka_unit_test(test_top), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
