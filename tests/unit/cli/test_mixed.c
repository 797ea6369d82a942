/* Two markets in one file: found when filled columns and decimals of the prices change at the same row, and only then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "cli/mixed.c"

kl_status cli_set_error(kl_error *error, kl_status code, int64_t row, const char *format, ...) {
    (void)format;
    error->code = code;
    error->row = row;
    return code;
}

/* rows [0, change) with `mask_a` and prices of `decimals_a` decimals, the rest with the others; the row that is blamed, or 0 */
static int64_t mixed_run(size_t n, size_t change, size_t back, uint32_t mask_a, uint32_t mask_b, int decimals_a, int decimals_b, size_t piece) {
    static kl_kline rows[4096];
    static int64_t source[4096];
    cli_mixed mixed;
    kl_error error = {0};
    cli_mixed_init(&mixed);
    for (size_t i = 0; i < n; i++) {
        int second = i >= change && i < back;
        int decimals = second ? decimals_b : decimals_a;
        memset(&rows[i], 0, sizeof rows[i]);
        rows[i].known = second ? mask_b : mask_a;
        rows[i].open = rows[i].high = rows[i].low = rows[i].close = 1234500;
        rows[i].close += decimals == 2 ? 1 : decimals == 1 ? 10 : 0; /* at scale 2 */
        source[i] = (int64_t)i + 2;
    }
    for (size_t first = 0; first < n; first += piece) {
        kl_kline_batch batch = {rows + first, source + first, n - first < piece ? n - first : piece, {2, 0, 0, 0}};
        if (cli_mixed_push(&mixed, &batch, &error) < 0) return error.row;
    }
    return cli_mixed_finish(&mixed, &error) < 0 ? error.row : 0;
}

static void test_mixed(void **state) {
    const uint32_t few = KL_HAS_OHLC | KL_HAS_VOLUME, all = KL_HAS_ALL;
    (void)state;
    for (size_t piece = 1; piece < 1000; piece = piece * 3 + 1) {
        assert_int_equal(mixed_run(4000, 2000, 4000, few, all, 2, 1, piece), 2002);
        assert_int_equal(mixed_run(4000, 2000, 4000, all, few, 1, 2, piece), 2002);
        assert_int_equal(mixed_run(4000, 2000, 4000, few, few, 2, 1, piece), 0); /* another tick size */
        assert_int_equal(mixed_run(4000, 2000, 4000, few, all, 2, 2, piece), 0); /* more columns */
        assert_int_equal(mixed_run(4000, 2000, 2010, few, all, 2, 1, piece), 0); /* a few rows only */
        assert_int_equal(mixed_run(2020, 2000, 4000, few, all, 2, 1, piece), 2002); /* at the end */
        assert_int_equal(mixed_run(2010, 2000, 4000, few, all, 2, 1, piece), 0);
        assert_int_equal(mixed_run(1000, 8, 1000, few, all, 2, 1, piece), 0); /* too little before */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mixed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
