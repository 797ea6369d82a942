/* The TOML reader: values of every form, what may be given where, places of errors and of characters within strings, memory. */
#include "base/toml.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static kl__toml doc;

static void read_ok(const char *text) {
    kl_error error = {0};
    kl_status status = kl__toml_read(text, strlen(text), NULL, &doc, &error);
    if (status != KL_OK) print_error("%s\n%lld:%lld: %s\n", text, (long long)error.row, (long long)error.column, error.message);
    assert_int_equal(status, KL_OK);
}

/* by a path of keys and places in arrays: "a.b.0" */
static uint32_t at(const char *path) {
    uint32_t node = KL__TOML_ROOT;
    char part[64];
    while (*path) {
        size_t n = strcspn(path, ".");
        memcpy(part, path, n);
        part[n] = 0;
        path += n + (path[n] == '.');
        if (kl__toml_at(&doc, node)->kind == KL__TOML_TABLE) node = kl__toml_find(&doc, node, part);
        else {
            int index = part[0] - '0';
            for (node = kl__toml_at(&doc, node)->first; index > 0; index--) node = kl__toml_at(&doc, node)->next;
        }
        if (node == KL__TOML_NONE) return node;
    }
    return node;
}

static void is_text(const char *path, const char *want) {
    assert_int_equal(kl__toml_at(&doc, at(path))->kind, KL__TOML_STRING);
    assert_string_equal(kl__toml_string(&doc, at(path)), want);
    assert_int_equal(kl__toml_at(&doc, at(path))->length, strlen(want));
}

static void is_integer(const char *path, int64_t want) {
    int64_t got = ~want;
    assert_int_equal(kl__toml_integer(&doc, at(path), &got), KL_OK);
    assert_true(got == want);
}

static void is_real(const char *path, double want) {
    double got = -1.0;
    assert_int_equal(kl__toml_real(&doc, at(path), &got), KL_OK);
    assert_true(memcmp(&got, &want, sizeof got) == 0);
}

static void test_values(void **state) {
    (void)state;
    read_ok("a = 1\nb=-17 # comment\n\tc = 0xff_FF\nd = 0o17\ne = 0b1_01\nf = +1_000.25e-2\ng = inf\nh = true\ni = false\n"
            "'j k' = -9223372036854775808\n\"l\\u0041\" = 9223372036854775807\nm = 6.25\nn = -0\no = 1e3\r\n");
    is_integer("a", 1);
    is_integer("b", -17);
    is_integer("c", 0xffff);
    is_integer("d", 15);
    is_integer("e", 5);
    is_real("f", 10.0025);
    is_real("g", 1e308 * 10.0);
    assert_int_equal(kl__toml_at(&doc, at("h"))->value, 1);
    assert_int_equal(kl__toml_at(&doc, at("i"))->value, 0);
    is_integer("j k", INT64_MIN);
    is_integer("lA", INT64_MAX);
    is_real("m", 6.25);
    is_integer("n", 0);
    is_real("o", 1000.0);
    is_real("a", 1.0);
    assert_int_equal(kl__toml_at(&doc, KL__TOML_ROOT)->count, 14);
    assert_int_equal(at("p"), KL__TOML_NONE);
    int64_t fixed;
    assert_int_equal(kl__toml_fixed(&doc, at("m"), 6, &fixed), KL_OK);
    assert_true(fixed == 6250000);
    assert_int_equal(kl__toml_fixed(&doc, at("b"), 6, &fixed), KL_OK);
    assert_true(fixed == -17000000);
    assert_int_equal(kl__toml_fixed(&doc, at("m"), 1, &fixed), KL_E_SCALE);
    assert_int_equal(kl__toml_fixed(&doc, at("j k"), 6, &fixed), KL_E_OVERFLOW);
    assert_int_equal(kl__toml_fixed(&doc, at("g"), 6, &fixed), KL_E_NOT_FINITE);
    assert_int_equal(kl__toml_fixed(&doc, at("h"), 6, &fixed), KL_E_ARG);
    assert_int_equal(kl__toml_integer(&doc, at("m"), &fixed), KL_E_ARG);
    kl__toml_free(&doc);
}

static void test_strings(void **state) {
    (void)state;
    read_ok("a = \"x \\\"y\\\" \\t\\u00e9\\U0001F600\"\nb = 'C:\\n'\nc = \"\"\"\r\none\r\n two\\\n   \n  \\ \n three \"\"quoted\"\"\"\"\"\n"
            "d = '''\nraw \\ '' ''''\ne = \"\"\nf = ''\ng = \"\"\"\"\"\"\nh = \"\\u0000\"");
    is_text("a", "x \"y\" \t\xC3\xA9\xF0\x9F\x98\x80");
    is_text("b", "C:\\n");
    is_text("c", "one\n twothree \"\"quoted\"\"");
    is_text("d", "raw \\ '' '");
    is_text("e", "");
    is_text("f", "");
    is_text("g", "");
    assert_int_equal(kl__toml_at(&doc, at("h"))->length, 1);
    kl__toml_free(&doc);
}

static void test_tables(void **state) {
    (void)state;
    read_ok("top = 1\n[a.b]\nc = 2\n[a]\nd.e.f = 3\nd.e.g = 4\n[[m]]\nx = 1\n[m.sub]\ny = 2\n[[m]]\nx = 3\n[[m.list]]\n[[m.list]]\nz = 5\n"
            "[q]\nlist = [1, [2, 'x',], # comment\n {u = 1, v.w = 2}, {}\n]\nempty = []\n[a.d.more]\nk = 1\n");
    is_integer("a.b.c", 2);
    is_integer("a.d.e.f", 3);
    is_integer("a.d.e.g", 4);
    is_integer("m.0.x", 1);
    is_integer("m.0.sub.y", 2);
    is_integer("m.1.x", 3);
    assert_int_equal(kl__toml_at(&doc, at("m.1.list"))->count, 2);
    is_integer("m.1.list.1.z", 5);
    is_text("q.list.1.1", "x");
    is_integer("q.list.2.v.w", 2);
    assert_int_equal(kl__toml_at(&doc, at("q.list"))->count, 4);
    assert_int_equal(kl__toml_at(&doc, at("q.empty"))->count, 0);
    is_integer("a.d.more.k", 1);
    kl__toml_free(&doc);
    read_ok("");
    kl__toml_free(&doc);
    read_ok("# nothing");
    kl__toml_free(&doc);
}

/* text, line, column, part of the sentence */
static const struct {
    const char *text;
    int line, column;
    const char *why;
} wrong[] = {
    {"a = 1\na = 2", 2, 1, "there already"},
    {"a = ", 1, 5, "value was expected"},
    {"a 1", 1, 3, "= was expected"},
    {"= 1", 1, 1, "key was expected"},
    {"a = 1 b = 2", 1, 7, "line should end"},
    {"a = \"x", 1, 7, "does not end"},
    {"a = \"x\n\"", 1, 7, "does not end"},
    {"a = \"\\q\"", 1, 6, "no such escape"},
    {"a = \"\\ud800\"", 1, 6, "no such escape"},
    {"a = \"\xC3(\"", 1, 6, "UTF-8"},
    {"a = \"\x01\"", 1, 6, "control"},
    {"\xC3\xA9 = 1", 1, 1, "key was expected"},
    {"'\xC3\xA9\xC3\xA9' = x", 1, 8, "text stands in quotes"},
    {"# \x7f", 1, 3, "comment"},
    {"a = 1\r", 1, 6, "line should end"},
    {"a = 01", 1, 5, "no value"},
    {"a = 1__0", 1, 5, "no value"},
    {"a = 1_", 1, 5, "no value"},
    {"a = .5", 1, 5, "no value"},
    {"a = 5.", 1, 5, "no value"},
    {"a = 1e", 1, 5, "no value"},
    {"a = 0X1", 1, 5, "no value"},
    {"a = +0x1", 1, 5, "no value"},
    {"a = 9223372036854775808", 1, 5, "64 bits"},
    {"a = 1979-05-27", 1, 5, "dates"},
    {"a = 07:32:00", 1, 5, "dates"},
    {"a = True", 1, 5, "no value"},
    {"a = [1 2]", 1, 8, ", or ]"},
    {"a = [1,,2]", 1, 8, "value was expected"},
    {"a = {x = 1,}", 1, 12, "key was expected"},
    {"a = {x = 1", 1, 11, ", or }"},
    {"a = {\n}", 1, 6, "key was expected"},
    {"a = {x = 1, x = 2}", 1, 13, "there already"},
    {"a = {x = {}, x.y = 2}", 1, 14, "inline table"},
    {"[a]\n[a]", 2, 2, "there already"},
    {"[a]\n[[a]]", 2, 3, "no array of tables"},
    {"[[a]]\n[a]", 2, 2, "there already"},
    {"a = 1\n[a.b]", 2, 2, "is no table"},
    {"a = 1\na.b = 1", 2, 1, "is no table"},
    {"a = {}\n[a.b]", 2, 2, "inline table"},
    {"a = [{}]\n[[a]]", 2, 3, "no array of tables"},
    {"a.b = 1\n[a]", 2, 2, "there already"},
    {"[a.b.c]\nx = 1\n[a]\nb.c.y = 2", 4, 3, "under its header"},
    {"[a", 1, 3, "] was expected"},
    {"[[a]", 1, 4, "]] was expected"},
    {"[]", 1, 2, "key was expected"},
    {"[a] x = 1", 1, 5, "line should end"},
    {"\"\"\"a\"\"\" = 1", 1, 1, "several lines"},
    {"\xEF\xBB\xBF" "a = 1", 1, 1, "key was expected"},
};

static void test_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        kl_error error = {0};
        kl_status status = kl__toml_read(wrong[i].text, strlen(wrong[i].text), NULL, &doc, &error);
        if (status != KL_E_TOML || error.row != wrong[i].line || error.column != wrong[i].column || !strstr(error.message, wrong[i].why))
            fail_msg("%s: %d, %lld:%lld: %s", wrong[i].text, (int)status, (long long)error.row, (long long)error.column, error.message);
        assert_null(doc.nodes);
    }
}

static void test_places(void **state) {
    (void)state;
    const char *text = "k = 1\nw = \"a\\tb\xC3\xA9" "c\"\nm = \"\"\"\nline\n  x \\\n  y\"\"\"\n";
    int64_t line, column;
    read_ok(text);
    kl__toml_place(&doc, kl__toml_at(&doc, at("w"))->value_at, &line, &column);
    assert_int_equal(line * 100 + column, 205);
    kl__toml_place(&doc, kl__toml_source(&doc, at("w"), 2), &line, &column); /* b */
    assert_int_equal(line * 100 + column, 209);
    kl__toml_place(&doc, kl__toml_source(&doc, at("w"), 5), &line, &column); /* c */
    assert_int_equal(line * 100 + column, 211);
    kl__toml_place(&doc, kl__toml_source(&doc, at("m"), 7), &line, &column); /* x */
    assert_int_equal(line * 100 + column, 503);
    kl__toml_place(&doc, kl__toml_source(&doc, at("m"), 9), &line, &column); /* y, behind the trimmed line end */
    assert_int_equal(line, 6);
    kl__toml_free(&doc);
}

static void test_limits(void **state) {
    (void)state;
    static char text[40 * KL__TOML_NODES_MAX];
    kl_error error = {0};
    size_t n = 0;
    memset(text, '[', 40);
    memcpy(text, "a = ", 4);
    assert_int_equal(kl__toml_read(text, 60, NULL, &doc, &error), KL_E_TOML);
    assert_non_null(strstr(error.message, "too deeply"));
    memcpy(text, "a=[", 3);
    for (n = 3; n < 2 * KL__TOML_NODES_MAX; n += 2) memcpy(text + n, "1,", 2);
    assert_int_equal(kl__toml_read(text, n, NULL, &doc, &error), KL_E_SIZE);
    assert_int_equal(error.code, KL_E_SIZE);
    assert_int_equal(kl__toml_read(text, (size_t)KL__TOML_LENGTH_MAX + 1, NULL, &doc, &error), KL_E_SIZE);
}

/* every allocation fails once: nothing leaks, nothing is kept */
static void test_memory(void **state) {
    (void)state;
    char text[4096] = "";
    kl_alloc_counter counter;
    kl_alloc alloc;
    size_t n = 0;
    for (int i = 0; i < 200; i++) n += (size_t)sprintf(text + n, "k%d = [%d, 'x']\n", i, i);
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
    for (uint64_t fail = 1;; fail++) {
        counter.fail_at = counter.requests + fail;
        kl_status status = kl__toml_read(text, n, &alloc, &doc, NULL);
        if (status == KL_OK) {
            assert_true(fail > 3);
            break;
        }
        assert_int_equal(status, KL_E_MEMORY);
        assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
    }
    kl__toml_free(&doc);
    assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_strings), cmocka_unit_test(test_tables),
                                       cmocka_unit_test(test_wrong),  cmocka_unit_test(test_places),  cmocka_unit_test(test_limits),
                                       cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
