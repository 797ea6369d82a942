/* kl_double_parse and kl_double_print: against strtod and printf of a C library that rounds correctly, and known cases.
 */
#include "base/fp.h"
#include <float.h>
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

static uint64_t seed = 20240229;

static size_t rounds(size_t n) { return getenv("KLINE_QUICK") ? n / 50 : getenv("KLINE_LONG") ? n * 20 : n; }

/* Our reading of the whole text must have strtod's bits. */
static void check_parse(const char *text) {
    char *end;
    double want = strtod(text, &end), got = 0;
    size_t used = 0, length = strlen(text);
    if (kl_double_parse(text, length, &got, &used) != KL_OK || used != length || end != text + length ||
        kl__double_bits(want) != kl__double_bits(got))
        fail_msg("'%s': got %a (%u bytes), strtod %a", text, got, (unsigned)used, want);
}

static double random_double(void) {
    for (;;) {
        double x = kl__bits_double(random_u64(&seed));
        if (x - x == 0) return x;
    }
}

static void test_parse_random(void **state) {
    (void)state;
    char text[512];
    for (size_t i = 0, n = rounds(300000); i < n; i++) {
        double x = random_double();
        snprintf(text, sizeof text, "%.*e", (int)random_below(&seed, 25), x);
        check_parse(text);
        snprintf(text, sizeof text, "%.17g", x);
        check_parse(text);
        /* what exchanges write */
        snprintf(text, sizeof text, "%u.%08u", (unsigned)random_below(&seed, 100000),
                 (unsigned)random_below(&seed, 100000000));
        check_parse(text);
        snprintf(text, sizeof text, "%llu%llue%d", (unsigned long long)random_u64(&seed),
                 (unsigned long long)random_u64(&seed), (int)random_below(&seed, 700) - 370);
        check_parse(text);
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)(random_u64(&seed) >> random_below(&seed, 64)),
                 (int)random_below(&seed, 60) - 30);
        check_parse(text);
    }
}

/* The points half-way between neighbours, all their digits, and one more or less behind the last. */
static void test_parse_halfway(void **state) {
    (void)state;
#if LDBL_MANT_DIG >= 64
    static char text[1400];
    for (size_t i = 0, n = rounds(6000); i < n; i++) {
        uint64_t bits = random_u64(&seed) & ~KL__BITS_SIGN;
        if (i % 3 == 0) bits &= (UINT64_C(1) << 53) - 1; /* subnormal */
        if (i % 3 == 1) bits = (bits & ~(UINT64_C(0x7ff) << 52)) | (1023 - 60 + random_below(&seed, 120)) << 52;
        if (bits >= KL__BITS_INFINITY - 1) continue;
        long double middle = ((long double)kl__bits_double(bits) + (long double)kl__bits_double(bits + 1)) / 2;
        int length = snprintf(text, sizeof text - 100, "%.*Le", 1200, middle);
        char *e = strchr(text, 'e'), tail[16];
        snprintf(tail, sizeof tail, "%s", e);
        check_parse(text);
        snprintf(e, 20, "1%s", tail);
        check_parse(text);
        for (char *p = e - 1;; p--) { /* the last digit that is not 0, one lower */
            if (*p == '0' || *p == '.') continue;
            --*p;
            break;
        }
        memcpy(e, tail, strlen(tail) + 1);
        check_parse(text);
        (void)length;
    }
#endif
}

static void test_parse_known(void **state) {
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "0.0",
                                        "-0.00000000",
                                        "1",
                                        "+1",
                                        "16541.77000000",
                                        "0.00001",
                                        "2.8530000000000001e-05",
                                        "1e22",
                                        "1e23",
                                        "9007199254740993",
                                        "9007199254740992.99999999999999999999",
                                        "9007199254740993.0000000000000000000000000000001",
                                        "1.7976931348623157e308",
                                        "1.7976931348623158e308",
                                        "1.7976931348623159e308",
                                        "1e309",
                                        "-1e400",
                                        "1e99999999999999999999",
                                        "4.9406564584124654e-324",
                                        "2.4703282292062327e-324",
                                        "2.4703282292062328e-324",
                                        "2.4703282292062329e-324",
                                        "1e-400",
                                        "1e-99999999999999999999",
                                        "2.2250738585072011e-308",
                                        "2.2250738585072012e-308",
                                        "2.2250738585072014e-308",
                                        "6929495644600919.5",
                                        "3.2378839133029012895883524125015321748630094699e+18",
                                        "0e400",
                                        "0.000e-400",
                                        "5.",
                                        ".5",
                                        "8.98846567431158e307",
                                        "10000000000000000000000000000000000000000",
                                        "123456789012345678",
                                        "1234567890123456789",
                                        "12345678901234567890",
                                        "0.000000000000000000000000000000000000000012345",
                                        "1E5",
                                        "1e+5",
                                        "00000000000000000000001.5",
                                        "2.4703282292062327208299943495602382603190617132e-324",
                                        "7.2057594037927933e16",
                                        "1090544144181609348671888949248",
                                        "9.3170532238714134438e+16",
                                        "65613616999999977",
                                        "1448997445238699",
                                        "100000000000000016777215",
                                        "100000000000000016777216",
                                        "100000000000000016777217"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) check_parse(texts[i]);
}

static void test_parse_stops(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t used; /* 0: KL_E_NUMBER */
        double value;
    } cases[] = {{"", 0, 0},        {"-", 0, 0},
                 {"+", 0, 0},       {".", 0, 0},
                 {"-.", 0, 0},      {"e5", 0, 0},
                 {" 1", 0, 0},      {"abc", 0, 0},
                 {"in", 0, 0},      {"--1", 0, 0},
                 {"1,5", 1, 1},     {"1e", 1, 1},
                 {"1e+", 1, 1},     {"1.5.5", 3, 1.5},
                 {"1e5x", 3, 1e5},  {"12 ", 2, 12},
                 {"0x10", 1, 0},    {"1d", 1, 1},
                 {"1.5e-", 3, 1.5}, {"1_000", 1, 1},
                 {"5.,", 2, 5},     {"123456789012345678901,", 21, 123456789012345678901.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -1;
        size_t used = 99;
        kl_status status = kl_double_parse(cases[i].text, strlen(cases[i].text), &value, &used);
        if (cases[i].used == 0) {
            if (status != KL_E_NUMBER || used != 99) fail_msg("'%s' must not be a number", cases[i].text);
        } else if (status != KL_OK || used != cases[i].used ||
                   kl__double_bits(value) != kl__double_bits(cases[i].value)) {
            fail_msg("'%s': %d, %u bytes, %a", cases[i].text, (int)status, (unsigned)used, value);
        }
    }
    static const char *const special[] = {"inf", "-inf", "INF", "Infinity", "-INFINITY", "nan", "NaN", "-nan"};
    for (size_t i = 0; i < 8; i++) {
        double value = 0;
        size_t used = 0;
        assert_int_equal(kl_double_parse(special[i], strlen(special[i]), &value, &used), KL_OK);
        assert_int_equal(used, strlen(special[i]));
        uint64_t want = i >= 5 ? KL__BITS_NAN : KL__BITS_INFINITY | (special[i][0] == '-' ? KL__BITS_SIGN : 0);
        assert_true(kl__double_bits(value) == want);
    }
    assert_int_equal(kl_double_parse(NULL, 0, NULL, NULL), KL_E_ARG);
}

static void test_parse_huge(void **state) {
    (void)state;
    size_t n = 100000;
    char *text = malloc(n + 64);
    assert_non_null(text);
    for (int kind = 0; kind < 5; kind++) {
        memset(text, kind == 2 ? '9' : '0', n);
        if (kind == 0) memcpy(text, "0.", 2), strcpy(text + n, "123e100000");
        if (kind == 1) text[0] = '1', strcpy(text + n, "e-99999");
        if (kind == 2) memcpy(text, "0.", 2), strcpy(text + n, "");
        if (kind == 3) memcpy(text, "9007199254740993.", 17), strcpy(text + n, "1");
        if (kind == 4) memcpy(text, "9007199254740993.", 17), strcpy(text + n, "0");
        check_parse(text);
    }
    free(text);
}

/* The shortest: strtod gives it back, and no text with fewer digits does; of that length it is the closest. */
static void check_print(double x) {
    char text[KL_DOUBLE_TEXT_MAX + 1], shorter[64], *e;
    memset(text, 'x', sizeof text);
    size_t length = kl_double_print(x, text), digits = 0, zeros = 0;
    if (length != strlen(text) || length >= KL_DOUBLE_TEXT_MAX) fail_msg("%a: bad length", x);
    double back = strtod(text, NULL), own = 0;
    if (kl__double_bits(back) != kl__double_bits(x)) fail_msg("%a prints as %s", x, text);
    kl_double_parse(text, length, &own, NULL);
    if (kl__double_bits(own) != kl__double_bits(x)) fail_msg("%a prints as %s, which we read as %a", x, text, own);
    for (const char *p = text; *p && *p != 'e'; p++) {
        if (*p < '0' || *p > '9' || (digits == 0 && *p == '0')) continue;
        digits++;
        zeros = *p == '0' ? zeros + 1 : 0;
    }
    digits -= zeros;
    if (x == 0) return;
    if (digits > 1) {
        snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 2, x);
        if (strtod(shorter, NULL) == x) fail_msg("%a: %s is not the shortest, %s is", x, text, shorter);
    }
    snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 1, x); /* the closest one of that length */
    if (strtod(shorter, &e) == x) {
        uint64_t ours, theirs = 0;
        int32_t exponent;
        kl__double_shortest(x < 0 ? -x : x, &ours, &exponent);
        for (const char *p = shorter; *p != 'e'; p++)
            if (*p >= '0' && *p <= '9') theirs = theirs * 10 + (uint64_t)(*p - '0');
        while (theirs % 10 == 0) theirs /= 10;
        if (ours != theirs) fail_msg("%a: %s is not the closest, %s is", x, text, shorter);
    }
}

static void test_print_random(void **state) {
    (void)state;
    for (size_t i = 0, n = rounds(250000); i < n; i++) {
        check_print(random_double());
        check_print(kl__bits_double(random_u64(&seed) >> (12 + random_below(&seed, 52)))); /* subnormal */
        check_print((double)random_below(&seed, UINT64_C(10000000000000)) / 1e8);
        check_print((double)(random_u64(&seed) >> random_below(&seed, 64)));
    }
    for (uint64_t biased = 0; biased < 2047; biased++) { /* powers of two and their neighbours */
        check_print(kl__bits_double(biased << 52));
        check_print(kl__bits_double((biased << 52) + 1));
        if (biased) check_print(kl__bits_double((biased << 52) - 1));
    }
    for (int e = -323; e <= 308; e++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", e);
        check_print(strtod(text, NULL));
    }
}

static void test_print_known(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "-0"},
                 {5, "5"},
                 {-1.5, "-1.5"},
                 {0.1, "0.1"},
                 {0.00001, "0.00001"},
                 {0.000001, "1e-06"},
                 {1.25e-7, "1.25e-07"},
                 {1e20, "100000000000000000000"},
                 {1e21, "1e+21"},
                 {1e100, "1e+100"},
                 {16541.77, "16541.77"},
                 {1.0 / 3, "0.3333333333333333"},
                 {5e-324, "5e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e+308"},
                 {123456789012345680.0, "123456789012345680"},
                 {2.2250738585072014e-308, "2.2250738585072014e-308"},
                 {9007199254740993.0, "9007199254740992"},
                 {0.012, "0.012"},
                 {100, "100"},
                 {1.5e-5, "0.000015"}};
    char text[KL_DOUBLE_TEXT_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(kl_double_print(cases[i].value, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
    kl_double_print(kl__bits_double(KL__BITS_INFINITY), text);
    assert_string_equal(text, "inf");
    kl_double_print(kl__bits_double(KL__BITS_INFINITY | KL__BITS_SIGN), text);
    assert_string_equal(text, "-inf");
    kl_double_print(kl__bits_double(KL__BITS_NAN | KL__BITS_SIGN | 5), text);
    assert_string_equal(text, "nan");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_known),   cmocka_unit_test(test_parse_stops), cmocka_unit_test(test_parse_random),
        cmocka_unit_test(test_parse_halfway), cmocka_unit_test(test_parse_huge),  cmocka_unit_test(test_print_known),
        cmocka_unit_test(test_print_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
