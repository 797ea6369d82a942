/* Statuses, errors, version and the self-check. */
#include "base/check.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void test_list(void **state) {
    kl_status status, other;
    size_t n = 0;
    (void)state;
    for (; kl_status_at(n, &status) == KL_OK; n++) {
        const char *name = kl_status_name(status), *text = kl_status_text(status);
        assert_true(name[0] && text[0]);
        for (const char *p = name; *p; p++) assert_true((*p >= 'a' && *p <= 'z') || *p == '_');
        assert_int_equal(kl_status_find(name, &other), KL_OK);
        assert_int_equal(other, status); /* so names are unique */
        for (size_t j = 0; j < n; j++) {
            assert_int_equal(kl_status_at(j, &other), KL_OK);
            assert_int_not_equal(other, status);
        }
    }
    assert_true(n > 40);
    assert_int_equal(kl_status_at(n, &status), KL_END);
    assert_int_equal(kl_status_at(SIZE_MAX, &status), KL_END);
    assert_int_equal(kl_status_at(0, NULL), KL_E_ARG);
    assert_string_equal(kl_status_name(KL_E_JSON), "json");
    assert_string_equal(kl_status_name(-9999), "unknown");
    assert_true(kl_status_text(-9999)[0]);
    assert_int_equal(kl_status_find("nonsense", &status), KL_E_UNKNOWN_NAME);
    assert_int_equal(kl_status_find(NULL, &status), KL_E_ARG);
    assert_true(KL_OK == 0 && KL_END > 0 && KL_E_ARG < 0);
}

static void test_fail(void **state) {
    kl_error error;
    char longer[400];
    (void)state;
    memset(&error, 0x55, sizeof error);
    assert_int_equal(kl__fail(&error, KL_E_NUMBER, 2, 7, 3, "row %d: '%s'", 7, "x"), KL_E_NUMBER);
    assert_true(error.code == KL_E_NUMBER && error.arg == 2 && error.row == 7 && error.column == 3);
    assert_string_equal(error.message, "row 7: 'x'");
    assert_int_equal(kl__fail(NULL, KL_E_NUMBER, 2, 7, 3, "%d", 1), KL_E_NUMBER);
    memset(longer, 'y', sizeof longer);
    longer[sizeof longer - 1] = 0;
    assert_int_equal(kl__fail(&error, KL_E_NUMBER, 0, 0, 0, "%s", longer), KL_E_NUMBER);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void test_version_and_self_check(void **state) {
    kl_error error;
    (void)state;
    assert_string_equal(kl_version(), "0.1.0");
    memset(&error, 0, sizeof error);
    if (kl_self_check(&error) != KL_OK) fail_msg("%s", error.message);
    assert_int_equal(kl_self_check(NULL), KL_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_list), cmocka_unit_test(test_fail),
                                       cmocka_unit_test(test_version_and_self_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
