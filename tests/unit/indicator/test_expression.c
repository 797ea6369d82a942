/* The language: what is accepted and its complete form, what is refused and where, and every formula of the registry. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "indicator/expression.h"
#include "random.h"

typedef struct {
    kl__build *build;
    kl__expression_scope scope;
    kl_error error;
} reader;

static void start(reader *r, const char *interval) {
    kl_interval own = {0};
    memset(r, 0, sizeof *r);
    if (interval) assert_int_equal(kl_interval_parse(interval, strlen(interval), &own), KL_OK);
    assert_int_equal(kl__build_new(NULL, &r->build, &r->error), KL_OK);
    assert_int_equal(kl__expression_scope_init(&r->scope, &own, kl_alloc_libc(), &r->error), KL_OK);
}

static void stop(reader *r) {
    kl__expression_scope_free(&r->scope);
    kl__build_free(r->build);
}

static kl_status compile(reader *r, const char *text, size_t length, kl__expression *x) {
    memset(&r->error, 0, sizeof r->error);
    return kl__expression_build(r->build, &r->scope, text, length, x, &r->error);
}

/* Accepted; the complete form is as expected, means the same values and is its own complete form. */
static void good(const char *text, const char *complete) {
    reader r;
    kl__expression first, again;
    char copy[512], *exact = malloc(strlen(text) ? strlen(text) : 1); /* nothing behind the last byte is read */
    start(&r, "1m");
    memcpy(exact, text, strlen(text));
    if (compile(&r, exact, strlen(text), &first) < 0) fail_msg("%s: at %d: %s", text, (int)r.error.column, r.error.message);
    assert_true(r.scope.length < sizeof copy);
    memcpy(copy, r.scope.text, r.scope.length);
    copy[r.scope.length] = '\0';
    if (strcmp(copy, complete) != 0) fail_msg("%s: %s, not %s", text, copy, complete);
    if (compile(&r, copy, strlen(copy), &again) < 0) fail_msg("%s: at %d: %s", copy, (int)r.error.column, r.error.message);
    if (r.scope.length != strlen(copy) || memcmp(r.scope.text, copy, strlen(copy)) != 0)
        fail_msg("%s is not its own complete form: %.*s", copy, (int)r.scope.length, r.scope.text);
    assert_int_equal(first.n, again.n);
    for (uint32_t i = 0; i < first.n; i++)
        if (first.values[i] != again.values[i]) fail_msg("%s and %s are different values", text, copy);
    free(exact);
    stop(&r);
}

static void test_calls(void **state) {
    (void)state;
    good("rsi", "rsi(close, n=14, kind=wilder, flat=50, zero_loss=flat)");
    good("rsi()", "rsi(close, n=14, kind=wilder, flat=50, zero_loss=flat)");
    good(" rsi ( 7 )\t# length\n", "rsi(close, n=7, kind=wilder, flat=50, zero_loss=flat)");
    good("rsi(7, ema)", "rsi(close, n=7, kind=ema, flat=50, zero_loss=flat)");
    good("rsi(7, x=high)", "rsi(high, n=7, kind=wilder, flat=50, zero_loss=flat)");
    good("rsi(kind = 1, n = 3)", "rsi(close, n=3, kind=ema, flat=50, zero_loss=flat)");
    good("rsi(flat=2.5)", "rsi(close, n=14, kind=wilder, flat=2.5, zero_loss=flat)");
    good("rsi(volume,7).rsi", "rsi(volume, n=7, kind=wilder, flat=50, zero_loss=flat)");
    good("rsi(sma, 3, ema)", "rsi(sma(close, n=30), n=3, kind=ema, flat=50, zero_loss=flat)");
    good("sma(1e1)", "sma(close, n=10)");
    good("sma(sma(sma(3), 4), n=5)", "sma(sma(sma(close, n=3), n=4), n=5)");
    good("sma(2*(3+4) - -1)", "sma(close, n=15)");
    good("macd(3, 6).hist", "macd(close, fast=3, slow=6, signal=9).hist");
    good("macd", "macd(close, fast=12, slow=26, signal=9)");
    good("((macd(slow=30))).signal", "macd(close, fast=12, slow=30, signal=9).signal");
    good("obv(volume=high)", "obv(close, high)");
    good("cross_up(rsi(), 70)", "cross_up(rsi(close, n=14, kind=wilder, flat=50, zero_loss=flat), 70)");
    good("time", "time");
    good("taker_buy_quote", "taker_buy_quote");
}

static void test_signs(void **state) {
    (void)state;
    good("close+open*2", "close + open * 2");
    good("(close+open)*2", "(close + open) * 2");
    good("close-open-high", "close - open - high");
    good("close-(open-high)", "close - (open - high)");
    good("close/open/high*low", "close / open / high * low");
    good("close/(open*high)", "close / (open * high)");
    good("-close*-open", "-close * -open");
    good("-(close+open)", "-(close + open)");
    good("--close", "--close");
    good("close - -3", "close - -3");
    good("-3+close", "-3 + close");
    good("(2+3)*close", "5 * close");
    good("close*(2-5)", "close * -3");
    good("2*3", "6");
    good("1/0", "0 / 0");
    good("close*(0/0)", "close * (0 / 0)");
    good("close<open", "close < open");
    good("(close<open)==(high>low)", "(close < open) == (high > low)");
    good("close <= open + 1 and not high>=low or volume != 0", "close <= open + 1 and not high >= low or volume != 0");
    good("close and (open and high)", "close and (open and high)");
    good("close and (open or high)", "close and (open or high)");
    good("not (close and open)", "not (close and open)");
    good("not not close", "not not close");
    good("(not close) == open", "(not close) == open");
    good("1 < 2 and close", "1 and close");
    good("close[3]", "close[3]");
    good("close[0]", "close");
    good("close[1+1]", "close[2]");
    good("(close+open)[1]*2", "(close + open)[1] * 2");
    good("close[1][2]", "close[1][2]");
    good("(-close)[1]", "(-close)[1]");
    good("-close[1]", "-close[1]");
    good("macd.hist[1]", "macd(close, fast=12, slow=26, signal=9).hist[1]");
    good("if(close > open, 1, -1)", "if(close > open, 1, -1)");
    good("if(1, close, sma(0))", "close");
    good("if(0, sma(0), close+open) * 2", "(close + open) * 2");
    good("if(0/0, close, open)", "0 / 0");
    good("if(1 > 2, close, if(1, 2, 3))", "2");
    good("min2(1, 2) + close", "1 + close");
    good("min2(close, 2)", "min2(close, 2)");
    good("abs", "abs(close)");
}

static void test_sources(void **state) {
    (void)state;
    good("close@'1h'", "close@'1h'");
    good("close@'1m'", "close@'1m'");
    good("rsi(close, 14)@'60m'", "rsi(close, n=14, kind=wilder, flat=50, zero_loss=flat)@'60m'");
    good("(close + open)@'1h'", "(close + open)@'1h'");
    good("sma(close@'1h', 20) < close", "sma(close@'1h', n=20) < close");
    good("sma(close@'1h' + close, 20)@'1d'", "sma(close@'1h' + close, n=20)@'1d'");
    good("macd@'1h'.hist[2]", "macd(close, fast=12, slow=26, signal=9)@'1h'.hist[2]");
    /* a second interval, of what has one: parentheses stay */
    good("(close@'1h')@'4h'", "(close@'1h')@'4h'");
    good("((close@'1h')[1])@'4h'[2]", "(close@'1h'[1])@'4h'[2]");
    good("((close@'1h')@'4h')@'1d'", "((close@'1h')@'4h')@'1d'");
    good("((macd@'1h').hist)@'4h'", "(macd(close, fast=12, slow=26, signal=9)@'1h'.hist)@'4h'");
    good("(macd@'1h')@'4h'.hist", "(macd(close, fast=12, slow=26, signal=9)@'1h')@'4h'.hist");
    good("('A':close@'1h')@'4h'", "('A':close@'1h')@'4h'");
    good("'A':(close@'1h')@'4h'", "'A':(close@'1h')@'4h'");
    good("if(1, close@'1h', open)@'4h'", "(close@'1h')@'4h'");
    good("(sma(close@'1h', 2))@'4h'", "sma(close@'1h', n=2)@'4h'");
    good("'\xc3\x84 \xe2\x82\xbf':close", "'\xc3\x84 \xe2\x82\xbf':close");
    good("macd.hist[2]@'1h'", "macd(close, fast=12, slow=26, signal=9).hist[2]@'1h'");
    good("'BTCUSDT':close", "'BTCUSDT':close");
    good("'BTCUSDT' : rsi @ '1h'", "'BTCUSDT':rsi(close, n=14, kind=wilder, flat=50, zero_loss=flat)@'1h'");
    good("'A':(close + 'B':open)", "'A':(close + 'B':open)");
    good("'A':(2+3)@'1h' + close", "5 + close");
    reader r;
    kl__expression x, y;
    start(&r, "1m");
    assert_int_equal(compile(&r, "'A':close + close@'1h' + 'A':(close@'60m' + open@'1d')", 54, &x), KL_OK);
    assert_int_equal(r.scope.n_sources, 5);
    assert_string_equal(r.scope.sources[0].symbol, "");
    assert_int_equal(r.scope.sources[0].columns, 0);
    assert_string_equal(r.scope.sources[1].symbol, "A");
    assert_int_equal(r.scope.sources[1].interval.unit, 0);
    assert_int_equal(r.scope.sources[1].columns, 1 << KL_COL_CLOSE);
    assert_string_equal(r.scope.sources[2].symbol, "");
    assert_true(r.scope.sources[2].interval.unit != 0);
    assert_string_equal(r.scope.sources[3].symbol, "A");
    assert_int_equal(r.scope.sources[4].columns, 1 << KL_COL_OPEN);
    assert_int_equal(compile(&r, "rsi(close, 14)@'1h'", 19, &x), KL_OK);
    assert_int_equal(compile(&r, "rsi(close@'1h')", 15, &y), KL_OK);
    assert_int_equal(x.values[0], y.values[0]);
    assert_int_equal(compile(&r, "rsi(close)", 10, &y), KL_OK);
    assert_true(x.values[0] != y.values[0]);
    assert_int_equal(compile(&r, "rsi@'1m'", 8, &x), KL_OK);
    assert_int_equal(x.values[0], y.values[0]);
    assert_int_equal(r.scope.n_sources, 5);
    stop(&r);
}

/* Those of docs/expressions.md. */
static void test_documented(void **state) {
    (void)state;
    good("macd(12, 26, 9).hist", "macd(close, fast=12, slow=26, signal=9).hist");
    good("macd.hist[1]", "macd(close, fast=12, slow=26, signal=9).hist[1]");
    good("rsi(7) < 2*15", "rsi(close, n=7, kind=wilder, flat=50, zero_loss=flat) < 30");
    good("(sma)@'4h'", "sma(close, n=30)@'4h'");
    good("zscore(volume, 24) > 3", "zscore(volume, n=24, min_count=0, ddof=1) > 3");
    good("close < bbands(20, 2).lower and rising(obv())", "close < bbands(close, n=20, dev=2, down=-1, matype=sma).lower and rising(obv(close, volume), n=1)");
    good("corr(ret(), 'BTCUSDT':ret(), 24)", "corr(ret(close, n=1), 'BTCUSDT':ret(close, n=1), n=24, min_count=0)");
    good("close > sma(close@'1h', 20)", "close > sma(close@'1h', n=20)");
    good("correl(close, open, 5)", "corr(close, open, n=5, min_count=0)");
    good("coalesce(close, 0)", "coalesce(close, 0)");
    good("ewm(close, 1/4, zero)", "ewm(close, alpha=0.25, seed=zero)");
    good("value_when(close > open, 1)", "value_when(close > open, close, k=1)");
    good("cumsum_since(1, close > open)", "cumsum_since(1, close > open)");
    good("time - 60", "time - 60");
}

static void bad_in(const char *interval, const char *text, kl_status status, int64_t column, const char *message) {
    reader r;
    kl__expression x;
    start(&r, interval);
    kl_status got = compile(&r, text, strlen(text), &x);
    if (got != status || r.error.code != status || r.error.column != column || !strstr(r.error.message, message))
        fail_msg("%s: %s at %d: %s", text, kl_status_name(got), (int)r.error.column, r.error.message);
    stop(&r);
}
static void bad(const char *text, kl_status status, int64_t column, const char *message) { bad_in("1m", text, status, column, message); }

static void test_format(void **state) {
    (void)state;
    bad("", KL_E_FORMAT, 1, "expected a value, found the end of the text");
    bad(" # nothing", KL_E_FORMAT, 11, "expected a value, found the end of the text");
    bad("rsi(14", KL_E_FORMAT, 7, "expected a sign, ',' or ')', found the end");
    bad("rsi(14,", KL_E_FORMAT, 8, "expected an argument, found the end");
    bad("rsi(,14)", KL_E_FORMAT, 5, "expected an argument, found ','");
    bad("rsi(14 7)", KL_E_FORMAT, 8, "expected a sign, ',' or ')', found '7'");
    bad("rsi(14)x", KL_E_FORMAT, 8, "expected a sign or the end of the text, found 'x'");
    bad("rsi(14).", KL_E_FORMAT, 9, "expected the name of an output, found the end");
    bad("rsi(1\x01)", KL_E_FORMAT, 6, "found byte 0x01");
    bad("rsi(++1)", KL_E_FORMAT, 5, "expected a value, found '+'");
    bad("rsi(n=)", KL_E_FORMAT, 7, "expected a number, found ')'");
    bad("rsi(kind=)", KL_E_FORMAT, 10, "expected a choice, found ')'");
    bad("close +", KL_E_FORMAT, 8, "expected a value, found the end");
    bad("close * and", KL_E_FORMAT, 9, "expected a value, found 'and'");
    bad("close < not open", KL_E_FORMAT, 9, "expected a value, found 'not'");
    bad("close = open", KL_E_FORMAT, 7, "expected a sign or the end of the text, found '='");
    bad("close ! open", KL_E_FORMAT, 7, "found '!'");
    bad("(close", KL_E_FORMAT, 7, "expected a sign or ')', found the end");
    bad("close[1", KL_E_FORMAT, 8, "expected a sign or ']', found the end");
    bad("close.high", KL_E_FORMAT, 6, "expected a sign or the end of the text, found '.'");
    bad("close < open < high", KL_E_FORMAT, 14, "comparisons do not chain");
    bad("macd + 1", KL_E_FORMAT, 1, "one of the outputs of macd: .macd .signal .hist");
    bad("1 + macd", KL_E_FORMAT, 5, "one of the outputs of macd: .macd .signal .hist");
    bad("sma(macd, 3)", KL_E_FORMAT, 5, "one of the outputs of macd");
    bad("macd[1]", KL_E_FORMAT, 1, "one of the outputs of macd");
    bad("if close", KL_E_FORMAT, 4, "expected '(' behind if, found 'close'");
    bad("if(close, 1)", KL_E_FORMAT, 12, "expected a sign or ',', found ')'");
    bad("if(1, close, high low)", KL_E_FORMAT, 19, "expected a sign or ')', found 'low'");
    bad("'A'close", KL_E_FORMAT, 4, "expected ':' behind a symbol, found 'close'");
    bad("'A", KL_E_FORMAT, 3, "expected \"'\", found the end");
    bad("close@1h", KL_E_FORMAT, 7, "expected an interval like '1h', found '1'");
    bad("close@'1h'@'2h'", KL_E_FORMAT, 11, "a second interval");
}

static void test_names(void **state) {
    (void)state;
    bad("rsy(14)", KL_E_UNKNOWN_NAME, 1, "'rsy' is no function; is rsi meant?");
    bad("1 + clos", KL_E_UNKNOWN_NAME, 5, "'clos' is no column and no function; is close meant?");
    bad("volme", KL_E_UNKNOWN_NAME, 1, "is volume meant?");
    bad("crosover(close, open)", KL_E_UNKNOWN_NAME, 1, "is crossover meant?");
    bad("qwertzuiop", KL_E_UNKNOWN_NAME, 1, "'qwertzuiop' is no column and no function");
    bad("close(3)", KL_E_UNKNOWN_NAME, 1, "'close' is no function");
    bad("lt(close, open)", KL_E_UNKNOWN_NAME, 1, "'lt' is no function");
    bad("rsi(period=7)", KL_E_UNKNOWN_NAME, 5, "rsi: 'period' is no parameter and no input");
    bad("RSI(14)", KL_E_UNKNOWN_NAME, 1, "'RSI' is no function; is rsi meant?");
    bad("Close", KL_E_UNKNOWN_NAME, 1, "is close meant?");
    bad("rsi(14, best)", KL_E_UNKNOWN_NAME, 9, "rsi: the choices of kind are wilder ema");
    bad("rsi(close, 14, EMA)", KL_E_UNKNOWN_NAME, 16, "rsi: the choices of kind are wilder ema");
    bad("rsi(kind=best)", KL_E_UNKNOWN_NAME, 10, "rsi: the choices of kind are wilder ema");
    bad("rsi(14).up", KL_E_UNKNOWN_NAME, 9, "one of the outputs of rsi: .rsi");
    bad("macd.up", KL_E_UNKNOWN_NAME, 6, "one of the outputs of macd: .macd .signal .hist");
    bad("if(1, close, rsy(3))", KL_E_UNKNOWN_NAME, 14, "is rsi meant?"); /* what is not built is read all the same */
}

static void test_args(void **state) {
    (void)state;
    bad("rsi(0)", KL_E_ARG, 5, "parameter n must lie in 1..100000");
    bad("rsi(14.5)", KL_E_ARG, 5, "whole number");
    bad("rsi(0/0)", KL_E_ARG, 5, "must lie in");
    bad("1 + sma(close, 3) + sum(close, 5, 6)", KL_E_ARG, 21, "sum: parameter min_count must not be greater than n");
    bad("sum(min_count=31)", KL_E_ARG, 1, "min_count must not be greater than n");
    bad("rsi(14, n=7)", KL_E_ARG, 11, "rsi: parameter n is given twice");
    bad("rsi(high, x=low)", KL_E_ARG, 13, "rsi: input x is given twice");
    bad("rsi(n=close)", KL_E_ARG, 7, "rsi: parameter n is a plain number; a series stands here");
    bad("rsi(close, open)", KL_E_ARG, 12, "rsi takes 1 series at most");
    bad("sma(close, 5, 6)", KL_E_ARG, 15, "sma takes 1 parameters at most");
    bad("sma(5, 10)", KL_E_ARG, 8, "sma: input x is a series; a plain number stands here");
    bad("sma(x=5)", KL_E_ARG, 7, "sma: input x is a series; a plain number stands here");
    bad("obv(1, 2)", KL_E_ARG, 1, "obv: input close has to be a series");
    bad("close[close]", KL_E_ARG, 7, "a series stands here");
    bad("close[-1]", KL_E_ARG, 7, "the future, which is not to be had");
    bad("close[1.5]", KL_E_ARG, 7, "whole number");
    bad("close[0/0]", KL_E_ARG, 7, "must lie in");
    bad("5[1]", KL_E_ARG, 3, "a plain number has no past");
    bad("1e308", KL_E_ARG, 1, "less than 2^1000");
    bad("close@'x'", KL_E_INTERVAL, 8, "'x' is no interval");
    bad("close@'3d'", KL_E_ANCHOR, 8, "'3d' needs a day to start on");
    bad_in(NULL, "close@'3d'", KL_E_ANCHOR, 8, "'3d' needs a day to start on");
    bad("'A\tB':close", KL_E_SYMBOL, 3, "byte 0x09 is of no letter");
    bad("close + '\xc3\xa4\xff':close", KL_E_SYMBOL, 12, "byte 0xff");
    bad("'\xc0\x80':close", KL_E_SYMBOL, 2, "byte 0xc0");
    bad("'\xed\xa0\x80':close", KL_E_SYMBOL, 2, "byte 0xed");
    bad("'A\xc2\x85':close", KL_E_SYMBOL, 3, "byte 0xc2");
    bad("'A\xe2\x82':close", KL_E_SYMBOL, 3, "byte 0xe2");
    bad("'A\x7f':close", KL_E_SYMBOL, 3, "byte 0x7f");
    bad("close@'90s'", KL_E_INTERVAL, 8, "90s is not a multiple of 1m");
    bad("close@'30s'", KL_E_INTERVAL, 8, "30s is not a multiple of 1m");
    bad_in(NULL, "close@'1h'", KL_E_INTERVAL, 8, "is not known");
    bad("'':close", KL_E_SYMBOL, 2, "a symbol has 1..31 letters");
    bad("'12345678901234567890123456789012':close", KL_E_SYMBOL, 2, "a symbol has 1..31 letters");
}

/* Nesting is bounded, length is not. */
static void test_long(void **state) {
    (void)state;
    static const char *const opens[] = {"(", "abs(", "-", "not ", "'A':", "sma(close[", "if(close,"};
    static const char *const closes[] = {")", ")", "", "", "", "])", ",close)"};
    static const char *const inner[] = {"close", "close", "close", "close", "close", "1", "1"};
    for (size_t k = 0; k < sizeof opens / sizeof *opens; k++)
        for (size_t depth = 8; depth <= 100000; depth = depth < 16 ? 1000 : depth * 100) {
            size_t n = depth * (strlen(opens[k]) + strlen(closes[k])) + strlen(inner[k]), at = 0;
            char *text = malloc(n + 1);
            for (size_t i = 0; i < depth; i++) at += (size_t)sprintf(text + at, "%s", opens[k]);
            at += (size_t)sprintf(text + at, "%s", inner[k]);
            for (size_t i = 0; i < depth; i++) at += (size_t)sprintf(text + at, "%s", closes[k]);
            reader r;
            kl__expression x;
            start(&r, "1m");
            kl_status got = compile(&r, text, n, &x);
            if (depth > KL__EXPRESSION_DEPTH && (got != KL_E_FORMAT || !strstr(r.error.message, "64 levels")))
                fail_msg("%zu times %s: %s", depth, opens[k], r.error.message);
            if (depth <= 16 && k != 5 && got < 0) fail_msg("%zu times %s: %s", depth, opens[k], r.error.message);
            stop(&r);
            free(text);
        }
    size_t n = 0;
    char *text = malloc(200000);
    for (int i = 0; i < 10000; i++) n += (size_t)sprintf(text + n, "%sclose*%d", i ? " + " : "", i % 1000 + 2);
    reader r;
    kl__expression x;
    start(&r, "1m");
    assert_int_equal(compile(&r, text, n, &x), KL_OK);
    text[n - 1] = '(';
    assert_int_equal(compile(&r, text, n, &x), KL_E_FORMAT);
    assert_int_equal(r.error.column, n);
    stop(&r);
    free(text);
}

/* Whatever the allocator refuses, nothing is lost. */
static void test_memory(void **state) {
    (void)state;
    static const char text[] = "corr('A':close@'1h' - sma(close, 3 * 4), ema(rsi(volume, kind=ema), 9), 24) > 0 and "
                               "macd.hist < 'B':macd.hist[3] + 12345";
    for (size_t at = 1;; at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_interval own;
        kl__build *build;
        kl__expression_scope scope;
        kl__expression x;
        kl_error error;
        kl_interval_parse("1m", 2, &own);
        kl_alloc_counter_init(&counter, kl_alloc_libc(), &alloc);
        counter.fail_at = at;
        kl_status status = kl__build_new(&alloc, &build, &error);
        if (status >= 0) {
            status = kl__expression_scope_init(&scope, &own, &alloc, &error);
            if (status >= 0) status = kl__expression_build(build, &scope, text, sizeof text - 1, &x, &error);
            kl__expression_scope_free(&scope);
            kl__build_free(build);
        }
        assert_int_equal(counter.live_bytes, 0);
        if (status >= 0) break;
        assert_int_equal(status, KL_E_MEMORY);
        assert_true(at < 1000);
    }
}

/* ------------------------------------------------------------------------------------------------- formulas --- */

static const kl_input_info mine_in[] = {{"x", "close"}, {"volume", "volume"}};
static const char *const mine_kinds[] = {"wilder", "ema", NULL};
static const kl_param_info mine_par[] = {{"n", "length", KL_PARAM_INT, 14, 1, 1000, NULL},
                                         {"kind", "smoothing", KL_PARAM_CHOICE, 0, 0, 1, mine_kinds}};
static const kl_output_info mine_out[] = {{"a", "a", -1, 1, "own", 0, 0, 0}, {"b", "b", -1, 1, "own", 0, 0, 0}};

/* Compiles a formula over close and volume; the values of its outputs, in one build with an expression to compare with. */
static kl_status formula(reader *r, const char *text, double n, double kind, uint32_t *out) {
    kl__indicator mine = {.pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "mine",
                                  KL__PORTS(mine_in, mine_par, mine_out)}};
    double params[KL_PARAMS_MAX] = {n, kind};
    uint32_t in[KL_INPUTS_MAX] = {0};
    mine.pub.formula = text;
    memset(&r->error, 0, sizeof r->error);
    assert_int_equal(kl__build_input(r->build, 0, KL_COL_CLOSE, &in[0]), KL_OK);
    assert_int_equal(kl__build_input(r->build, 0, KL_COL_VOLUME, &in[1]), KL_OK);
    return kl__build_call(r->build, &mine.pub, params, in, out, &r->error);
}

static void formula_good(const char *text, double n, double kind, const char *a, const char *b) {
    reader r;
    uint32_t out[KL_OUTPUTS_MAX];
    kl__expression x;
    start(&r, "1m");
    if (formula(&r, text, n, kind, out) < 0) fail_msg("%s: %s", text, r.error.message);
    const char *const same[] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (compile(&r, same[i], strlen(same[i]), &x) < 0) fail_msg("%s: %s", same[i], r.error.message);
        if (x.values[0] != out[i]) fail_msg("%s with %g, %g: output %d is not %s", text, n, kind, i, same[i]);
    }
    stop(&r);
}

static void test_formula(void **state) {
    (void)state;
    formula_good("a = sma(x, n); b = sma(a, 2 * n)", 5, 0, "sma(close, 5)", "sma(sma(close, 5), 10)");
    formula_good("# two\nb = volume;\na = b * 2;", 5, 0, "volume * 2", "volume");
    formula_good("a = if(kind == wilder, rma(n), ema(n)); b = rsi(kind=kind)", 5, 0, "rma(close, 5)", "rsi(kind=wilder)");
    formula_good("a = if(kind == wilder, rma(n), ema(n)); b = rsi(n, kind)", 5, 1, "ema(close, 5)", "rsi(close, 5, ema)");
    formula_good("a = if(n == 1, x, sma(x, n - 1)); b = x[n]", 1, 0, "close", "close[1]");
    formula_good("a = if(n == 1, x, sma(x, n - 1)); b = x[n - 1]", 4, 0, "sma(close, 3)", "close[3]");
    formula_good("k = 2 / (n + 1); a = x * k; b = k", 3, 0, "close * 0.5", "0.5");
    formula_good("m = macd(x, n, 2 * n).hist; a = m; b = rsi(kind=ema)", 3, 0, "macd(3, 6).hist", "rsi(kind=ema)");
    formula_good("x = x * 2; a = sma(x, n); b = sma(n)", 3, 0, "sma(close * 2, 3)", "sma(close, 3)");
}

/* Inputs of several clocks meet before the formula, as they do before a kernel. */
static void test_formula_clocks(void **state) {
    (void)state;
    kl__indicator mine = {.pub = {.struct_size = sizeof(kl_indicator), .definition = 1, .name = "mine", KL__PORTS(mine_in, mine_par, mine_out)}};
    static const char *const of[] = {"close@'1h'", "volume"};
    double params[KL_PARAMS_MAX] = {14, 0};
    uint32_t in[KL_INPUTS_MAX] = {0}, out[KL_OUTPUTS_MAX], both[KL_OUTPUTS_MAX];
    reader r;
    kl__expression x;
    mine.pub.formula = "a = sma(x, 3); b = x + volume";
    start(&r, "1m");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(compile(&r, of[i], strlen(of[i]), &x), KL_OK);
        in[i] = x.values[0];
    }
    assert_int_equal(kl__build_call(r.build, &mine.pub, params, in, out, &r.error), KL_OK);
    assert_int_equal(compile(&r, "sma(close@'1h', 3)", 18, &x), KL_OK);
    assert_true(out[0] != x.values[0]);
    in[1] = in[0];
    assert_int_equal(kl__build_call(r.build, &mine.pub, params, in, both, &r.error), KL_OK);
    assert_int_equal(both[0], x.values[0]);
    stop(&r);
}

static void formula_bad(const char *text, double n, kl_status status, const char *message) {
    reader r;
    uint32_t out[KL_OUTPUTS_MAX];
    start(&r, "1m");
    kl_status got = formula(&r, text, n, 0, out);
    if (got != status || !strstr(r.error.message, message)) fail_msg("%s: %s: %s", text, kl_status_name(got), r.error.message);
    stop(&r);
}

static void test_formula_bad(void **state) {
    (void)state;
    formula_bad("a = x", 1, KL_E_FORMAT, "in the formula of mine, at 6: the output b is not defined");
    formula_bad("a = x; a = x; b = x", 1, KL_E_FORMAT, "at 8: 'a' is defined twice");
    formula_bad("a = high; b = x", 1, KL_E_UNKNOWN_NAME, "in the formula of mine, at 5: 'high' is no name of the formula");
    formula_bad("a = sma(x, n - 1); b = x", 1, KL_E_ARG, "in the formula of mine, at 12: sma: parameter n must lie in");
    formula_bad("a = atr(x); b = x", 1, KL_E_ARG, "atr: input low is missing");
    formula_bad("a = x@'1h'; b = x", 1, KL_E_FORMAT, "expected a sign or ';', found '@'");
    formula_bad("a = 'A':x; b = x", 1, KL_E_FORMAT, "the inputs are all that a formula reads");
    formula_bad("a = x b = x", 1, KL_E_FORMAT, "at 7: expected a sign or ';', found 'b'");
    formula_bad("a < x; b = x", 1, KL_E_FORMAT, "at 3: expected '=', found '<'");
    formula_bad("; a = x; b = x", 1, KL_E_FORMAT, "at 1: expected a name, found ';'");
    formula_bad("a = macd(x); b = x", 1, KL_E_FORMAT, "one of the outputs of macd");
}

/* One formula in a build; says what is wrong. */
static int formula_builds(kl__build *build, const kl_indicator *d, const double *params) {
    uint32_t in[KL_INPUTS_MAX], out[KL_OUTPUTS_MAX];
    kl_error error = {0};
    size_t bytes;
    for (uint32_t k = 0; k < d->n_inputs; k++) assert_int_equal(kl__build_input(build, 0, (int32_t)k, &in[k]), KL_OK);
    if (kl__build_call(build, d, params, in, out, &error) >= 0 && kl__build_finish(build, out, d->n_outputs, &bytes, &error) >= 0) return 1;
    print_error("%s(", d->name);
    for (uint32_t p = 0; p < d->n_params; p++) print_error("%s%s=%g", p ? ", " : "", d->params[p].name, params[p]);
    print_error("): %s\n", error.message);
    return 0;
}

/* Parameters of a round: default, least, greatest, or random, within 200 in every other round. */
static void formula_params(const kl_indicator *d, int round, uint64_t *random, double *params) {
    for (uint32_t p = 0; p < d->n_params; p++) {
        const kl_param_info *info = &d->params[p];
        double u = (double)random_below(random, 1000001) / 1e6, max = round % 2 && info->max > info->min + 200 ? info->min + 200 : info->max;
        params[p] = round == 0 ? info->def : round == 1 ? info->min : round == 2 ? info->max : info->min + u * (max - info->min);
        if (info->kind != KL_PARAM_REAL) params[p] = info->min + (double)(int64_t)(params[p] - info->min + 0.5);
        if (strcmp(info->name, "min_count") == 0 && params[p] > params[0]) params[p] = params[0];
    }
}

/* Every indicator that is a formula, in a build that grows and in the fixed one of a running indicator. */
static void test_registry(void **state) {
    (void)state;
    uint64_t random = 0x5eed;
    int wrong = 0;
    void *memory = malloc(KL__BUILD_FIXED);
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        for (int round = 0, good_so_far = 1; d->formula && good_so_far && round < 40; round++) {
            double params[KL_PARAMS_MAX] = {0};
            kl__build *build;
            formula_params(d, round, &random, params);
            assert_int_equal(kl__build_new(NULL, &build, NULL), KL_OK);
            good_so_far = formula_builds(build, d, params);
            kl__build_free(build);
            assert_int_equal(kl__build_in(memory, KL__BUILD_FIXED, &build, NULL), KL_OK);
            good_so_far = good_so_far && formula_builds(build, d, params);
            wrong += !good_so_far;
        }
    }
    free(memory);
    assert_int_equal(wrong, 0);
}

/* A word that is a choice of several parameters of one formula has one number. */
static void test_choices(void **state) {
    (void)state;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        for (uint32_t p = 0; p < d->n_params; p++)
            for (uint32_t q = 0; q < p; q++)
                for (int a = 0; d->params[p].choices && d->params[p].choices[a]; a++)
                    for (int b = 0; d->params[q].choices && d->params[q].choices[b]; b++)
                        if (a != b && d->formula && !strcmp(d->params[p].choices[a], d->params[q].choices[b]))
                            fail_msg("%s: %s is %d and %d", d->name, d->params[p].choices[a], a, b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls), cmocka_unit_test(test_signs), cmocka_unit_test(test_sources),
        cmocka_unit_test(test_documented), cmocka_unit_test(test_format), cmocka_unit_test(test_names),
        cmocka_unit_test(test_args), cmocka_unit_test(test_long), cmocka_unit_test(test_memory),
        cmocka_unit_test(test_formula), cmocka_unit_test(test_formula_bad), cmocka_unit_test(test_formula_clocks),
        cmocka_unit_test(test_registry), cmocka_unit_test(test_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
