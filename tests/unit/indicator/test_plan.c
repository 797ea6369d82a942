/* Plans: one computation of what is shared, the same bits by every way of running, coarser sources against a long form. */
#include "market.h"
#include "indicator/indicator.h"
#include "kline/plan.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define BARS 2600
#define OUTS 64
#define SYMBOLS 37

static const char *const texts[] = {"rsi(14)", "ema(rsi(close, 14), 9)", "bbands(20, 2)", "macd(12, 26, 9).hist", "sma(ema(rsi(14), 9), 700)",
                                    "close", "ema(rsi(14), 9)", "obv()", "atr(14)", "vwap(30)", "sma(volume, 5)", "wma(rma(high, 7), 4)", "time",
    /* many values at once, whose buffers follow each other */
    "bbands(ema(close - open, 3) * sma(high - low, 4) + wma(close + open, 5) / rma(high + low, 6), 7)",
    "(ema(close - open, 3) - sma(high - low, 4)) / (1 + abs(bbands(bbands(close, 5).upper - bbands(open, 6).lower, 8).middle))",
    "rsi(14) > 50 and close > sma(20) or volume < volume[3]", "coalesce(sma(40), high) - if(close > open, bbands(9).upper, low)"};
#define TEXTS (sizeof texts / sizeof texts[0])

static double columns_of[KL_COL_TIME][BARS];
static kl_time opens[BARS];
static kl_columns bars;

static void fill(uint64_t seed, int kind, kl_columns *c, double (*to)[BARS], kl_time *times) {
    double *const ohlcv[5] = {to[0], to[1], to[2], to[3], to[4]};
    market_fill(kind, seed, BARS, ohlcv);
    for (int k = 5; k < KL_COL_TIME; k++) memcpy(to[k], to[4], sizeof to[k]);
    for (size_t j = 0; j < BARS; j++) times[j] = INT64_C(1600000020000000) / 3600000000 * 3600000000 + (kl_time)j * 60000000;
    *c = (kl_columns){.n = BARS, .open_time_us = times, .open = to[0], .high = to[1], .low = to[2], .close = to[3], .volume = to[4],
                      .quote_volume = to[5], .trade_count = to[6], .taker_buy_base = to[7], .taker_buy_quote = to[8]};
}

static kl_plan *plan_of(const char *const *all, size_t n) {
    kl_plan *plan = NULL;
    kl_plan_options options;
    kl_error error = {0};
    kl_plan_options_init(&options);
    assert_int_equal(kl_interval_parse("1m", 2, &options.interval), KL_OK);
    kl_status status = kl_plan_new(all, n, &options, NULL, &plan, &error);
    if (status < 0) print_message("expression %d, at %d: %s\n", error.arg, (int)error.column, error.message);
    assert_int_equal(status, KL_OK);
    return plan;
}

static kl_plan_state *state_of(const kl_plan *plan, size_t symbols, size_t *bytes) {
    kl_plan_state *state = NULL;
    assert_int_equal(kl_plan_state_size(plan, symbols, bytes), KL_OK);
    void *memory = malloc(*bytes);
    assert_non_null(memory);
    memset(memory, 0xA5, *bytes);
    assert_int_equal(kl_plan_state_init(memory, *bytes, plan, symbols, &state), KL_OK);
    return state;
}

static void out_of(double (*rows)[BARS], double **out) {
    for (size_t o = 0; o < OUTS; o++) out[o] = rows[o];
}

static void run_from(kl_plan_state *state, size_t at, size_t n, double (*rows)[BARS]) {
    kl_columns part;
    double *out[OUTS];
    const kl_columns *sources[1] = {&part};
    assert_int_equal(kl_columns_slice(&bars, at, n, &part), KL_OK);
    for (size_t o = 0; o < OUTS; o++) out[o] = rows[o] + at;
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_OK);
}

/* The inputs of source 0 of bar j. */
static void inputs_at(const kl_plan *plan, size_t j, double *x) {
    kl_plan_source source;
    assert_int_equal(kl_plan_source_at(plan, 0, &source), KL_OK);
    for (int c = 0; c < KL_COL_COUNT; c++)
        if (source.columns >> c & 1) *x++ = c == KL_COL_TIME ? (double)opens[j] / 1e6 : columns_of[c][j];
}

static void same(const kl_plan *plan, double (*a)[BARS], double (*b)[BARS], size_t from, const char *way) {
    for (size_t o = 0; o < kl_plan_outputs(plan); o++)
        for (size_t j = from; j < BARS; j++)
            if (memcmp(&a[o][j], &b[o][j], sizeof(double)) != 0) {
                kl_plan_output info;
                kl_plan_output_at(plan, o, &info);
                fail_msg("%s: %s differs at bar %zu: %a, %a", way, info.name, j, a[o][j], b[o][j]);
            }
}

static double whole[OUTS][BARS], other[OUTS][BARS];

static void check_steps(const kl_plan *plan) {
    size_t bytes, inputs = kl_plan_inputs(plan), outputs = kl_plan_outputs(plan);
    kl_plan_state *state = state_of(plan, 1, &bytes);
    for (size_t j = 0; j < BARS; j++) {
        double x[KL_COL_COUNT], wrong[KL_COL_COUNT], y[OUTS], peeked[OUTS], *to[OUTS], *seen[OUTS];
        const double *in[KL_COL_COUNT], *bad[KL_COL_COUNT];
        inputs_at(plan, j, x);
        for (size_t i = 0; i < inputs; i++) in[i] = &x[i], bad[i] = &wrong[i], wrong[i] = x[i] * 1.5 + 1.0;
        for (size_t o = 0; o < outputs; o++) to[o] = &y[o], seen[o] = &peeked[o];
        if (j % 3 == 0) assert_int_equal(kl_plan_peek(state, bad, seen), KL_OK); /* another price leaves no trace */
        assert_int_equal(kl_plan_peek(state, in, seen), KL_OK);
        assert_int_equal(kl_plan_step(state, in, to), KL_OK);
        assert_memory_equal(y, peeked, outputs * sizeof y[0]);
        for (size_t o = 0; o < outputs; o++) other[o][j] = y[o];
    }
    same(plan, whole, other, 0, "steps");
    free(state);
}

static void check_chunks(const kl_plan *plan, uint64_t seed) {
    size_t bytes, size;
    kl_plan_state *state = state_of(plan, 1, &bytes), *reference = state_of(plan, 1, &bytes);
    void *image = malloc(size = kl_plan_snapshot_size(state)), *again = malloc(size);
    for (size_t at = 0, n; at < BARS; at += n) {
        size_t used;
        n = random_below(&seed, random_below(&seed, 4) ? 40 : 1500);
        if (n > BARS - at) n = BARS - at;
        run_from(state, at, n, other);
        if (random_below(&seed, 3)) continue;
        assert_int_equal(kl_plan_snapshot(state, image, size, &used), KL_OK);
        assert_int_equal(used, size);
        assert_int_equal(kl_plan_restore(state, image, size, NULL), KL_OK); /* its last time is forgotten: bars of before may come */
        run_from(state, random_below(&seed, BARS / 2), 60, other + OUTS / 2); /* goes astray and is brought back */
        assert_int_equal(kl_plan_restore(state, image, size, NULL), KL_OK);
        kl_plan_state *copy = malloc(bytes);
        memcpy(copy, state, bytes); /* a copy of the bytes is a clone */
        free(state);
        state = copy;
        assert_int_equal(kl_plan_snapshot(state, again, size, &used), KL_OK);
        assert_memory_equal(image, again, size);
    }
    same(plan, whole, other, 0, "chunks");
    size_t used;
    run_from(reference, 0, BARS, other);
    assert_int_equal(kl_plan_snapshot(state, image, size, &used), KL_OK);
    assert_int_equal(kl_plan_snapshot(reference, again, size, &used), KL_OK);
    assert_memory_equal(image, again, size);
    free(image), free(again), free(state), free(reference);
}

/* Symbol s sees the bars s * 11 later. */
static void check_symbols(const kl_plan *plan) {
    static double x[KL_COL_COUNT][SYMBOLS], y[OUTS][SYMBOLS], late[OUTS][BARS];
    size_t bytes, inputs = kl_plan_inputs(plan), outputs = kl_plan_outputs(plan), span = BARS - 11 * SYMBOLS;
    kl_plan_state *state = state_of(plan, SYMBOLS, &bytes), *single;
    double *to[OUTS];
    const double *in[KL_COL_COUNT];
    for (size_t i = 0; i < inputs; i++) in[i] = x[i];
    for (size_t o = 0; o < outputs; o++) to[o] = y[o];
    double (*all)[SYMBOLS][BARS] = malloc(outputs * sizeof *all);
    for (size_t j = 0; j < span; j++) {
        for (size_t s = 0; s < SYMBOLS; s++) {
            double row[KL_COL_COUNT];
            inputs_at(plan, j + 11 * s, row);
            for (size_t i = 0; i < inputs; i++) x[i][s] = row[i];
        }
        if (j % 2) assert_int_equal(kl_plan_peek(state, in, to), KL_OK);
        assert_int_equal(kl_plan_step(state, in, to), KL_OK);
        for (size_t o = 0; o < outputs; o++)
            for (size_t s = 0; s < SYMBOLS; s++) all[o][s][j] = y[o][s];
    }
    for (size_t s = 0; s < SYMBOLS; s += 6) {
        single = state_of(plan, 1, &bytes);
        run_from(single, 11 * s, span, late);
        for (size_t o = 0; o < outputs; o++) assert_memory_equal(late[o] + 11 * s, all[o][s], span * sizeof(double));
        free(single);
    }
    free(all), free(state);
}

static void check_alone(const kl_plan *plan, const char *const *all, size_t n) {
    double *out[OUTS];
    size_t at = 0;
    out_of(other, out);
    for (size_t i = 0; i < n; i++) {
        kl_plan *one = plan_of(&all[i], 1);
        kl_plan_options options;
        kl_plan_options_init(&options);
        assert_int_equal(kl_eval(&all[i], 1, &options, &bars, NULL, out + at, NULL), KL_OK);
        at += kl_plan_outputs(one);
        kl_plan_free(one);
    }
    same(plan, whole, other, 0, "alone");
}

static void check_in_place(const kl_plan *plan) {
    static double copy[KL_COL_TIME][BARS];
    size_t bytes;
    double *out[OUTS] = {NULL};
    kl_columns in = bars;
    const kl_columns *sources[1] = {&in};
    memcpy(copy, columns_of, sizeof copy);
    in.open = copy[0], in.high = copy[1], in.low = copy[2], in.close = copy[3], in.volume = copy[4];
    kl_plan_state *state = state_of(plan, 1, &bytes);
    out[0] = copy[3], out[1] = copy[1], out[2] = copy[4];
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_OK);
    assert_memory_equal(copy[3], whole[0], sizeof copy[3]);
    assert_memory_equal(copy[1], whole[1], sizeof copy[1]);
    assert_memory_equal(copy[4], whole[2], sizeof copy[4]);
    free(state);
}

static void test_ways(void **unused) {
    (void)unused;
    const int kinds[] = {MARKET_WALK, MARKET_HOLES, MARKET_INFINITE, MARKET_DENORMAL, MARKET_REGIMES};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        size_t bytes;
        fill(7 + k, kinds[k], &bars, columns_of, opens);
        kl_plan *plan = plan_of(texts, TEXTS);
        kl_plan_state *state = state_of(plan, 1, &bytes);
        run_from(state, 0, BARS, whole);
        free(state);
        check_alone(plan, texts, TEXTS);
        check_steps(plan);
        check_chunks(plan, 99 + k);
        check_symbols(plan);
        check_in_place(plan);
        kl_plan_free(plan);
        if (getenv("KLINE_QUICK")) break;
    }
}

static void test_shared(void **unused) {
    (void)unused;
    const char *const two[] = {"ema(rsi(close, 14), 9)", "rsi()", "ema(rsi(14), n=9)", "rsi(x=close, kind=wilder)"};
    kl_plan *plan = plan_of(two, 4);
    assert_int_equal(kl_plan_nodes(plan), 2);
    assert_int_equal(kl_plan_outputs(plan), 4);
    assert_int_equal(kl_plan_inputs(plan), 1);
    kl_plan_output info;
    assert_int_equal(kl_plan_output_at(plan, 0, &info), KL_OK);
    assert_string_equal(info.name, two[0]);
    assert_int_equal(info.lookback, 14 + 8);
    assert_int_equal(kl_plan_output_at(plan, 1, &info), KL_OK);
    assert_int_equal(info.lookback, 14);
    assert_true(info.min == 0.0 && info.max == 100.0 && info.stability == KL_EXACT);
    assert_int_equal(kl_plan_output_at(plan, 4, &info), KL_E_ARG);
    double bars_needed;
    assert_int_equal(kl_plan_bars_needed(plan, 0, 6, &bars_needed), KL_OK);
    assert_true(bars_needed >= 23);
    kl_plan_free(plan);
    const char *const several[] = {"bbands()", "bbands().upper", "bbands(20)"};
    plan = plan_of(several, 1);
    assert_int_equal(kl_plan_nodes(plan), 1);
    assert_int_equal(kl_plan_outputs(plan), 3);
    assert_int_equal(kl_plan_output_at(plan, 1, &info), KL_OK);
    assert_string_equal(info.name, "bbands().middle");
    kl_plan_free(plan);
}

/* As many bars as are said to be needed give the last value of all bars to so many digits. */
static void test_bars_needed(void **unused) {
    (void)unused;
    const char *const all[] = {"sma(20)", "ema(rsi(14), 9)", "atr(14)", "ema(close, 5)[3]", "bbands(20).upper", "sma(ema(close, 9), 30)", "obv()",
                               "sma(close@'1h', 5)"};
    size_t bytes;
    double needed, longer;
    fill(11, MARKET_WALK, &bars, columns_of, opens);
    for (size_t i = 0; i < 6; i++) {
        kl_plan *plan = plan_of(&all[i], 1);
        kl_plan_state *state = state_of(plan, 1, &bytes), *late = state_of(plan, 1, &bytes);
        run_from(state, 0, BARS, whole);
        assert_int_equal(kl_plan_bars_needed(plan, 0, 6, &needed), KL_OK);
        assert_int_equal(kl_plan_bars_needed(plan, 0, 9, &longer), KL_OK);
        if (!(needed >= 1 && needed <= longer && longer < 1000)) fail_msg("%s: %g bars, %g", all[i], needed, longer);
        run_from(late, BARS - (size_t)needed, (size_t)needed, other);
        double is = other[0][BARS - 1], exact = whole[0][BARS - 1];
        if (!(fabs(is - exact) <= 1e-6 * fabs(exact))) fail_msg("%s: %g bars give %.12g, all %.12g", all[i], needed, is, exact);
        free(state), free(late);
        kl_plan_free(plan);
    }
    kl_plan *plan = plan_of(&all[6], 2);
    assert_int_equal(kl_plan_bars_needed(plan, 0, 1, &needed), KL_OK);
    assert_true(needed == HUGE_VAL);
    assert_int_equal(kl_plan_bars_needed(plan, 1, 1, &needed), KL_OK);
    assert_true(needed == 5 * 60 + 59); /* the last minute before the sixth hour closes */
    assert_int_equal(kl_plan_bars_needed(plan, 1, 16, &needed), KL_E_ARG);
    kl_plan_free(plan);
}

/* Lookbacks of what is computed of values that are unknown at first. */
static void test_lookbacks(void **unused) {
    (void)unused;
    static const char *const as_prices_are[] = {"roll_spread"}; /* the root of what may be below 0 */
    fill(11, MARKET_WALK, &bars, columns_of, opens);
    for (size_t at = 0; at < kl_indicator_count(); at++) {
        const kl_indicator *d = kl_indicator_at(at);
        char text[100];
        const char *all[1] = {text};
        kl_plan_output info;
        size_t bytes, known = 0, skip = 0;
        for (size_t k = 0; k < sizeof as_prices_are / sizeof *as_prices_are; k++) skip |= !strcmp(d->name, as_prices_are[k]);
        if (skip || ((const kl__indicator *)(const void *)d)->flags & KL__HIDDEN || d->n_inputs != 1 || !strcmp(d->inputs[0].usual, "time")) continue;
        snprintf(text, sizeof text, "%s(close[20])", d->name);
        kl_plan *plan = plan_of(all, 1);
        kl_plan_state *state = state_of(plan, 1, &bytes);
        run_from(state, 0, BARS, whole);
        for (size_t o = 0; o < kl_plan_outputs(plan); o++) {
            assert_int_equal(kl_plan_output_at(plan, o, &info), KL_OK);
            for (known = 0; known < BARS && whole[o][known] != whole[o][known];) known++;
            if (known < BARS && known != (size_t)info.lookback) fail_msg("%s: first known at %zu, not %lld\n", info.name, known, (long long)info.lookback);
        }
        free(state);
        kl_plan_free(plan);
    }
}

/* The complete form gives the same plan, and itself. */
static void test_describe(void **unused) {
    (void)unused;
    kl_plan *plan = plan_of(texts, TEXTS);
    size_t length, used, n = 0;
    assert_int_equal(kl_plan_describe(plan, NULL, 0, &length), KL_OK);
    char *text = malloc(length + 1), *again = malloc(length + 1), *lines[TEXTS + 1];
    assert_int_equal(kl_plan_describe(plan, text, length, &used), KL_E_SIZE);
    assert_int_equal(kl_plan_describe(plan, text, length + 1, &used), KL_OK);
    memcpy(again, text, length + 1);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(n < TEXTS);
        lines[n++] = line;
    }
    assert_int_equal(n, TEXTS);
    kl_plan *second = plan_of((const char *const *)lines, n);
    char *twice = malloc(length + 1);
    assert_int_equal(kl_plan_describe(second, twice, length + 1, &used), KL_OK);
    assert_string_equal(twice, again);
    assert_int_equal(kl_plan_nodes(second), kl_plan_nodes(plan));
    size_t bytes, size;
    kl_plan_state *a = state_of(plan, 1, &bytes), *b = state_of(second, 1, &bytes);
    void *image = malloc(size = kl_plan_snapshot_size(a));
    assert_int_equal(kl_plan_snapshot(a, image, size, &used), KL_OK);
    assert_int_equal(kl_plan_restore(b, image, size, NULL), KL_OK); /* one fingerprint */
    free(a), free(b), free(image), free(text), free(again), free(twice);
    kl_plan_free(plan), kl_plan_free(second);
}

static void test_restore_refuses(void **unused) {
    (void)unused;
    const char *const one[] = {"ema(14)"}, *const others[] = {"ema(15)", "rma(14)", "ema(high, 14)", "ema(14, first)", "'ETHUSDT':ema(14)", "ema(close@'1h', 14)"};
    size_t bytes, used, size;
    kl_error error;
    kl_plan *plan = plan_of(one, 1);
    kl_plan_state *state = state_of(plan, 1, &bytes), *two = state_of(plan, 2, &bytes);
    unsigned char *image = malloc(size = kl_plan_snapshot_size(state));
    assert_int_equal(kl_plan_snapshot(state, image, size - 1, &used), KL_E_SIZE);
    assert_int_equal(kl_plan_snapshot(state, image, size, &used), KL_OK);
    assert_int_equal(kl_plan_restore(two, image, size, &error), KL_E_DEFINITION);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        kl_plan *different = plan_of(&others[i], 1);
        kl_plan_state *it = state_of(different, 1, &bytes);
        assert_int_equal(kl_plan_restore(it, image, size, &error), KL_E_DEFINITION);
        free(it);
        kl_plan_free(different);
    }
    for (size_t i = 0; i < size; i++) {
        image[i] ^= 0x20;
        kl_status status = kl_plan_restore(state, image, size, NULL);
        assert_true(status == KL_E_CORRUPT || status == KL_E_VERSION);
        image[i] ^= 0x20;
    }
    for (size_t n = 0; n < size; n++) assert_int_equal(kl_plan_restore(state, image, n, NULL), KL_E_CORRUPT);
    assert_int_equal(kl_plan_restore(state, image, size, NULL), KL_OK);
    free(image), free(state), free(two);
    kl_plan_free(plan);
}

/* -------------------------------------------------------------------------------------------- coarser sources --- */

#define COARSE 15
static double coarse_close[BARS / COARSE + 1];
static kl_time coarse_open[BARS / COARSE + 1];

static size_t coarse_fill(void) {
    size_t n = 0;
    for (size_t j = 0; j < BARS; j += COARSE, n++) {
        size_t last = j + COARSE - 1 < BARS ? j + COARSE - 1 : BARS - 1;
        coarse_open[n] = opens[j];
        coarse_close[n] = columns_of[3][last];
    }
    return n;
}

static void coarse_long_form(size_t rows, double (*expect)[BARS]) {
    static double sma[BARS / COARSE + 1];
    double *out[1] = {sma};
    kl_columns c = {.n = rows, .close = coarse_close};
    const double three[1] = {3};
    assert_int_equal(kl_indicator_run(kl_indicator_find("sma"), three, 1, &c, NULL, out, NULL), KL_OK);
    for (size_t j = 0; j < BARS; j++) {
        size_t closed = (j + 1) / COARSE; /* bar j closes with the closed-th coarse one, or after it */
        expect[0][j] = closed ? sma[closed - 1] : (double)NAN;
        expect[1][j] = closed ? coarse_close[closed - 1] : (double)NAN;
    }
}

static void test_coarse(void **unused) {
    (void)unused;
    static double expect[OUTS][BARS];
    const char *const all[] = {"sma(close@'15m', 3)", "close@'15m'", "ema(sma(close@'15m', 3), 4)", "ema(close, 5)"};
    double *out[OUTS];
    size_t bytes, taken[2], size, used;
    fill(5, MARKET_WALK, &bars, columns_of, opens);
    size_t rows = coarse_fill();
    kl_plan *plan = plan_of(all, 4);
    assert_int_equal(kl_plan_sources(plan), 2);
    kl_plan_output info;
    assert_int_equal(kl_plan_output_at(plan, 0, &info), KL_OK);
    assert_int_equal(info.lookback, 4 * COARSE - 2); /* where the first coarse bar is cut off in its first minute */
    kl_columns coarse = {.n = rows, .open_time_us = coarse_open, .close = coarse_close}, part, rest;
    const kl_columns *sources[2] = {&bars, &coarse};
    kl_plan_state *state = state_of(plan, 1, &bytes), *pieces = state_of(plan, 1, &bytes), *stepped = state_of(plan, 1, &bytes);
    coarse_long_form(rows, expect);
    out_of(whole, out);
    assert_int_equal(kl_plan_run(state, sources, taken, out, NULL), KL_OK);
    assert_int_equal(taken[0], BARS);
    assert_int_equal(taken[1], BARS / COARSE);
    for (size_t o = 0; o < 2; o++)
        for (size_t j = 0; j < BARS; j++)
            if (!(whole[o][j] == expect[o][j] || (whole[o][j] != whole[o][j] && expect[o][j] != expect[o][j])))
                fail_msg("output %zu, bar %zu: %a, expected %a", o, j, whole[o][j], expect[o][j]);
    uint64_t seed = 3;
    size_t from = 0;
    for (size_t at = 0, n; at < BARS; at += n) {
        n = 1 + random_below(&seed, 70);
        if (n > BARS - at) n = BARS - at;
        kl_columns_slice(&bars, at, n, &part);
        kl_columns_slice(&coarse, from, rows - from, &rest);
        const kl_columns *now[2] = {&part, &rest};
        for (size_t o = 0; o < OUTS; o++) out[o] = other[o] + at;
        assert_int_equal(kl_plan_run(pieces, now, taken, out, NULL), KL_OK);
        from += taken[1];
    }
    same(plan, whole, other, 0, "pieces");
    for (size_t j = 0; j < BARS; j++) {
        double y[OUTS], *to[OUTS], *coarse_at = &coarse_close[j / COARSE];
        const double *in[2] = {&columns_of[3][j], NULL}, *closed[2] = {NULL, coarse_at};
        for (size_t o = 0; o < OUTS; o++) to[o] = &y[o];
        if ((j + 1) % COARSE == 0) assert_int_equal(kl_plan_close(stepped, 1, closed), KL_OK);
        assert_int_equal(kl_plan_step(stepped, in, to), KL_OK);
        for (size_t o = 0; o < 4; o++) other[o][j] = y[o];
    }
    same(plan, whole, other, 0, "steps and closes");
    void *image = malloc(size = kl_plan_snapshot_size(state)), *again = malloc(size);
    kl_plan_snapshot(state, image, size, &used);
    kl_plan_snapshot(pieces, again, size, &used);
    assert_memory_equal(image, again, size);
    kl_plan_snapshot(stepped, again, size, &used);
    assert_memory_equal(image, again, size);
    assert_int_equal(kl_plan_close(state, 0, NULL), KL_E_ARG);
    free(image), free(again), free(state), free(pieces), free(stepped);
    kl_plan_free(plan);
}

/* More coarse rows than a chunk has before the first bar, and within one. */
static void test_coarse_history(void **unused) {
    (void)unused;
    enum { MANY = 3500 };
    static double close[MANY], sma[MANY];
    static kl_time times[MANY];
    const char *const all[] = {"sma(close@'15m', 700)"};
    double *out[OUTS], *to[1] = {sma};
    size_t bytes, taken[2];
    uint64_t seed = 1;
    fill(5, MARKET_WALK, &bars, columns_of, opens);
    for (size_t k = 0; k < MANY; k++) {
        close[k] = 100.0 + market_noise(&seed);
        times[k] = opens[0] + ((kl_time)k - 3000) * 900 * INT64_C(1000000);
    }
    kl_columns coarse = {.n = MANY, .open_time_us = times, .close = close}, gap = bars;
    static kl_time holed[BARS];
    for (size_t j = 0; j < BARS; j++) holed[j] = opens[j] + (j >= 900 ? 200 * 900 * INT64_C(1000000) : 0); /* 200 coarse bars in a gap */
    gap.open_time_us = holed;
    const kl_columns *sources[2] = {&gap, &coarse};
    const double length[1] = {700};
    assert_int_equal(kl_indicator_run(kl_indicator_find("sma"), length, 1, &coarse, NULL, to, NULL), KL_OK);
    kl_plan *plan = plan_of(all, 1);
    kl_plan_state *state = state_of(plan, 1, &bytes);
    out_of(whole, out);
    assert_int_equal(kl_plan_run(state, sources, taken, out, NULL), KL_OK);
    for (size_t j = 0; j < BARS; j++) {
        size_t k = 0;
        while (k < MANY && times[k] + 900 * INT64_C(1000000) <= holed[j] + 60 * INT64_C(1000000)) k++;
        assert_true(k > 0);
        assert_memory_equal(&whole[0][j], &sma[k - 1], sizeof(double));
    }
    free(state);
    kl_plan_free(plan);
}

/* ------------------------------------------------------------------------------------------------------ memory --- */

static void test_allocations(void **unused) {
    (void)unused;
    const char *const all[] = {"ema(rsi(close, 14), 9)", "bbands(20, 2)", "corr(close, 'BTCUSDT':close, 24)", "sma(close@'1h', 20)", "'X':obv()"};
    size_t n = kl_indicator_find("corr") ? 5 : 2;
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_plan *plan = NULL;
    kl_plan_options options;
    kl_plan_options_init(&options);
    assert_int_equal(kl_interval_parse("1m", 2, &options.interval), KL_OK);
    for (uint64_t fail = 1;; fail++) {
        kl_error error;
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        counter.fail_at = fail;
        kl_status status = kl_plan_new(all, n, &options, &alloc, &plan, &error);
        if (status >= 0) break;
        assert_int_equal(status, KL_E_MEMORY);
        assert_int_equal(counter.live_blocks, 0);
        assert_null(plan);
    }
    assert_int_equal(counter.live_blocks, 1);
    uint64_t requests = counter.requests;
    size_t bytes;
    kl_plan_state *state = state_of(plan, 3, &bytes);
    const double x[3] = {1, 2, 3};
    double y[3], *to[OUTS];
    const double *in[32];
    for (size_t i = 0; i < 32; i++) in[i] = x;
    for (size_t o = 0; o < OUTS; o++) to[o] = y;
    for (size_t j = 0; j < 50; j++) assert_int_equal(kl_plan_step(state, in, to), KL_OK);
    assert_int_equal(counter.requests, requests);
    free(state);
    kl_plan_free(plan);
    assert_int_equal(counter.live_blocks, 0);
}

/* kl_run_* compiles in a bounded place: every formula of the library fits, whatever its parameters. */
static void test_formulas_fit(void **unused) {
    (void)unused;
    size_t formulas = 0;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *indicator = kl_indicator_at(i);
        for (int which = 0; indicator->formula && which < 3; which++) {
            double params[KL_PARAMS_MAX];
            size_t bytes;
            int64_t before;
            kl_error error = {0};
            for (uint32_t k = 0; k < indicator->n_params; k++) {
                const kl_param_info *p = &indicator->params[k];
                params[k] = which == 0 ? p->def : which == 1 ? p->min : p->max;
            }
            if (kl_run_size(indicator, params, &bytes, &error) < 0) fail_msg("%s: %s", indicator->name, error.message);
            assert_int_equal(kl_indicator_lookback(indicator, params, &before), KL_OK);
            formulas++;
        }
    }
    print_message("%zu formulas\n", formulas / 3);
}

/* Bars that were taken are not taken again; without times nobody can tell. */
static void test_order(void **unused) {
    (void)unused;
    const char *const all[] = {"ema(close, 5)"};
    size_t bytes, used;
    kl_error error = {0};
    kl_columns part, early;
    const kl_columns *sources[1] = {&part};
    double *out[1] = {whole[0]};
    fill(5, MARKET_WALK, &bars, columns_of, opens);
    kl_plan *plan = plan_of(all, 1);
    kl_plan_state *state = state_of(plan, 1, &bytes);
    unsigned char image[512];
    assert_true(kl_plan_snapshot_size(state) <= sizeof image);
    assert_int_equal(kl_columns_slice(&bars, 100, 100, &part), KL_OK);
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_OK);
    assert_int_equal(kl_plan_snapshot(state, image, sizeof image, &used), KL_OK);
    assert_int_equal(kl_plan_run(state, sources, NULL, out, &error), KL_E_ORDER);
    assert_int_equal(error.arg, 2);
    assert_int_equal(kl_columns_slice(&bars, 199, 2, &part), KL_OK);
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_E_ORDER);
    assert_int_equal(kl_plan_run_panel(state, sources, NULL, out, NULL), KL_E_ORDER);
    assert_int_equal(kl_columns_slice(&bars, 200, 2, &part), KL_OK);
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_OK);
    assert_int_equal(kl_columns_slice(&bars, 0, 5, &early), KL_OK);
    early.open_time_us = NULL;
    sources[0] = &early;
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_OK);
    assert_int_equal(kl_plan_restore(state, image, used, NULL), KL_OK);
    sources[0] = &part;
    assert_int_equal(kl_plan_run(state, sources, NULL, out, NULL), KL_OK);
    free(state);
    kl_plan_free(plan);
}

static void test_refuses(void **unused) {
    (void)unused;
    const char *const wrong[] = {"rsi(14)", "rsi(", "nothing"};
    kl_plan *plan = NULL;
    kl_error error;
    assert_int_equal(kl_plan_new(wrong, 3, NULL, NULL, &plan, &error), KL_E_FORMAT);
    assert_int_equal(error.arg, 2);
    assert_int_equal(error.column, 5);
    assert_int_equal(kl_plan_new(wrong + 2, 1, NULL, NULL, &plan, &error), KL_E_UNKNOWN_NAME);
    assert_int_equal(kl_plan_new(wrong, 0, NULL, NULL, &plan, &error), KL_E_ARG);
    assert_int_equal(kl_plan_new(wrong, 65537, NULL, NULL, &plan, &error), KL_E_ARG);
    assert_int_equal(kl_plan_new(NULL, 1, NULL, NULL, &plan, &error), KL_E_ARG);
    assert_null(plan);
    size_t bytes, taken[2];
    plan = plan_of(wrong, 1);
    kl_plan_state *state = state_of(plan, 1, &bytes);
    kl_columns none = {.n = 10, .high = columns_of[1]};
    const kl_columns *sources[1] = {&none};
    double *out[1] = {whole[0]};
    assert_int_equal(kl_plan_run(state, sources, NULL, out, &error), KL_E_COLUMNS);
    none.close = columns_of[3];
    const kl_time wrong_times[10] = {1, 2, 3, 3};
    none.open_time_us = wrong_times;
    assert_int_equal(kl_plan_run(state, sources, taken, out, &error), KL_E_ORDER);
    assert_int_equal(error.row, 3);
    assert_int_equal(kl_plan_state_size(plan, 0, &bytes), KL_E_ARG);
    assert_int_equal(kl_plan_state_size(plan, 65537, &bytes), KL_E_ARG);
    free(state);
    kl_plan_free(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways), cmocka_unit_test(test_shared), cmocka_unit_test(test_bars_needed), cmocka_unit_test(test_lookbacks),
        cmocka_unit_test(test_describe), cmocka_unit_test(test_restore_refuses),
        cmocka_unit_test(test_coarse), cmocka_unit_test(test_coarse_history), cmocka_unit_test(test_allocations), cmocka_unit_test(test_formulas_fit),
        cmocka_unit_test(test_refuses), cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
