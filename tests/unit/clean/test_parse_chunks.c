/* However a text is cut, rows, errors and counts are the same: on every format, good and damaged. The whole text goes through the
 * fast way, single bytes through the careful one, so that this also compares the two. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include "parse_support.h"
#include "random.h"

static const size_t chunks[] = {1, 2, 3, 5, 7, 13, 64, 1000};

static void check_text(const char *name, const char *text, size_t n, size_t line_max, const size_t *sizes, size_t n_sizes) {
    kl_parse_options options;
    kl_parse_options_init(&options);
    options.line_max = line_max;
    for (int skip = 0; skip < 2; skip++) {
        parse_run whole;
        parse_run_text(&whole, &options, text, n, n + 1, skip);
        for (size_t i = 0; i < n_sizes; i++) {
            parse_run cut;
            parse_run_text(&cut, &options, text, n, sizes[i], skip);
            if (!parse_run_same(&whole, &cut))
                fail_msg("%s in pieces of %zu: %zu rows, %s (%s), not %zu rows, %s (%s)\n%.*s", name, sizes[i], cut.n, kl_status_name(cut.status),
                         cut.error.message, whole.n, kl_status_name(whole.status), whole.error.message, n > 600 ? 600 : (int)n, text);
            parse_run_free(&cut);
        }
        parse_run_free(&whole);
    }
}

enum { FORMATS = 10 };

static size_t put_price(char *out, uint64_t *seed, int decimals) {
    return (size_t)sprintf(out, "%u.%0*u", (unsigned)random_below(seed, 100000), decimals, (unsigned)random_below(seed, decimals == 2 ? 100 : 10000));
}

/* n rows of a format, with times now and then out of order, in other units, and decimals that grow. */
static size_t make_text(int format, int rows, uint64_t *seed, char *out) {
    static const char *const heads[FORMATS] = {"", "open_time,open,high,low,close,volume,close_time,flags\n", "", "", "[", "[\n", "", "[", "",
        "open_time,open,high,low,close,volume,close_time,quote_volume,trade_count,taker_buy_base,taker_buy_quote,ignore\n"};
    size_t n = (size_t)sprintf(out, "%s", heads[format]);
    for (int i = 0; i < rows; i++) {
        long long t = 1672531200000LL + 60000LL * (random_below(seed, 20) ? i : rows - i);
        const char *unit = random_below(seed, 30) ? "" : "000";
        char o[40], v[40];
        put_price(o, seed, random_below(seed, 40) ? 2 : 4), put_price(v, seed, 4);
        unsigned k = (unsigned)random_below(seed, 1000);
        const char *comma = i + 1 < rows ? "," : "";
        switch (format) {
        case 0: n += (size_t)sprintf(out + n, "%lld%s,%s,%s,1.5,%s,%s,%lld,%s,%u,%s,%s,0\n", t, unit, o, o, o, v, t + 59999, v, k, v, v); break;
        case 1: n += (size_t)sprintf(out + n, "%s,%s,%s,1.5,%s,%s,%lld,%s\n", "2023-01-01T00:00:00Z", o, o, o, v, t, k & 1 ? "closed" : ""); break;
        case 2: n += (size_t)sprintf(out + n, "%u,%s,%s,1,%lld%s,%s,True\n", k, o, v, t, unit, k & 1 ? "True" : "False"); break;
        case 3: n += (size_t)sprintf(out + n, "%u,%s,%s,%u,%u,%lld%s,%s,true\r\n", k, o, v, k, k + 1, t, unit, k & 1 ? "true" : "false"); break;
        case 4: n += (size_t)sprintf(out + n, "[%lld,%s,%s,1.5,%s,%s]%s", t, o, o, o, v, comma); break;
        case 5: n += (size_t)sprintf(out + n, "  [%lld, \"%s\", \"%s\", \"1.5\", \"%s\", \"%s\", %lld, \"%s\", %u, \"%s\", \"%s\", \"0\"]%s\n", t, o, o, o, v, t + 59999, v, k, v, v, comma); break;
        case 6: n += (size_t)sprintf(out + n, "%s{\"stream\":\"x@kline_1m\",\"data\":{\"e\":\"%s\",\"E\":%lld,\"s\":\"BTC\",\"k\":{\"t\":%lld,\"T\":%lld,\"i\":\"1m\",\"o\":\"%s\",\"h\":\"%s\",\"l\":\"1.5\",\"c\":\"%s\",\"v\":\"%s\",\"n\":%u,\"x\":%s}}}\n",
            k & 2 ? "1672531200.5: " : "", k & 12 ? "kline" : "depthUpdate", t, t, t + 59999, o, o, o, v, k, k & 1 ? "true" : "false"); break;
        case 7: n += (size_t)sprintf(out + n, "{\"timestamp\": %lld, \"open\":%s,\"high\":%s,\"low\":1.5,\"close\":%s,\"volume\":\"%s\"}%s", t, o, o, o, v, comma); break;
        case 8: n += (size_t)sprintf(out + n, "%lld%s,%s,%s,1.5,%s,%s\n", t / (k & 1 ? 1000 : 1), k & 1 ? ".25" : "", o, o, o, v); break;
        default: { /* as the exchange writes it: the short way of exactly these cells */
            unsigned a = (unsigned)random_below(seed, 100000), b = (unsigned)random_below(seed, 100000000), big = (unsigned)random_below(seed, 4000000000u);
            n += (size_t)sprintf(out + n, "%lld%s,%u.%08u,%u.%08u,%u.%08u,%u.%08u,%u.%08u,%lld%s,%u.%08u,%u,%u.%08u,%u.%08u,0\n", t, unit, a, b, a + 1, b,
                                 a, b / 2, a, b, a / (1 + k), b, t + 59999, unit, big >> random_below(seed, 20), b, k * (k & 8 ? 1 : 12345678), k, b, a, b);
            break;
        }
        }
    }
    if (heads[format][0] == '[') n += (size_t)sprintf(out + n, "]\n");
    return n;
}

static int rows_of_run(void) { return getenv("KLINE_QUICK") ? 120 : 700; }

static void test_formats(void **state) {
    (void)state;
    uint64_t seed = 7;
    int rows = rows_of_run();
    char *text = malloc((size_t)rows * 400 + 1000);
    for (int format = 0; format < FORMATS; format++) {
        char name[20];
        size_t n = make_text(format, rows, &seed, text);
        sprintf(name, "format %d", format);
        kl_parse_options options;
        parse_run whole;
        kl_parse_options_init(&options);
        parse_run_text(&whole, &options, text, n, n, 0);
        if (whole.status != KL_OK) fail_msg("%s: %s, row %d: %s", name, kl_status_name(whole.status), (int)whole.error.row, whole.error.message);
        if (format != 6) assert_int_equal(whole.n, rows);
        parse_run_free(&whole);
        check_text(name, text, n, 1 << 20, chunks, 8);
    }
    free(text);
}

/* Bytes changed, lost, doubled or swapped for nasty ones; cut at any place. Seeded; the seed is printed on failure. */
static void test_damage(void **state) {
    (void)state;
    static const char nasty[] = "\0,\n\r\"[]{}:.-+eE9 0ntf\\|\xff\xef";
    int rounds = getenv("KLINE_LONG") ? 200000 : getenv("KLINE_QUICK") ? 300 : 5000;
    char text[8000];
    for (int round = 0; round < rounds; round++) {
        uint64_t seed = (uint64_t)round;
        char name[40];
        size_t n = make_text((int)random_below(&seed, FORMATS), 1 + (int)random_below(&seed, 12), &seed, text);
        for (uint64_t i = random_below(&seed, 4); i > 0; i--) {
            size_t at = random_below(&seed, n);
            switch (random_below(&seed, 3)) {
            case 0: text[at] = nasty[random_below(&seed, sizeof nasty - 1)]; break;
            case 1: memmove(text + at, text + at + 1, n - at - 1), n--; break;
            default: memmove(text + at + 1, text + at, n - at), n++; break;
            }
        }
        if (random_below(&seed, 4) == 0) n = random_below(&seed, n + 1);
        size_t cut[3] = {1, 1 + random_below(&seed, 40), 1 + random_below(&seed, 400)};
        sprintf(name, "seed %d", round);
        check_text(name, text, n, random_below(&seed, 5) ? 1 << 20 : 16 + random_below(&seed, 300), cut, 3);
    }
}

/* A copy of the bytes of a parser goes on as the parser itself would: there is no pointer inside. */
static void test_clone(void **state) {
    (void)state;
    uint64_t seed = 11;
    char text[4000];
    for (int format = 0; format < FORMATS; format++) {
        size_t n = make_text(format, 6, &seed, text);
        for (size_t at = 0; at < n; at += 37) {
            kl_parse_options options;
            kl_parser *first = NULL, *second;
            parse_run run;
            kl_parse_options_init(&options);
            options.line_max = 2000;
            parse_run_init(&run, &options, 0);
            size_t bytes = kl_parser_size(&options);
            char *a = calloc(1, bytes), *b = malloc(bytes);
            assert_int_equal(kl_parser_init(a, bytes, &options, &first), KL_OK);
            assert_int_equal(kl_parser_push(first, text, at, NULL), KL_OK);
            memcpy(b, a, bytes);
            free(a);
            second = (kl_parser *)(void *)b;
            assert_int_equal(kl_parser_push(second, text + at, n - at, NULL), KL_OK);
            assert_int_equal(kl_parser_finish(second, NULL), KL_OK);
            kl_parse_counts counts;
            kl_parser_counts(second, &counts);
            assert_int_equal(run.n, counts.rows);
            free(b);
            parse_run_free(&run);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_formats), cmocka_unit_test(test_damage), cmocka_unit_test(test_clone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
