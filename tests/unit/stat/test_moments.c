/* Moments against sums in long form, over lengths around lanes and blocks, with holes, far from 0 and flat. */
#include "base/fp.h"
#include "kline/stat.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ROOM = 20000 };
static double x[ROOM];

static int close_to(double got, double expect, double tolerance) { return fabs(got - expect) <= tolerance * (1 + fabs(expect)); }

static void compare(size_t n, double tolerance) {
    long double count = 0, sum = 0, m2 = 0, m3 = 0, m4 = 0;
    kl_moments m;
    assert_int_equal(kl_moments_of(x, n, &m), KL_OK);
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) count += 1, sum += x[i];
    long double mean = count > 0 ? sum / count : 0;
    for (size_t i = 0; i < n; i++) {
        long double d = isfinite(x[i]) ? (long double)x[i] - mean : 0;
        m2 += d * d, m3 += d * d * d, m4 += d * d * d * d;
    }
    assert_int_equal(m.n, (uint64_t)count);
    if (count < 1) assert_true(isnan(m.mean));
    if (count < 4) return;
    assert_true(close_to(m.mean, (double)mean, tolerance));
    assert_true(fabs(m.variance / (double)(m2 / (count - 1)) - 1) <= tolerance);
    long double s = m2 / count, skew = m3 / count / (s * sqrtl(s)), kurtosis = m4 / count / (s * s);
    assert_true(close_to(m.skew, (double)skew, 10 * tolerance) && close_to(m.kurtosis, (double)kurtosis, 10 * tolerance));
    assert_true(close_to(m.skew_adjusted, (double)(skew * sqrtl(count * (count - 1)) / (count - 2)), 10 * tolerance));
    assert_true(close_to(m.excess_adjusted, (double)((count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * (kurtosis - 3) + 6)), 100 * tolerance));
}

static void test_lengths(void **state) {
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 100, 4095, 4096, 4097, 8192, 8193, 12288, 16384, 16385, 20000};
    uint64_t seed = 7;
    for (int kind = 0; kind < 4; kind++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            for (size_t i = 0; i < lengths[k]; i++) {
                double u = (double)random_below(&seed, 1 << 20) * 0x1p-20;
                x[i] = kind == 0 ? u - 0.3 : kind == 1 ? 1 / (u + 0.01) : 1000 + u * u;
                if (kind == 3 && random_below(&seed, 4) == 0) x[i] = random_below(&seed, 2) ? (double)NAN : -(double)INFINITY;
            }
            compare(lengths[k], 1e-12);
        }
}

static void test_flat(void **state) {
    (void)state;
    kl_moments m;
    for (size_t i = 0; i < ROOM; i++) x[i] = i % 3 ? 0.1 : (double)NAN;
    assert_int_equal(kl_moments_of(x, ROOM, &m), KL_OK);
    assert_true(m.mean == 0.1 && m.variance == 0 && isnan(m.skew) && isnan(m.kurtosis));
    assert_int_equal(kl_moments_of(NULL, 0, &m), KL_OK);
    assert_true(m.n == 0 && isnan(m.mean) && isnan(m.variance));
    assert_int_equal(kl_moments_of(NULL, 1, &m), KL_E_ARG);
    assert_int_equal(kl_moments_of(x, 1, NULL), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lengths), cmocka_unit_test(test_flat)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
