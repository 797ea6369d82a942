/* Conditions as bits (src/indicator/program_lazy.h) have the bits of the nodes: long runs against runs too short to be lazy, with
 * holes, zeros with a sign and values too large, cut anywhere; states are the same after either. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kline.h"

enum { LAZY_N = 6007, LAZY_OUT = 80, LAZY_ROUNDS = 5 };

typedef struct {
    double x[5][LAZY_N];
    uint64_t random;
} lazy_bars;

static double lazy_random(lazy_bars *b) {
    b->random ^= b->random << 13, b->random ^= b->random >> 7, b->random ^= b->random << 17;
    return (double)(b->random >> 11) * 0x1p-53;
}

/* Prices on a grid with gaps, so that equal values and every pattern come up; round 2..4: with what is no ordinary number. */
static void lazy_make(lazy_bars *b, int round) {
    static const double strange[] = {(double)NAN, -0.0, HUGE_VAL, 1e300};
    double price = 100.0;
    for (size_t j = 0; j < LAZY_N; j++) {
        double open = lazy_random(b) < 0.4 ? price + floor((lazy_random(b) - 0.5) * 8) * 0.05 : price;
        price = open + floor((lazy_random(b) - 0.5) * (lazy_random(b) < 0.3 ? 30 : 6)) * 0.05;
        b->x[0][j] = open, b->x[3][j] = price, b->x[4][j] = floor(1000 * lazy_random(b));
        b->x[1][j] = (open > price ? open : price) + floor(lazy_random(b) * 4) * 0.05 * (lazy_random(b) < 0.6);
        b->x[2][j] = (open < price ? open : price) - floor(lazy_random(b) * 4) * 0.05 * (lazy_random(b) < 0.6);
        if (round >= 2 && lazy_random(b) < 0.0012) b->x[(size_t)(lazy_random(b) * 4)][j] = strange[(size_t)(lazy_random(b) * 4)];
    }
}

static kl_columns lazy_part(const lazy_bars *b, size_t at, size_t n) {
    return (kl_columns){.n = n, .open = b->x[0] + at, .high = b->x[1] + at, .low = b->x[2] + at, .close = b->x[3] + at, .volume = b->x[4] + at};
}

static kl_plan_state *lazy_state(const kl_plan *plan) {
    size_t bytes;
    kl_plan_state *state;
    assert_int_equal(kl_plan_state_size(plan, 1, &bytes), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_plan_state_init(memory, bytes, plan, 1, &state), KL_OK);
    return state;
}

/* Calls of up to `most` rows. */
static void lazy_run_in(kl_plan_state *state, lazy_bars *b, size_t outs, size_t most, double (*out)[LAZY_N]) {
    double *to[LAZY_OUT];
    for (size_t at = 0, n; at < LAZY_N; at += n) {
        n = 1 + (size_t)(lazy_random(b) * (double)most);
        if (n > LAZY_N - at) n = LAZY_N - at;
        const kl_columns part = lazy_part(b, at, n);
        const kl_columns *const sources[1] = {&part};
        for (size_t o = 0; o < outs; o++) to[o] = out[o] + at;
        assert_int_equal(kl_plan_run(state, sources, NULL, to, NULL), KL_OK);
    }
}

static void lazy_same_state(const kl_plan_state *a, const kl_plan_state *b) {
    const size_t bytes = kl_plan_snapshot_size(a);
    size_t used;
    uint8_t *x = malloc(2 * bytes);
    assert_non_null(x);
    assert_int_equal(kl_plan_snapshot_size(b), bytes);
    assert_int_equal(kl_plan_snapshot(a, x, bytes, &used), KL_OK);
    assert_int_equal(kl_plan_snapshot(b, x + bytes, bytes, &used), KL_OK);
    assert_memory_equal(x, x + bytes, bytes);
    free(x);
}

static size_t lazy_check(const char *const *texts, size_t n, lazy_bars *bars, int rounds) {
    static double some[LAZY_OUT][LAZY_N], all[LAZY_OUT][LAZY_N];
    size_t true_rows = 0;
    kl_error error = {0};
    kl_plan *plan;
    if (kl_plan_new(texts, n, NULL, NULL, &plan, &error) < 0) fail_msg("%s", error.message);
    const size_t outs = kl_plan_outputs(plan);
    assert_true(outs <= LAZY_OUT);
    for (int round = 0; round < rounds; round++) {
        lazy_make(bars, round);
        kl_simd_force(round % 3); /* a better one than there is stays what there is */
        kl_plan_state *few = lazy_state(plan), *many = lazy_state(plan);
        lazy_run_in(few, bars, outs, 60, some);
        lazy_run_in(many, bars, outs, round % 2 ? 2500 : 2 * LAZY_N, all);
        for (size_t o = 0; o < outs; o++)
            for (size_t j = 0; j < LAZY_N; j++) {
                if (memcmp(&some[o][j], &all[o][j], sizeof(double)))
                    fail_msg("%s ...: output %u, row %u of round %d: %g, lazy %g", texts[0], (unsigned)o, (unsigned)j, round, some[o][j], all[o][j]);
                true_rows += all[o][j] == all[o][j] && all[o][j] != 0.0;
            }
        lazy_same_state(few, many);
        free(few), free(many);
    }
    kl_plan_free(plan);
    return true_rows;
}

static int lazy_quick(void) { return getenv("KLINE_QUICK") != NULL; }

/* Every candle alone, and all of them together. */
static void test_candles(void **state) {
    (void)state;
    static lazy_bars bars = {.random = 0x5eed};
    const char *names[LAZY_OUT];
    size_t n = 0;
    for (size_t i = 0; i < kl_indicator_count(); i++)
        if (!strncmp(kl_indicator_at(i)->name, "cdl", 3)) names[n++] = kl_indicator_at(i)->name;
    assert_true(n >= 61);
    for (size_t i = 0; i < n; i++) lazy_check(&names[i], 1, &bars, lazy_quick() ? 1 : LAZY_ROUNDS);
    assert_true(lazy_check(names, n, &bars, lazy_quick() ? 3 : 2 * LAZY_ROUNDS) > 10000);
}

/* What is made of conditions in other ways, beside nodes that run as ever and read the same values. */
static void test_expressions(void **state) {
    (void)state;
    static lazy_bars bars = {.random = 0xc0ffee};
    static const char *const alone[] = {
        "close > open and high > high[1]", "not (close > open and high > high[3]) or low != low[1]", "(close == open) * (high >= low[63])",
        "3 - 2 * (close > open) + 5 * ((low < low[2]) * (high > 100))", "(close > open) * (high > 100) * 7",
        "max2(close > open, volume > 500) - (100 <= close)", "-(close > mean(close, 20)) - (open < mean(close, 33)[7])",
        "(1 - (close > open) * (open > 100))[5] * (close < open)", "(abs(close - open) / 0.05 > 2) and (high / 3 - low * 2 < -100)",
        "100 * (close > open) * (1 - (close[1] > open[1]))", "(close > 1e299) or (low * 1e200 > high * 1e199)"};
    static const char *const mixed[] = {
        "ema(candle_body(), 5)", "cdltasukigap()", "lag(cdldoji(), 3)", "sma(high - low, 10)", "cumsum(close > open and close > close[1])",
        "cdlhammer() * 2 + close", "lag(close, 1)", "close * 2", "cdlhikkake() > 0", "if(cdlengulfing() > 0, high, low)", "close",
        "since(cdllongline() != 0)", "(close > open and high > high[1]) + ema(close, 3)", "mean(candle_body(), 10)[1]"};
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) assert_true(lazy_check(&alone[i], 1, &bars, LAZY_ROUNDS) > 0 || i == 10);
    lazy_check(alone, sizeof alone / sizeof *alone, &bars, LAZY_ROUNDS);
    lazy_check(mixed, sizeof mixed / sizeof *mixed, &bars, LAZY_ROUNDS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_candles), cmocka_unit_test(test_expressions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
