/* Reading a matrix: regimes, Fisher shift and its limit, breaks against a full sort, sums against the plain ones. */
#include "base/fp.h"
#include "base/endian.h"
#include "kline/corr.h"
#include "kline/simd.h"
#include "random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define UNIT 0x1p-53
#define SYMBOLS 60
#define PAIRS (SYMBOLS * (SYMBOLS - 1) / 2)

static double now[PAIRS], before[PAIRS];
static kl_corr_break every[PAIRS], top[PAIRS + 1];

static int same(double a, double b) { return kl__double_bits(a) == kl__double_bits(b) || (a != a && b != b); }

static size_t place(size_t symbols, size_t i, size_t j) { return i * (2 * symbols - i - 1) / 2 + j - i - 1; }

/* In -1..1; `coarse` gives many equal values and the ends of the range. */
static double correlation(uint64_t *seed, int coarse) {
    if (random_below(seed, 12) == 0) return (double)NAN;
    if (coarse) return (double)((int64_t)random_below(seed, 9) - 4) / 4.0;
    return (double)(int64_t)random_u64(seed) * 0x1p-63;
}

static void test_regime(void **state) {
    (void)state;
    const double limits[3] = {0.2, 0.2, 0.9}, falling[3] = {0.5, 0.3, 0.8};
    assert_int_equal(kl_corr_regime((double)NAN, NULL), KL_CORR_UNKNOWN);
    assert_int_equal(kl_corr_regime(0.0, NULL), KL_CORR_NONE);
    assert_int_equal(kl_corr_regime(0.29999999999999998, NULL), KL_CORR_LOW);
    assert_int_equal(kl_corr_regime(0.29999999999999993, NULL), KL_CORR_NONE);
    assert_int_equal(kl_corr_regime(-0.3, NULL), KL_CORR_LOW);
    assert_int_equal(kl_corr_regime(0.5, NULL), KL_CORR_MEDIUM);
    assert_int_equal(kl_corr_regime(-0.7999999, NULL), KL_CORR_MEDIUM);
    assert_int_equal(kl_corr_regime(-0.8, NULL), KL_CORR_HIGH);
    assert_int_equal(kl_corr_regime(1.0, NULL), KL_CORR_HIGH);
    assert_int_equal(kl_corr_regime(0.2, limits), KL_CORR_MEDIUM);
    assert_int_equal(kl_corr_regime(0.1, limits), KL_CORR_NONE);
    assert_int_equal(kl_corr_regime(0.4, falling), KL_CORR_UNKNOWN);
}

/* Valgrind gives long double the digits of double. */
static int long_double_is_wide(void) {
    volatile long double one = 1.0L, little = 1e-18L;
    return one + little != one;
}

static void test_shift(void **state) {
    (void)state;
    if (!long_double_is_wide()) skip();
    uint64_t seed = 1;
    double worst = 0.0;
    for (int k = 0; k < 200000; k++) {
        double r = correlation(&seed, k % 50 == 0), base = correlation(&seed, k % 70 == 0), shift = kl_corr_shift(r, base);
        if (k % 3 == 0) r = copysign(1.0 - fabs(r) * 0x1p-30, r); /* where 1 - r * base would cancel */
        if (k % 3 == 0 || k % 7 == 0) base = copysign(1.0 - fabs(base) * 0x1p-28, base);
        shift = kl_corr_shift(r, base);
        if (r != r || base != base || (r == base && fabs(r) == 1.0)) {
            assert_true(isnan(shift));
            continue;
        }
        assert_true(fabs(shift) <= 1.0);
        assert_true(same(shift, -kl_corr_shift(base, r)) || (shift == 0.0 && r == base));
        if (fabs(base) == 1.0) assert_true(shift == -base);
        if (fabs(r) == 1.0) assert_true(shift == r);
#if LDBL_MANT_DIG >= 64
        long double exact = ((long double)r - base) / (1.0L - (long double)r * base);
        if (r == base) assert_true(shift == 0.0);
        else if (fabsl(1.0L - (long double)r * base) > 0x1p-12L && fabsl(exact) > 0.0L) {
            double off = (double)fabsl((shift - exact) / exact);
            worst = off > worst ? off : worst;
        }
#endif
    }
    assert_true(worst <= 5.0 * UNIT);
    assert_true(isnan(kl_corr_shift(1.5, 0.0)));
    assert_true(isnan(kl_corr_shift(0.0, -1.0000001)));
    assert_true(kl_corr_shift(0.5, 0.0) == 0.5);
    /* 1 - r * base is 2^-29 - 2^-60 + ..: worked out by hand: r = 1 - u, base = 1 - 2u: u / (3u - 2u^2) = 1 / (3 - 2u) */
    assert_true(fabs(kl_corr_shift(1.0 - 0x1p-40, 1.0 - 0x1p-39) * (3.0 - 0x1p-39) - 1.0) <= 6.0 * UNIT);
}

static void test_limit(void **state) {
    (void)state;
    if (!long_double_is_wide()) skip();
    double worst = 0.0, last = 0.0;
    for (int k = 1; k < 40000; k++) {
        double sigmas = k < 20000 ? (double)k * 0x1p-10 : ldexp(1.0 + (double)(k % 97) / 97.0, -(k % 60));
        int64_t rows = 4 + k % 5 * 97;
        double limit = kl_corr_shift_limit(sigmas, rows);
        long double exact = tanhl((long double)sigmas / sqrtl((long double)(rows - 3)));
        double off = (double)fabsl(((long double)limit - exact) / exact);
        worst = off > worst ? off : worst;
        assert_true(limit > 0.0 && limit <= 1.0);
    }
    #if LDBL_MANT_DIG >= 64
    assert_true(worst <= 6.0 * UNIT);
#endif
    for (int k = 1; k < 3000; k++, last = kl_corr_shift_limit((double)(k - 1) * 0x1p-10, 4))
        assert_true(kl_corr_shift_limit((double)k * 0x1p-10, 4) >= last); /* rises, over the seam at 1/2 too */
    assert_true(kl_corr_shift_limit(1000.0, 4) == 1.0);
    assert_true(kl_corr_shift_limit((double)INFINITY, 4) == 1.0);
    assert_true(kl_corr_shift_limit(0x1p-1000, 4) == 0x1p-1000);
    assert_true(isnan(kl_corr_shift_limit(0.0, 24)));
    assert_true(isnan(kl_corr_shift_limit((double)NAN, 24)));
    assert_true(isnan(kl_corr_shift_limit(3.0, 3)));
    assert_true(fabs(kl_corr_shift_limit(5.3, 24) - 0.81991393852608097566) <= 2.0 * UNIT); /* by mpmath 1.3.0 with 30 digits */
}

static int ahead(const void *a, const void *b) {
    const kl_corr_break *x = a, *y = b;
    double p = fabs(x->change), q = fabs(y->change);
    if (p != q) return p > q ? -1 : 1;
    return x->i != y->i ? (x->i < y->i ? -1 : 1) : x->j < y->j ? -1 : 1;
}

static void check_breaks(size_t symbols, int32_t how, double limit, size_t capacity) {
    size_t broke = 0, total = 999, at = 0;
    for (size_t i = 0; i < symbols; i++)
        for (size_t j = i + 1; j < symbols; j++, at++) {
            double change = how == KL_BREAK_FISHER ? kl_corr_shift(now[at], before[at]) : now[at] - before[at];
            const kl_corr_break one = {i, j, now[at], before[at], change};
            if (fabs(change) > limit) every[broke++] = one;
        }
    qsort(every, broke, sizeof *every, ahead);
    memset(top, 0x77, sizeof top);
    assert_int_equal(kl_corr_breaks(now, before, symbols, how, limit, capacity ? top : NULL, capacity, &total), KL_OK);
    assert_int_equal(total, broke);
    size_t kept = broke < capacity ? broke : capacity;
    for (size_t k = 0; k < kept; k++) {
        assert_true(top[k].i == every[k].i && top[k].j == every[k].j);
        assert_true(top[k].r == every[k].r && top[k].before == every[k].before && same(top[k].change, every[k].change));
    }
    assert_int_equal(((const unsigned char *)top)[kept * sizeof *top], 0x77);
}

static void test_breaks(void **state) {
    (void)state;
    static const double limits[] = {0.5, 0.0, 1.0, -1.0, 0.25, 0.9};
    static const size_t capacities[] = {0, 1, 2, 7, 64, PAIRS};
    uint64_t seed = 3;
    for (int k = 0; k < (getenv("KLINE_QUICK") ? 60 : 600); k++) {
        int coarse = k % 2;
        for (size_t p = 0; p < PAIRS; p++) now[p] = correlation(&seed, coarse), before[p] = correlation(&seed, coarse);
        check_breaks(k % 10 ? SYMBOLS : (size_t)(k % 7), k / 2 % 2 ? KL_BREAK_FISHER : KL_BREAK_DIFFERENCE, limits[k % 6],
                     capacities[random_below(&seed, 6)]);
    }
}

/* Rows longer than a block of the scan, and a matrix of many chunks of a sum. */
static void test_long_row(void **state) {
    (void)state;
    const size_t symbols = 1500, pairs = symbols * (symbols - 1) / 2;
    double *a = malloc(pairs * sizeof *a), *b = calloc(pairs, sizeof *b);
    kl_corr_break best[3];
    size_t total;
    assert_non_null(a);
    assert_non_null(b);
    for (size_t p = 0; p < pairs; p++) a[p] = 0.25;
    a[1498] = -0.9, a[1499] = 0.9, a[511] = a[512] = 0.8, a[pairs - 1] = (double)NAN; /* (0,1499) (1,2) (0,512) (0,513) */
    assert_int_equal(kl_corr_breaks(a, b, symbols, KL_BREAK_FISHER, 0.25, best, 3, &total), KL_OK);
    assert_int_equal(total, 4);
    assert_true(best[0].i == 0 && best[0].j == 1499 && best[0].change == -0.9);
    assert_true(best[1].i == 1 && best[1].j == 2 && best[2].i == 0 && best[2].j == 512);
    kl_corr_summary s;
    a[700000] = -0.9; /* as low as an earlier one */
    a[900000] = 0.95, a[1000000] = 0.95;
    assert_int_equal(kl_corr_sum_up(a, symbols, &s), KL_OK);
    assert_int_equal(s.known, pairs - 1);
    assert_true(s.least == -0.9 && s.least_i == 0 && s.least_j == 1499 && s.greatest == 0.95);
    assert_int_equal(place(symbols, s.greatest_i, s.greatest_j), 900000);
    /* 0.25 but for -0.9 twice, 0.9, 0.8 twice and 0.95 twice */
    assert_true(fabs(s.average - (0.25 * (double)(pairs - 8) - 1.8 + 0.9 + 1.6 + 1.9) / (double)(pairs - 1)) <= 1e-14);
    assert_true(fabs(s.average_abs - (0.25 * (double)(pairs - 8) + 1.8 + 0.9 + 1.6 + 1.9) / (double)(pairs - 1)) <= 1e-14);
    free(a);
    free(b);
}

static void test_sum_up(void **state) {
    (void)state;
    uint64_t seed = 9;
    kl_corr_summary s;
    for (int k = 0; k < 600; k++) {
        size_t symbols = k % 5 ? 1 + (size_t)random_below(&seed, SYMBOLS) : (size_t)(k % 4), at = 0, known = 0;
        double sum = 0.0, sum_abs = 0.0, least = 2.0, greatest = -2.0;
        size_t where[4] = {0, 0, 0, 0};
        for (size_t p = 0; p < PAIRS; p++) now[p] = k % 9 == 0 ? (double)NAN : correlation(&seed, k % 2);
        assert_int_equal(kl_corr_sum_up(now, symbols, &s), KL_OK);
        for (size_t i = 0; i < symbols; i++)
            for (size_t j = i + 1; j < symbols; j++, at++) {
                if (isnan(now[at])) continue;
                known++, sum += now[at], sum_abs += fabs(now[at]);
                if (now[at] < least) least = now[at], where[0] = i, where[1] = j;
                if (now[at] > greatest) greatest = now[at], where[2] = i, where[3] = j;
            }
        assert_int_equal(s.known, known);
        if (known == 0) {
            assert_true(isnan(s.average) && isnan(s.average_abs) && isnan(s.diversification));
            assert_true(isnan(s.least) && isnan(s.greatest) && s.least_i == SIZE_MAX && s.greatest_j == SIZE_MAX);
            continue;
        }
        assert_true(fabs(s.average - sum / (double)known) <= 64.0 * UNIT);
        assert_true(fabs(s.average_abs - sum_abs / (double)known) <= 64.0 * UNIT);
        assert_true(s.diversification == 1.0 - s.average_abs);
        assert_true(s.least == least && s.greatest == greatest && s.average >= least && s.average <= greatest);
        assert_true(s.least_i == where[0] && s.least_j == where[1] && s.greatest_i == where[2] && s.greatest_j == where[3]);
    }
}

/* The same bits from every table of kernels. */
static void test_levels(void **state) {
    (void)state;
    uint64_t seed = 11;
    int32_t used = kl_simd_level();
    for (int k = 0; k < 20; k++) {
        kl_corr_summary first, s;
        static kl_corr_break wanted[PAIRS];
        size_t total, again;
        for (size_t p = 0; p < PAIRS; p++) now[p] = correlation(&seed, k % 2), before[p] = correlation(&seed, k % 2);
        memset(&first, 0, sizeof first);
        memset(&s, 0, sizeof s);
        assert_int_equal(kl_simd_force(KL_SIMD_BASELINE), KL_OK);
        kl_corr_sum_up(now, SYMBOLS, &first);
        kl_corr_breaks(now, before, SYMBOLS, KL_BREAK_FISHER, -1.0, wanted, PAIRS, &total);
        for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
            if (kl_simd_force(level) != KL_OK) continue;
            kl_corr_sum_up(now, SYMBOLS, &s);
            assert_memory_equal(&s, &first, sizeof s);
            kl_corr_breaks(now, before, SYMBOLS, KL_BREAK_FISHER, -1.0, top, PAIRS, &again);
            assert_int_equal(again, total);
            for (size_t b = 0; b < total; b++)
                assert_true(top[b].i == wanted[b].i && top[b].j == wanted[b].j && same(top[b].change, wanted[b].change));
        }
    }
    kl_simd_force(used);
}

static void test_refusals(void **state) {
    (void)state;
    size_t total = 5;
    kl_corr_summary s;
    now[0] = now[1] = now[2] = before[0] = before[1] = before[2] = 0.5;
    assert_int_equal(kl_corr_breaks(NULL, before, 3, KL_BREAK_FISHER, 0.5, NULL, 0, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, NULL, 3, KL_BREAK_FISHER, 0.5, NULL, 0, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, before, 3, 2, 0.5, NULL, 0, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, before, 3, -1, 0.5, NULL, 0, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, before, 3, KL_BREAK_FISHER, (double)NAN, NULL, 0, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, before, 3, KL_BREAK_FISHER, 0.5, NULL, 1, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, before, KL_CORR_SYMBOLS_MAX + 1, KL_BREAK_FISHER, 0.5, NULL, 0, &total), KL_E_ARG);
    assert_int_equal(kl_corr_breaks(now, before, 3, KL_BREAK_FISHER, 0.5, NULL, 0, NULL), KL_E_ARG);
    assert_int_equal(total, 5);
    assert_int_equal(kl_corr_sum_up(NULL, 3, &s), KL_E_ARG);
    assert_int_equal(kl_corr_sum_up(now, 3, NULL), KL_E_ARG);
    assert_int_equal(kl_corr_sum_up(NULL, 1, &s), KL_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regime), cmocka_unit_test(test_shift),  cmocka_unit_test(test_limit),  cmocka_unit_test(test_breaks),
        cmocka_unit_test(test_long_row), cmocka_unit_test(test_sum_up), cmocka_unit_test(test_levels), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests_name("breaks", tests, NULL, NULL);
}
