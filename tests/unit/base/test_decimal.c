/* kl_decimal_*, kl_i128_*: known cases, round trips, and 128-bit arithmetic against the schoolbook. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/endian.h"
#include "base/number.h"
#include "random.h"

static uint64_t seed = 42;
static size_t rounds(size_t n) { return getenv("KLINE_QUICK") ? n / 50 : getenv("KLINE_LONG") ? n * 20 : n; }

static kl_status parse(const char *text, kl_i128 *m, int32_t *scale) {
    size_t used = 0;
    kl_status status = kl_decimal_parse(text, strlen(text), m, scale, &used);
    if (status == KL_OK && used != strlen(text)) fail_msg("'%s': %u bytes used", text, (unsigned)used);
    return status;
}

static void test_parse_known(void **state) {
    (void)state;
    static const struct {
        const char *text, *printed; /* NULL: the status */
        int32_t scale, status;
    } cases[] = {{"16541.77000000", "16541.77000000", 8, 0},
                 {"0", "0", 0, 0},
                 {"-0", "0", 0, 0},
                 {"0.00", "0.00", 2, 0},
                 {"-1.50", "-1.50", 2, 0},
                 {"+7", "7", 0, 0},
                 {"2.853e-05", "0.00002853", 8, 0},
                 {"1e5", "100000", 0, 0},
                 {"1.50e1", "15.0", 1, 0},
                 {"1.50e2", "150", 0, 0},
                 {"1.50e3", "1500", 0, 0},
                 {"100e-2", "1.00", 2, 0},
                 {"1e-18", "0.000000000000000001", 18, 0},
                 {"1e-19", NULL, 0, KL_E_SCALE},
                 {"10e-19", "0.000000000000000001", 18, 0},
                 {"0.1234567890123456780000", "0.123456789012345678", 18, 0},
                 {"0.1234567890123456781", NULL, 0, KL_E_SCALE},
                 {"0.00000000000000000000000000000000000000", "0.000000000000000000", 18, 0},
                 {"0e-99", "0.000000000000000000", 18, 0},
                 {"0e99", "0", 0, 0},
                 {"1e38", "100000000000000000000000000000000000000", 0, 0},
                 {"2e38", NULL, 0, KL_E_OVERFLOW},
                 {"170141183460469231731687303715884105727", "170141183460469231731687303715884105727", 0, 0},
                 {"-170141183460469231731687303715884105727", "-170141183460469231731687303715884105727", 0, 0},
                 {"170141183460469231731687303715884105728", NULL, 0, KL_E_OVERFLOW},
                 {"1e999999999999999999999", NULL, 0, KL_E_OVERFLOW},
                 {"1e-999999999999999999999", NULL, 0, KL_E_SCALE},
                 {"99999999999999999999999.12345678", "99999999999999999999999.12345678", 8, 0},
                 {"000000000000000000000000000000000000000000000000012", "12", 0, 0},
                 {"5.", "5", 0, 0},
                 {".5", "0.5", 1, 0},
                 {"9223372036854775807", "9223372036854775807", 0, 0},
                 {"123456789012345678", "123456789012345678", 0, 0},
                 {"1234567890123456789", "1234567890123456789", 0, 0},
                 {"nan", NULL, 0, KL_E_NOT_FINITE},
                 {"-inf", NULL, 0, KL_E_NOT_FINITE},
                 {"Infinity", NULL, 0, KL_E_NOT_FINITE},
                 {"", NULL, 0, KL_E_NUMBER},
                 {"-", NULL, 0, KL_E_NUMBER},
                 {".", NULL, 0, KL_E_NUMBER},
                 {"x", NULL, 0, KL_E_NUMBER},
                 {"--5", NULL, 0, KL_E_NUMBER},
                 {"e5", NULL, 0, KL_E_NUMBER}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_i128 m = kl__wide(5, 5);
        int32_t scale = 77;
        char text[KL_DECIMAL_TEXT_MAX];
        kl_status status = parse(cases[i].text, &m, &scale);
        if (status != cases[i].status) fail_msg("'%s': status %d", cases[i].text, (int)status);
        if (status < 0) {
            if (m.hi != 5 || m.lo != 5 || scale != 77) fail_msg("'%s': written in spite of the error", cases[i].text);
            continue;
        }
        size_t n = kl_decimal_print(&m, scale, text);
        if (scale != cases[i].scale || n != strlen(text) || strcmp(text, cases[i].printed) != 0)
            fail_msg("'%s': %s, scale %d", cases[i].text, text, (int)scale);
    }
}

static void test_parse_stops(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t used;
    } cases[] = {
        {"1.5,", 3}, {"1e", 1}, {"1e-x", 1}, {"12 ", 2}, {"5.,", 2}, {"1.2.3", 3}, {"1234567890123456789012,", 22}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_i128 m;
        int32_t scale;
        size_t used = 0;
        assert_int_equal(kl_decimal_parse(cases[i].text, strlen(cases[i].text), &m, &scale, &used), KL_OK);
        assert_int_equal(used, cases[i].used);
    }
}

static kl_i128 random_wide(void) {
    uint64_t high = random_u64(&seed), low = random_u64(&seed);
    kl_i128 r = kl__wide((int64_t)high, low);
    unsigned shift = (unsigned)random_below(&seed, 127);
    for (unsigned i = 0; i < shift; i++) r.lo = r.lo >> 1 | (uint64_t)r.hi << 63, r.hi = (r.hi - (r.hi & 1)) / 2;
    return r;
}

static void test_round_trip(void **state) {
    (void)state;
    for (size_t i = 0, n = rounds(500000); i < n; i++) {
        kl_i128 m = random_wide(), back = {0, 0};
        int32_t scale = (int32_t)random_below(&seed, 19), got = -1;
        char text[KL_DECIMAL_TEXT_MAX], plain[KL_DECIMAL_TEXT_MAX];
        memset(text, '#', sizeof text);
        size_t length = kl_decimal_print(&m, scale, text);
        if (length >= sizeof text || text[length] != 0) fail_msg("printed too long");
        if (parse(text, &back, &got) != KL_OK || got != scale || kl_i128_compare(&m, &back) != 0)
            fail_msg("%s reads as scale %d", text, (int)got);
        /* the nearest double: what the text itself reads as */
        double x = kl_decimal_to_double(&m, scale), y = strtod(text, NULL);
        if (kl__double_bits(x) != kl__double_bits(y) && !(x == 0 && y == 0)) fail_msg("%s: %a, strtod %a", text, x, y);
        if (kl__wide_fits(m)) {
            snprintf(plain, sizeof plain, "%lld", (long long)m.lo);
            kl_decimal_print(&m, 0, text);
            assert_string_equal(text, plain);
        }
        /* rescaling there and back */
        kl_i128 r = m;
        int32_t to = (int32_t)random_below(&seed, 19);
        kl_status status = kl_decimal_rescale(&r, scale, to);
        if (status == KL_OK) {
            assert_int_equal(kl_decimal_rescale(&r, to, scale), KL_OK);
            assert_int_equal(kl_i128_compare(&r, &m), 0);
        } else {
            assert_int_equal(status, to > scale ? KL_E_OVERFLOW : KL_E_SCALE);
            assert_int_equal(kl_i128_compare(&r, &m), 0);
        }
    }
}

static void test_smallest(void **state) {
    (void)state;
    kl_i128 least = kl__wide(INT64_MIN, 0), r = least;
    char text[KL_DECIMAL_TEXT_MAX];
    kl_decimal_print(&least, 0, text);
    assert_string_equal(text, "-170141183460469231731687303715884105728");
    kl_decimal_print(&least, 18, text);
    assert_string_equal(text, "-170141183460469231731.687303715884105728");
    assert_true(kl_decimal_to_double(&least, 0) == -0x1p127);
    assert_int_equal(kl_decimal_rescale(&r, 3, 2), KL_E_SCALE);
    assert_int_equal(kl_decimal_rescale(&r, 3, 4), KL_E_OVERFLOW);
    assert_int_equal(kl_decimal_rescale(&r, -1, 4), KL_E_ARG);
    assert_int_equal(kl_decimal_rescale(&r, 0, 19), KL_E_ARG);
    assert_int_equal(kl_decimal_print(&least, 19, text), 0);
}

static void test_from_double(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *printed;
        int32_t status;
    } cases[] = {{16541.77, "16541.77", 0},
                 {0, "0", 0},
                 {-0.0, "0", 0},
                 {-2.5, "-2.5", 0},
                 {1e22, "10000000000000000000000", 0},
                 {1e-18, "0.000000000000000001", 0},
                 {1e-19, NULL, KL_E_SCALE},
                 {0.1 + 0.2, "0.30000000000000004", 0},
                 {1e38, "100000000000000000000000000000000000000", 0},
                 {2e38, NULL, KL_E_OVERFLOW},
                 {1e300, NULL, KL_E_OVERFLOW},
                 {-1e300 * 1e300, NULL, KL_E_NOT_FINITE},
                 {1.5e10, "15000000000", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kl_i128 m;
        int32_t scale;
        char text[KL_DECIMAL_TEXT_MAX];
        assert_int_equal(kl_decimal_from_double(cases[i].value, &m, &scale), cases[i].status);
        if (cases[i].status < 0) continue;
        kl_decimal_print(&m, scale, text);
        assert_string_equal(text, cases[i].printed);
    }
    for (size_t i = 0, n = rounds(300000); i < n; i++) {
        double x = (double)(int64_t)random_u64(&seed) / (double)kl__pow10_u64[random_below(&seed, 17)];
        kl_i128 m;
        int32_t scale;
        if (kl_decimal_from_double(x, &m, &scale) == KL_OK) assert_true(kl_decimal_to_double(&m, scale) == x);
    }
}

static void test_wide(void **state) {
    (void)state;
    const kl_i128 most = kl__wide(INT64_MAX, UINT64_MAX), least = kl__wide(INT64_MIN, 0), one = kl__wide(0, 1);
    kl_i128 r = one;
    assert_int_equal(kl_i128_add(&most, &one, &r), KL_E_OVERFLOW);
    assert_int_equal(kl_i128_sub(&least, &one, &r), KL_E_OVERFLOW);
    assert_int_equal(kl_i128_mul(&most, &most, &r), KL_E_OVERFLOW);
    assert_int_equal(kl_i128_compare(&r, &one), 0); /* untouched */
    assert_int_equal(kl_i128_compare(&least, &most), -1);
    for (size_t i = 0, n = rounds(200000); i < n; i++) {
        kl_i128 a = random_wide(), b = random_wide(), sum, back, product;
        if (kl_i128_add(&a, &b, &sum) == KL_OK) {
            assert_int_equal(kl_i128_sub(&sum, &b, &back), KL_OK);
            assert_int_equal(kl_i128_compare(&back, &a), 0);
        }
        if (kl_i128_mul(&a, &b, &product) != KL_OK || !b.lo || b.hi || a.hi < 0) continue;
        uint64_t rest = kl__wide_divide(&product, b.lo);
        assert_int_equal(kl_i128_compare(&product, &a), 0);
        assert_true(rest == 0);
    }
    assert_int_equal(kl_i128_add(NULL, &one, &r), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_known), cmocka_unit_test(test_parse_stops), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_smallest),    cmocka_unit_test(test_from_double), cmocka_unit_test(test_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
