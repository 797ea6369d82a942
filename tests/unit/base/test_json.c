/* The JSON reader: what it takes, what it refuses and where, and how values are walked. */
#include "kline/base.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

typedef struct {
    const char *text;
    int64_t column; /* 0: accepted; else the 1-based byte of the complaint */
    size_t length;  /* 0: strlen */
} json_case;

#define FIVE "[[[[["
#define FIVE_END "]]]]]"
#define SIXTY FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE FIVE
#define SIXTY_END                                                                                                     \
    FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END FIVE_END

static const json_case cases[] = {
    /* accepted: scalars */
    {"0", 0, 0}, {"-0", 0, 0}, {"1", 0, 0}, {"-1", 0, 0}, {"10", 0, 0}, {"1.5", 0, 0}, {"0.5", 0, 0}, {"-0.0", 0, 0},
    {"1e5", 0, 0}, {"1E5", 0, 0}, {"1e+5", 0, 0}, {"1e-5", 0, 0}, {"0e0", 0, 0}, {"1.25e-07", 0, 0}, {"1e400", 0, 0},
    {"123456789012345678901234567890", 0, 0}, {"null", 0, 0}, {"true", 0, 0}, {"false", 0, 0}, {"\"\"", 0, 0},
    {"\"a\"", 0, 0}, {"\" \"", 0, 0}, {" 1 ", 0, 0}, {"\n\t\r 1\n\t\r ", 0, 0},
    /* accepted: strings */
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 0, 0}, {"\"\\u0000\"", 0, 0}, {"\"\\u00e9\\uABCD\\uabcd\"", 0, 0},
    {"\"\\ud83d\\ude00\"", 0, 0}, {"\"\\uDBFF\\uDFFF\"", 0, 0}, {"\"\xC3\xA9\"", 0, 0}, {"\"\xE2\x82\xAC\"", 0, 0},
    {"\"\xF0\x9F\x98\x80\"", 0, 0}, {"\"\xF4\x8F\xBF\xBF\"", 0, 0}, {"\"\xED\x9F\xBF\xEE\x80\x80\"", 0, 0}, {"\"\x7F\"", 0, 0},
    {"\"0123456789abcdef0123456789\"", 0, 0}, {"\"01234567\\n89abcdef\xC3\xA9\"", 0, 0},
    /* accepted: containers */
    {"[]", 0, 0}, {"{}", 0, 0}, {"[ ]", 0, 0}, {"{ }", 0, 0}, {"[1,2]", 0, 0}, {"[ 1 , 2 ]", 0, 0}, {"[[],{},[{}]]", 0, 0},
    {"{\"a\":1}", 0, 0}, {"{\"a\":1,\"b\":[]}", 0, 0}, {"{ \"a\" : 1 , \"a\" : 2 }", 0, 0}, {"{\"\":0}", 0, 0},
    {"{\"a\":{\"b\":{\"c\":[]}}}", 0, 0}, {SIXTY "[[[[]]]]" SIXTY_END, 0, 0}, {"[\"]\",\"}\",\"[\"]", 0, 0},
    /* refused: ends */
    {"", 1, 0}, {" ", 2, 0}, {"[", 2, 0}, {"{", 2, 0}, {"[1", 3, 0}, {"[1,", 4, 0}, {"{\"a\"", 5, 0}, {"{\"a\":", 6, 0}, {"\"", 2, 0},
    {"\"abc", 5, 0}, {"\"\\", 2, 0}, {"\"\\u12", 2, 0}, {"{\"a\":1", 7, 0}, {"-", 2, 0}, {"1.", 3, 0}, {"1e", 3, 0}, {"1e+", 4, 0},
    {"nul", 1, 0}, {"t", 1, 0}, {"[[[", 4, 0}, {"[1,2", 5, 0},
    /* refused: structure */
    {"[1,]", 4, 0}, {"[,1]", 2, 0}, {"[1 2]", 4, 0}, {"[1,,2]", 4, 0}, {"{\"a\":1,}", 8, 0}, {"{,}", 2, 0}, {"{\"a\" 1}", 6, 0},
    {"{\"a\":}", 6, 0}, {"{a:1}", 2, 0}, {"{1:1}", 2, 0}, {"{\"a\":1 \"b\":2}", 8, 0}, {"[}", 2, 0}, {"{]", 2, 0}, {"[1}", 3, 0},
    {"{\"a\":1]", 7, 0}, {"]", 1, 0}, {"}", 1, 0}, {"1 2", 3, 0}, {"[]]", 3, 0}, {"{}{}", 3, 0}, {"[1]x", 4, 0}, {",", 1, 0}, {":", 1, 0},
    {"['a']", 2, 0}, {"[1]//c", 4, 0}, {"/**/1", 1, 0}, {SIXTY "[[[[[]]]]]" SIXTY_END, 65, 0},
    /* refused: numbers and words */
    {"01", 2, 0}, {"-01", 3, 0}, {"+1", 1, 0}, {".5", 1, 0}, {"-.5", 2, 0}, {"1.e5", 3, 0}, {"1.5.5", 4, 0}, {"0x10", 2, 0}, {"1e5.5", 4, 0},
    {"NaN", 1, 0}, {"-Infinity", 2, 0}, {"Infinity", 1, 0}, {"True", 1, 0}, {"nulll", 5, 0}, {"undefined", 1, 0}, {"--1", 2, 0},
    {"1_000", 2, 0}, {"1,000", 2, 0}, {"\xEF\xBC\x91", 1, 0},
    /* refused: strings and bytes */
    {"\"\\x\"", 2, 0}, {"\"\\a\"", 2, 0}, {"\"\\'\"", 2, 0}, {"\"\\u12G4\"", 2, 0}, {"\"\\U0041\"", 2, 0}, {"\"a\nb\"", 3, 0}, {"\"a\tb\"", 3, 0},
    {"\"\x1F\"", 2, 0}, {"\"\\ud800\"", 2, 0}, {"\"\\udc00\"", 2, 0}, {"\"\\ud800\\u0041\"", 2, 0}, {"\"\\ud800x\"", 2, 0},
    {"\"\x80\"", 2, 0}, {"\"\xC0\xAF\"", 2, 0}, {"\"\xC1\xBF\"", 2, 0}, {"\"\xE0\x9F\xBF\"", 2, 0}, {"\"\xED\xA0\x80\"", 2, 0},
    {"\"\xF0\x8F\xBF\xBF\"", 2, 0}, {"\"\xF4\x90\x80\x80\"", 2, 0}, {"\"\xF5\x80\x80\x80\"", 2, 0}, {"\"\xFF\"", 2, 0}, {"\"\xC3\"", 2, 0},
    {"\"\xE2\x82\"", 2, 0}, {"\"\xC3x\"", 2, 0}, {"\xEF\xBB\xBF[]", 1, 0}, {"\"a\0b\"", 3, 5}, {"[1\0]", 3, 4}, {"\0", 1, 1},
    {"[1]\0", 4, 4}, {"\"\\\0\"", 2, 4}, {"\f1", 1, 0}, {"\xC2\xA0" "1", 1, 0}, {"\"01234567890123\x01\"", 16, 0},
};

static void test_accept_and_refuse(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].text);
        kl_json root;
        kl_error error;
        memset(&error, 0, sizeof error);
        char *copy = (char *)malloc(length + 1); /* of the exact size, for the sanitizer */
        assert_non_null(copy);
        copy = (char *)realloc(copy, length ? length : 1);
        memcpy(copy, cases[i].text, length);
        kl_status status = kl_json_read(copy, length, &root, &error);
        if (status != (cases[i].column ? KL_E_JSON : KL_OK) || error.column != cases[i].column)
            fail_msg("case %d, %s: %s at %d: %s", (int)i, cases[i].text, kl_status_name(status), (int)error.column, error.message);
        assert_int_equal(kl_json_read(copy, length, &root, NULL), status);
        free(copy);
    }
    assert_true(sizeof cases / sizeof cases[0] > 150);
}

static kl_json read_text(const char *text) {
    kl_json root;
    assert_int_equal(kl_json_read(text, strlen(text), &root, NULL), KL_OK);
    return root;
}

static void check_text(const kl_json *value, int32_t kind, const char *text) {
    assert_int_equal(value->kind, kind);
    assert_int_equal(value->length, strlen(text));
    assert_memory_equal(value->text, text, value->length);
}

static void test_array(void **state) {
    kl_json root = read_text(" [ 1 ,\"a\\\"]\", [ 2,[3] ] ,{ \"k\" : [4] },null , true,false,-1.5e3] "), key, value;
    static const struct {
        int32_t kind;
        const char *text;
    } expected[] = {{KL_JSON_NUMBER, "1"}, {KL_JSON_STRING, "a\\\"]"}, {KL_JSON_ARRAY, "[ 2,[3] ]"},
                    {KL_JSON_OBJECT, "{ \"k\" : [4] }"}, {KL_JSON_NULL, "null"}, {KL_JSON_TRUE, "true"},
                    {KL_JSON_FALSE, "false"}, {KL_JSON_NUMBER, "-1.5e3"}};
    size_t cursor = 0;
    (void)state;
    assert_int_equal(root.kind, KL_JSON_ARRAY);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(kl_json_next(&root, &cursor, i % 2 ? &key : NULL, &value), KL_OK);
        check_text(&value, expected[i].kind, expected[i].text);
        assert_int_equal(value.flags, i == 1);
    }
    assert_int_equal(kl_json_next(&root, &cursor, NULL, &value), KL_END);
    assert_int_equal(kl_json_next(&root, &cursor, NULL, &value), KL_END);
    root = read_text("[]");
    cursor = 0;
    assert_int_equal(kl_json_next(&root, &cursor, NULL, &value), KL_END);
    root = read_text("{ }");
    cursor = 0;
    assert_int_equal(kl_json_next(&root, &cursor, &key, &value), KL_END);
}

static void test_object(void **state) {
    kl_json root = read_text("{\"e\":\"kline\", \"k\\u0061\" : {\"t\":1 , \"o\" : \"1.0\"},\"n\":null,\"e\":2}"), key, value, inner;
    size_t cursor = 0;
    (void)state;
    assert_int_equal(kl_json_next(&root, &cursor, &key, &value), KL_OK);
    check_text(&key, KL_JSON_STRING, "e");
    check_text(&value, KL_JSON_STRING, "kline");
    assert_int_equal(kl_json_next(&root, &cursor, &key, &value), KL_OK);
    check_text(&key, KL_JSON_STRING, "k\\u0061");
    assert_int_equal(key.flags, 1);
    assert_int_equal(kl_json_next(&root, &cursor, NULL, &value), KL_OK);
    assert_int_equal(kl_json_next(&root, &cursor, NULL, &value), KL_OK);
    assert_int_equal(kl_json_next(&root, &cursor, NULL, &value), KL_END);
    assert_int_equal(kl_json_member(&root, "ka", &inner), KL_OK);
    assert_int_equal(kl_json_member(&inner, "o", &value), KL_OK);
    check_text(&value, KL_JSON_STRING, "1.0");
    assert_int_equal(kl_json_member(&root, "e", &value), KL_OK); /* the first of two */
    check_text(&value, KL_JSON_STRING, "kline");
    assert_int_equal(kl_json_member(&root, "k", &value), KL_E_NOT_FOUND);
    assert_int_equal(kl_json_member(&root, "kab", &value), KL_E_NOT_FOUND);
    assert_int_equal(kl_json_member(&root, "", &value), KL_E_NOT_FOUND);
    assert_int_equal(kl_json_member(&value, "x", &value), KL_E_ARG);
    assert_int_equal(kl_json_next(&value, &cursor, NULL, &value), KL_E_ARG);
}

static void test_string(void **state) {
    kl_json root = read_text("\"a\\n\\u00e9\\u20ac\\ud83d\\ude00\\\\ \xC3\xA9\"");
    static const char expected[] = "a\n\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\\ \xC3\xA9";
    char text[64];
    size_t length = 0;
    (void)state;
    assert_int_equal(kl_json_string(&root, text, sizeof text, &length), KL_OK);
    assert_int_equal(length, sizeof expected - 1);
    assert_string_equal(text, expected);
    for (size_t capacity = 0; capacity <= length; capacity++) {
        size_t need = 0;
        memset(text, 'x', sizeof text);
        assert_int_equal(kl_json_string(&root, text, capacity, &need), KL_E_SIZE);
        assert_int_equal(need, length);
        if (capacity) assert_int_equal(text[0], 0);
        assert_int_equal(text[capacity], 'x');
    }
    assert_int_equal(kl_json_string(&root, text, length + 1, NULL), KL_OK);
    root = read_text("\"\"");
    assert_int_equal(kl_json_string(&root, text, 1, &length), KL_OK);
    assert_int_equal(length, 0);
    root = read_text("1");
    assert_int_equal(kl_json_string(&root, text, 9, &length), KL_E_ARG);
}

/* Every prefix of a good text is refused, and no byte behind the given length is looked at. */
static void test_prefixes(void **state) {
    static const char text[] = "{\"e\":\"kl\\u00e9\\ud83d\\ude00\xE2\x82\xAC\",\"k\":[1.5e-3,true,null,{\"x\":[[]]}]}";
    kl_json root;
    kl_error error;
    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n++) {
        char *copy = (char *)malloc(n ? n : 1);
        assert_non_null(copy);
        memcpy(copy, text, n);
        assert_int_equal(kl_json_read(copy, n, &root, &error), KL_E_JSON);
        assert_true(error.column >= 1 && error.column <= (int64_t)n + 1);
        free(copy);
    }
    assert_int_equal(kl_json_read(text, sizeof text - 1, &root, &error), KL_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accept_and_refuse), cmocka_unit_test(test_array),    cmocka_unit_test(test_object),
        cmocka_unit_test(test_string),            cmocka_unit_test(test_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
