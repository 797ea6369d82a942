/* Returns by hand and against long double, prices of a candle, indexes, historical volatility. */
#include "base/fp.h"
#include "base/endian.h"
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

static void test_by_hand(void **state) {
    (void)state;
    assert_double(kl_return(KL_RETURN_SIMPLE, 100, 110), 0.1);
    assert_double(kl_return(KL_RETURN_PERCENT, 100, 90), -10);
    assert_double(kl_return(KL_RETURN_CUMULATIVE, 100, 90), -0.1);
    assert_double(kl_return(KL_RETURN_LOG, 5, 5), 0);
    assert_true(fabs(kl_return(KL_RETURN_LOG, 1, 2.718281828459045) - 1) < 1e-15);
    const double bad[] = {NONE, (double)INFINITY, 0, -5};
    for (size_t i = 0; i < 4; i++)
        for (int32_t kind = 1; kind <= 4; kind++) {
            assert_double(kl_return(kind, bad[i], 5), NONE);
            assert_double(kl_return(kind, 5, bad[i]), NONE);
        }
    assert_double(kl_return(0, 5, 5), NONE);
    assert_double(kl_return(KL_RETURN_SIMPLE, 1e-300, 1e300), NONE); /* beyond the largest double */
    assert_true(fabs(kl_return(KL_RETURN_LOG, 1e-300, 1e300) - 600 * 2.302585092994046) < 1e-12);
}

static void test_columns(void **state) {
    (void)state;
    const double price[] = {NONE, 100, 110, NONE, 121, 121, 0, 60.5};
    const double percent[] = {NONE, NONE, 10, NONE, NONE, 0, NONE, NONE};
    const double whole[] = {NONE, 0, 10.0 / 100, NONE, 21.0 / 100, 21.0 / 100, NONE, -39.5 / 100};
    double out[8];
    assert_int_equal(kl_returns(KL_RETURN_PERCENT, price, 8, NONE, out), KL_OK);
    for (size_t i = 0; i < 8; i++) assert_double(out[i], percent[i]);
    assert_int_equal(kl_returns(KL_RETURN_CUMULATIVE, price, 8, NONE, out), KL_OK);
    for (size_t i = 0; i < 8; i++) assert_double(out[i], whole[i]);
    for (size_t cut = 0; cut <= 8; cut++) /* in two parts, and in place */
        for (int32_t kind = 1; kind <= 4; kind++) {
            double all[8], parts[8], before = cut ? price[cut - 1] : NONE;
            if (kind == KL_RETURN_CUMULATIVE) before = cut > 1 ? 100 : NONE;
            memcpy(parts, price, sizeof parts);
            assert_int_equal(kl_returns(kind, price, 8, NONE, all), KL_OK);
            assert_int_equal(kl_returns(kind, parts, cut, NONE, parts), KL_OK);
            assert_int_equal(kl_returns(kind, parts + cut, 8 - cut, before, parts + cut), KL_OK);
            for (size_t i = 0; i < 8; i++) assert_double(all[i], parts[i]);
        }
    assert_int_equal(kl_returns(0, price, 8, NONE, out), KL_E_ARG);
    assert_int_equal(kl_returns(1, NULL, 8, NONE, out), KL_E_ARG);
    assert_int_equal(kl_returns(1, NULL, 0, NONE, NULL), KL_OK);
}

#if LDBL_MANT_DIG >= 64
/* A return of 1e-9 keeps its digits: ln of the rounded quotient alone has 7 of 16. */
static void test_log_of_small_returns(void **state) {
    (void)state;
    volatile long double one = 1, tiny = 0x1p-60L;
    if (one + tiny == one) skip(); /* an emulator's long double is a double; test_log_everywhere has 113 bits everywhere */
    uint64_t seed = 11;
    double worst = 0;
    for (int i = 0; i < 20000; i++) {
        double before = 1 + (double)random_below(&seed, 1 << 30);
        double step = ldexp(1 + (double)random_below(&seed, 1000) / 1000, -(int)random_below(&seed, 40));
        double now = before * (1 + (random_below(&seed, 2) ? step : -step / 2.5));
        if (now == before) continue;
        long double u = ((long double)now - before) / before, exact = log1pl(u);
        double off = (double)fabsl((kl_return(KL_RETURN_LOG, before, now) - exact) / exact);
        if (off > worst) worst = off;
    }
    assert_true(worst < 2.5e-16);
}
#endif

/* ---------------------------------------------------------------- logarithms against 113 bits, to the ends of the range --- */

#if defined(__SIZEOF_FLOAT128__)
__extension__ typedef __float128 quad;
#else
typedef long double quad;
#endif

/* 2 atanh(s), |s| up to 1/3 */
static quad quad_atanh2(quad s) {
    quad sum = 0, power = s;
    for (int n = 1; n < 80; n += 2, power *= s * s) sum += power / n;
    return 2 * sum;
}

static quad quad_log(double before, double now) {
    int from, to;
    quad a = frexp(before, &from), b = frexp(now, &to);
    if (b > a) a *= 2, from--; /* b / a in 1/2..1 */
    if (3 * b < 2 * a) b *= 2, to--;
    return quad_atanh2((b - a) / (b + a)) + (to - from) * quad_atanh2((quad)1 / 3);
}

static double log_ulps(double before, double now) {
    double got = kl_return(KL_RETURN_LOG, before, now), ulp = nextafter(fabs(got), (double)INFINITY) - fabs(got);
    quad off = quad_log(before, now) - got;
    assert_true(isfinite(got));
    return fabs((double)(off / ulp));
}

static void test_log_everywhere(void **state) {
    (void)state;
    const double edge[] = {DBL_TRUE_MIN, 2 * DBL_TRUE_MIN, 3 * DBL_TRUE_MIN, 12345 * DBL_TRUE_MIN, DBL_MIN - DBL_TRUE_MIN, DBL_MIN, 3e-308, 1e-200,
                           1e-100, 0.1, 1, 1.02, 3, 1e100, 1e200, 1.1e200, 8e307, DBL_MAX};
    const size_t edges = sizeof edge / sizeof *edge;
    uint64_t seed = 12;
    double worst = 0;
    for (size_t a = 0; a < edges; a++)
        for (size_t b = 0; b < edges; b++) {
            double off = edge[a] == edge[b] ? fabs(kl_return(KL_RETURN_LOG, edge[a], edge[b])) : log_ulps(edge[a], edge[b]);
            if (off > worst) worst = off;
        }
    for (int i = 0; i < (getenv("KLINE_QUICK") ? 20000 : 200000); i++) {
        double before = kl__bits_double(random_u64(&seed) >> 1), now = kl__bits_double(random_u64(&seed) >> 1);
        if (i % 4 == 1) now = before * (1 + 0.3 * (double)(int64_t)(random_u64(&seed) >> 11) * 0x1p-53);
        if (i % 4 == 2) before = kl__bits_double(random_u64(&seed) >> (12 + random_below(&seed, 50))); /* below the normal range */
        if (i % 4 == 3) before = ldexp(1 + (double)random_below(&seed, 1 << 30), (int)random_below(&seed, 8)), now = before * (0.5 + (double)random_below(&seed, 1 << 30) * 0x1p-30);
        if (!(before > 0) || !(now > 0) || !isfinite(before) || !isfinite(now) || before == now) continue;
        double off = log_ulps(before, now);
        if (off > worst) worst = off;
    }
    if (worst >= 1.1) fail_msg("a logarithm is %.3f ulp off", worst);
    assert_double(kl_return(KL_RETURN_LOG, DBL_TRUE_MIN, DBL_MAX), 0x1.6b8e421b3d5d9p+10);
}

static void test_prices(void **state) {
    (void)state;
    const double open[] = {1, 2}, high[] = {5, 8}, low[] = {0.5, 2}, close[] = {4, NONE}, volume[] = {10, 0}, quote[] = {35, 0};
    const double expect[] = {4, 9.5 / 3, 2.75, 3.375, 2.625, 3.5};
    kl_columns c;
    double out[2];
    memset(&c, 0, sizeof c);
    c.n = 2;
    c.open = open, c.high = high, c.low = low, c.close = close, c.volume = volume, c.quote_volume = quote;
    for (int32_t price = KL_PRICE_CLOSE; price <= KL_PRICE_QUOTE; price++) {
        assert_int_equal(kl_prices(&c, price, out), KL_OK);
        assert_double(out[0], expect[price - 1]);
        assert_double(out[1], price == KL_PRICE_MEDIAN ? 5 : NONE);
    }
    /* a price of 0 or below is missing; what lies near the largest double is averaged all the same */
    const double bad[] = {0, -1, NONE, (double)INFINITY};
    double one[4];
    c.n = 1;
    c.open = one, c.high = one + 1, c.low = one + 2, c.close = one + 3;
    for (int32_t price = KL_PRICE_CLOSE; price <= KL_PRICE_OHLC4; price++)
        for (size_t k = 0; k < 4; k++)
            for (size_t b = 0; b < 4; b++) {
                int used = price == KL_PRICE_OHLC4 || (k == 3 ? price != KL_PRICE_MEDIAN : k > 0 && price > KL_PRICE_CLOSE);
                one[0] = one[1] = one[2] = one[3] = 8;
                one[k] = bad[b];
                assert_int_equal(kl_prices(&c, price, out), KL_OK);
                assert_double(out[0], used ? NONE : 8);
            }
    for (int32_t price = KL_PRICE_CLOSE; price <= KL_PRICE_OHLC4; price++) {
        one[0] = one[1] = one[2] = one[3] = DBL_MAX;
        assert_int_equal(kl_prices(&c, price, out), KL_OK);
        assert_double(out[0], DBL_MAX);
        one[0] = one[1] = one[2] = one[3] = 1.7e308;
        assert_int_equal(kl_prices(&c, price, out), KL_OK);
        assert_true(out[0] <= 1.7e308 && out[0] >= 1.7e308 * (1 - 4e-16));
    }
    one[1] = 1.6e308, one[2] = 1e308, one[3] = 1.3e308;
    assert_int_equal(kl_prices(&c, KL_PRICE_TYPICAL, out), KL_OK);
    assert_true(fabs(out[0] / 1.3e308 - 1) < 4e-16);
    one[1] = 5e-324, one[2] = 5e-324, one[3] = 5e-324; /* nothing is lost at the other end */
    assert_int_equal(kl_prices(&c, KL_PRICE_WEIGHTED, out), KL_OK);
    assert_double(out[0], 5e-324);
    const double none_paid[] = {0};
    c.quote_volume = none_paid;
    assert_int_equal(kl_prices(&c, KL_PRICE_QUOTE, out), KL_OK);
    assert_double(out[0], NONE);
    assert_int_equal(kl_prices(&c, 0, out), KL_E_ARG);
    assert_int_equal(kl_prices(&c, 7, out), KL_E_ARG);
    c.quote_volume = NULL;
    c.open = NULL;
    assert_int_equal(kl_prices(&c, KL_PRICE_QUOTE, out), KL_E_COLUMNS);
    assert_int_equal(kl_prices(&c, KL_PRICE_OHLC4, out), KL_E_COLUMNS);
    assert_int_equal(kl_prices(&c, KL_PRICE_TYPICAL, out), KL_OK);
}

static void test_rebase(void **state) {
    (void)state;
    const double price[] = {50, NONE, NONE, 200, 100}, expect[] = {25, NONE, NONE, 100, 50};
    double out[5];
    assert_int_equal(kl_rebase(price, 5, 1, 100, out), KL_OK);
    for (size_t i = 0; i < 5; i++) assert_double(out[i], expect[i]);
    assert_int_equal(kl_rebase(price, 3, 1, 100, out), KL_OK); /* nothing to begin at */
    for (size_t i = 0; i < 3; i++) assert_double(out[i], NONE);
    assert_int_equal(kl_rebase(price, 5, 5, 100, out), KL_E_ARG);
}

static void test_year(void **state) {
    (void)state;
    kl_interval hour = {KL_HOUR, 1, 0}, quarter = {KL_MONTH, 3, 0}, none = {0, 0, 0};
    assert_double(kl_periods_per_year(&hour, 365), 8760);
    assert_double(kl_periods_per_year(&quarter, 365), 4);
    assert_double(kl_periods_per_year(&none, 365), NONE);
    assert_double(kl_periods_per_year(&hour, 0), NONE);
    assert_double(kl_periods_per_year(NULL, 365), NONE);
}

static void test_volatility(void **state) {
    (void)state;
    double price[40], out[40];
    uint64_t seed = 5;
    for (size_t i = 0; i < 40; i++) price[i] = 100 + (double)random_below(&seed, 1000) / 100;
    price[30] = NONE;
    assert_int_equal(kl_volatility(KL_RETURN_PERCENT, price, 40, 5, 0, 8760, NULL, out, NULL), KL_OK);
    for (size_t i = 0; i < 40; i++) {
        if (i < 5 || (i >= 30 && i < 36)) { /* five returns; the hole costs two */
            assert_double(out[i], NONE);
            continue;
        }
        long double sum = 0, squares = 0, r[5];
        for (size_t k = 0; k < 5; k++) sum += r[k] = 100 * ((long double)price[i - k] / price[i - k - 1] - 1);
        for (size_t k = 0; k < 5; k++) squares += (r[k] - sum / 5) * (r[k] - sum / 5);
        assert_true(fabs(out[i] / sqrt((double)(squares / 4 * 8760)) - 1) < 1e-14);
    }
    memcpy(out, price, sizeof out); /* in place, not annualised, partial windows */
    assert_int_equal(kl_volatility(KL_RETURN_LOG, out, 40, 5, 2, 0, NULL, out, NULL), KL_OK);
    assert_double(out[1], NONE);
    assert_true(out[2] > 0 && out[39] > 0 && out[31] > 0);
    assert_int_equal(kl_volatility(KL_RETURN_CUMULATIVE, price, 40, 5, 0, 0, NULL, out, NULL), KL_E_ARG);
    assert_int_equal(kl_volatility(KL_RETURN_LOG, price, 40, 1, 0, 0, NULL, out, NULL), KL_E_ARG);
    assert_int_equal(kl_volatility(KL_RETURN_LOG, price, 40, 5, 6, 0, NULL, out, NULL), KL_E_ARG);
    assert_int_equal(kl_volatility(KL_RETURN_LOG, price, 40, 5, 0, -1, NULL, out, NULL), KL_E_ARG);
}

static void test_volatility_without_memory(void **state) {
    (void)state;
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_error error;
    double price[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, out[10] = {77};
    kl_alloc_counter_init(&counter, NULL, &alloc);
    counter.fail_at = 1;
    assert_int_equal(kl_volatility(KL_RETURN_LOG, price, 10, 5, 0, 0, &alloc, out, &error), KL_E_MEMORY);
    assert_double(out[0], 77);
    counter.fail_at = 0;
    assert_int_equal(kl_volatility(KL_RETURN_LOG, price, 10, 5, 0, 0, &alloc, out, &error), KL_OK);
    assert_int_equal(counter.live_bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_by_hand),
                                       cmocka_unit_test(test_columns),
                                       cmocka_unit_test(test_prices),
#if LDBL_MANT_DIG >= 64
                                       cmocka_unit_test(test_log_of_small_returns),
#endif
                                       cmocka_unit_test(test_log_everywhere),
                                       cmocka_unit_test(test_rebase),
                                       cmocka_unit_test(test_year),
                                       cmocka_unit_test(test_volatility),
                                       cmocka_unit_test(test_volatility_without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
