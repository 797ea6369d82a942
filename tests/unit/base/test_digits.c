/* kl__digits_*: differential against a digit-by-digit reading, every length, every distance to the end of the buffer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/digits.h"
#include "random.h"

static uint64_t seed = 1;

static const char *plain_parse(const char *p, const char *end, uint64_t *mantissa, int *decimals) {
    int n = 0, d = 0;
    uint64_t m = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++, n++) m = m * 10 + (uint64_t)(*p - '0');
    if (n == 0 || n > 18) return NULL;
    if (p < end && *p == '.') {
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, d++) m = m * 10 + (uint64_t)(*p - '0');
        if (d == 0 || n + d > 18) return NULL;
    }
    *mantissa = m, *decimals = d;
    return p;
}

static void check(const char *text, size_t length) {
    /* an exact-size heap block, so that a sanitizer or valgrind sees any byte read too far */
    char *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    uint64_t a = 0, b = 0;
    int da = -1, db = -1;
    const char *x = kl__digits_parse(copy, copy + length, &a, &da), *y = plain_parse(copy, copy + length, &b, &db);
    if (x != y || a != b || da != db)
        fail_msg("'%.*s': end %d want %d, decimals %d want %d", (int)length, text, (int)(x ? x - copy : -1),
                 (int)(y ? y - copy : -1), da, db);
    free(copy);
}

static void test_random(void **state) {
    (void)state;
    static const char pool[] = "0123456789012345678901234567890123456789...,,-e:/ \x80\xff\xb0";
    int rounds = getenv("KLINE_QUICK") ? 20000 : 1000000;
    for (int i = 0; i < rounds; i++) {
        char text[48];
        size_t length = random_u64(&seed) % 40, whole = random_u64(&seed) % 20, part = random_u64(&seed) % 20;
        if (i % 3 == 0) {
            for (size_t k = 0; k < length; k++) text[k] = pool[random_u64(&seed) % (sizeof pool - 1)];
        } else {
            length = 0;
            for (size_t k = 0; k < whole; k++) text[length++] = (char)('0' + random_u64(&seed) % 10);
            if (i % 3 == 1 || random_u64(&seed) % 4) text[length++] = '.';
            for (size_t k = 0; k < part; k++) text[length++] = (char)('0' + random_u64(&seed) % 10);
            for (size_t k = random_u64(&seed) % 8; k > 0; k--)
                text[length++] = pool[random_u64(&seed) % (sizeof pool - 1)];
        }
        check(text, length);
    }
}

static void test_every_byte_stops(void **state) {
    (void)state;
    for (int byte = 0; byte < 256; byte++)
        for (size_t at = 0; at < 19; at++) {
            char text[24] = "123456789012345678901";
            text[at] = (char)byte;
            check(text, 19);
            check(text, at + 1);
        }
}

static void test_known(void **state) {
    (void)state;
    const char row[] = "16541.77000000,1502942428322,0.00000000";
    const char *end = row + sizeof row - 1;
    uint64_t m;
    int d;
    const char *p = kl__digits_parse(row, end, &m, &d);
    assert_ptr_equal(p, row + 14);
    assert_true(m == UINT64_C(1654177000000));
    assert_int_equal(d, 8);
    p = kl__digits_integer(p + 1, end, &m);
    assert_true(m == UINT64_C(1502942428322));
    p = kl__digits_parse(p + 1, end, &m, &d);
    assert_ptr_equal(p, end);
    assert_true(m == 0 && d == 8);
    assert_null(kl__digits_integer(end, end, &m));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_every_byte_stops),
        cmocka_unit_test(test_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
