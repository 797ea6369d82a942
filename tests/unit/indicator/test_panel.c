/* Plans over panels: functions over all symbols against long forms, rows of a panel against steps, the same bits by every way. */
#include "market.h"
#include "kline/plan.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define BARS 330
#define MOST 600 /* symbols */
#define COARSE (BARS / 5)
#define HOUR INT64_C(3600000000)
#define FIRST (INT64_C(1600000020000000) / HOUR * HOUR)

/* Of each symbol: candles of a minute and, made up, of five. */
typedef struct {
    double of[5][BARS], slow_of[5][COARSE];
    kl_columns bars, slow;
} symbol_bars;
static symbol_bars *market;
static kl_time opens[BARS], slow_opens[COARSE];

static double rough(uint64_t *seed, double x) {
    switch (random_below(seed, 40)) {
    case 0: case 1: return NAN;
    case 2: return INFINITY;
    case 3: return -0.0;
    case 4: return -x * 0x1p1010;
    case 5: return x * 0x1p992; /* a sum of some is out of range */
    default: return x;
    }
}

static void fill(size_t symbols, uint64_t seed, int holes) {
    for (size_t j = 0; j < BARS; j++) opens[j] = FIRST + (kl_time)j * HOUR / 60;
    for (size_t j = 0; j < COARSE; j++) slow_opens[j] = FIRST + (kl_time)j * HOUR / 12;
    for (size_t s = 0; s < symbols; s++) {
        symbol_bars *b = &market[s];
        double *const ohlcv[5] = {b->of[0], b->of[1], b->of[2], b->of[3], b->of[4]};
        market_fill((int)(s / 2 % 3), seed + s / 2, BARS, ohlcv); /* pairs of equal ones: ties */
        for (int c = 0; c < 5; c++) {
            for (size_t j = 0; j < COARSE; j++) b->slow_of[c][j] = b->of[c][j * 5 + 4] * 1.25;
            for (size_t j = 0; holes && j < BARS; j++) b->of[c][j] = rough(&seed, b->of[c][j]);
            for (size_t j = 0; holes && j < COARSE; j++) b->slow_of[c][j] = rough(&seed, b->slow_of[c][j]);
        }
        b->bars = (kl_columns){.n = BARS, .open_time_us = opens, .open = b->of[0], .high = b->of[1], .low = b->of[2], .close = b->of[3], .volume = b->of[4]};
        b->slow = (kl_columns){.n = COARSE, .open_time_us = slow_opens, .open = b->slow_of[0], .high = b->slow_of[1], .low = b->slow_of[2],
                               .close = b->slow_of[3], .volume = b->slow_of[4]};
    }
}

static kl_plan *plan_of(const char *const *texts, size_t n) {
    kl_plan *plan = NULL;
    kl_plan_options options;
    kl_error error = {0};
    kl_plan_options_init(&options);
    assert_int_equal(kl_interval_parse("1m", 2, &options.interval), KL_OK);
    if (kl_plan_new(texts, n, &options, NULL, &plan, &error) < 0) fail_msg("expression %d, at %d: %s", error.arg, (int)error.column, error.message);
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

/* Source k of a symbol: its own bars, coarser ones, or those of symbol 0. */
static const kl_columns *source_of(const kl_plan *plan, size_t k, size_t symbol) {
    kl_plan_source source;
    assert_int_equal(kl_plan_source_at(plan, k, &source), KL_OK);
    const symbol_bars *b = &market[source.symbol[0] ? 0 : symbol];
    return k && source.interval.unit ? &b->slow : &b->bars;
}

/* The inputs of row j of source k, from in[first_input] on. */
static void inputs_at(const kl_plan *plan, size_t k, size_t j, size_t symbols, double *const *in) {
    kl_plan_source source;
    assert_int_equal(kl_plan_source_at(plan, k, &source), KL_OK);
    for (size_t s = 0; s < symbols; s++) {
        const kl_columns *c = source_of(plan, k, s);
        const double *const of[KL_COL_COUNT] = {c->open, c->high, c->low, c->close, c->volume};
        for (uint32_t i = 0, at = source.first_input; i < KL_COL_COUNT; i++) {
            if (!(source.columns >> i & 1)) continue;
            in[at++][s] = i == KL_COL_TIME ? (double)c->open_time_us[j] / 1e6 : of[i][j];
        }
    }
}

/* ------------------------------------------------------------------------------------------- rows and steps --- */

static int is_slow(const kl_plan *plan, size_t k) { return k && source_of(plan, k, 0) == &market[0].slow; }

/* out: outputs of the first symbol, then of the second ... */
static void by_steps(const kl_plan *plan, kl_plan_state *state, size_t symbols, double (*out)[BARS]) {
    const size_t inputs = kl_plan_inputs(plan), outputs = kl_plan_outputs(plan), sources = kl_plan_sources(plan);
    double *room = malloc((inputs + 2 * outputs) * symbols * sizeof *room), *in[64], *to[64], *seen[64];
    for (size_t i = 0; i < inputs; i++) in[i] = room + i * symbols;
    for (size_t o = 0; o < outputs; o++) to[o] = room + (inputs + o) * symbols, seen[o] = to[o] + outputs * symbols;
    for (size_t j = 0; j < BARS; j++) {
        for (size_t k = 1; k < sources; k++) {
            if (!is_slow(plan, k) || (j + 1) % 5) continue;
            inputs_at(plan, k, j / 5, symbols, in);
            assert_int_equal(kl_plan_close(state, k, (const double *const *)in), KL_OK);
        }
        for (size_t k = 0; k < sources; k++)
            if (!is_slow(plan, k)) inputs_at(plan, k, j, symbols, in);
        if (j % 2) assert_int_equal(kl_plan_peek(state, (const double *const *)in, seen), KL_OK);
        assert_int_equal(kl_plan_step(state, (const double *const *)in, to), KL_OK);
        if (j % 2) assert_memory_equal(to[0], seen[0], outputs * symbols * sizeof(double));
        for (size_t s = 0; s < symbols; s++)
            for (size_t o = 0; o < outputs; o++) out[s * outputs + o][j] = to[o][s];
    }
    free(room);
}

/* Rows [at, at + n) of the bars; coarser rows from `slow` on, which moves on. */
static void by_rows(const kl_plan *plan, kl_plan_state *state, size_t symbols, size_t at, size_t n, size_t *slow, double (*out)[BARS]) {
    const size_t outputs = kl_plan_outputs(plan), sources = kl_plan_sources(plan);
    kl_columns *parts = malloc(symbols * sources * sizeof *parts);
    const kl_columns **all = malloc(symbols * sources * sizeof *all);
    double **to = malloc(symbols * outputs * sizeof *to);
    size_t taken[8];
    kl_error error = {0};
    for (size_t s = 0; s < symbols; s++)
        for (size_t k = 0; k < sources; k++) {
            const kl_columns *whole = source_of(plan, k, s);
            all[s * sources + k] = &parts[s * sources + k];
            assert_int_equal(kl_columns_slice(whole, is_slow(plan, k) ? *slow : at, is_slow(plan, k) ? COARSE - *slow : n, &parts[s * sources + k]), KL_OK);
        }
    for (size_t k = 0; k < symbols * outputs; k++) to[k] = out[k] + at;
    if (symbols > 2) to[2 * outputs] = NULL; /* one that is not wanted */
    kl_status status = kl_plan_run_panel(state, all, taken, to, &error);
    if (status < 0) fail_msg("%s", error.message);
    for (size_t k = 1; k < sources; k++)
        if (is_slow(plan, k)) *slow += taken[k], k = sources;
    free(parts), free(all), free(to);
}

static void same(const kl_plan *plan, size_t symbols, double (*a)[BARS], double (*b)[BARS], const char *way) {
    const size_t outputs = kl_plan_outputs(plan);
    for (size_t s = 0; s < symbols; s++)
        for (size_t o = 0; o < outputs; o++)
            for (size_t j = 0; j < BARS && !(s == 2 && o == 0); j++)
                if (memcmp(&a[s * outputs + o][j], &b[s * outputs + o][j], sizeof(double)) != 0)
                    fail_msg("%s, %zu symbols: output %zu of symbol %zu differs at bar %zu: %a, %a", way, symbols, o, s, j, a[s * outputs + o][j],
                             b[s * outputs + o][j]);
}

static void check_ways(const char *const *texts, size_t n, size_t symbols, int holes) {
    kl_plan *plan = plan_of(texts, n);
    const size_t outputs = kl_plan_outputs(plan);
    double (*steps)[BARS] = malloc(symbols * outputs * sizeof *steps), (*rows)[BARS] = malloc(symbols * outputs * sizeof *rows);
    double *kept = malloc(symbols * outputs * sizeof *kept);
    size_t bytes, slow = 0, used;
    uint64_t seed = symbols * 7 + (uint64_t)holes;
    fill(symbols, seed, holes);
    kl_plan_state *a = state_of(plan, symbols, &bytes), *b = state_of(plan, symbols, &bytes);
    const size_t size = kl_plan_snapshot_size(a);
    void *image = malloc(size), *again = malloc(size);
    by_steps(plan, a, symbols, steps);
    by_rows(plan, b, symbols, 0, BARS, &slow, rows);
    same(plan, symbols, steps, rows, "rows");
    assert_int_equal(kl_plan_snapshot(a, image, size, &used), KL_OK);
    assert_int_equal(kl_plan_snapshot(b, again, size, &used), KL_OK);
    assert_memory_equal(image, again, size);
    free(b);
    b = state_of(plan, symbols, &bytes);
    slow = 0;
    for (size_t at = 0, part; at < BARS; at += part) {
        part = 1 + random_below(&seed, random_below(&seed, 3) ? 9 : 120);
        part = part > BARS - at ? BARS - at : part;
        by_rows(plan, b, symbols, at, part, &slow, rows);
        if (random_below(&seed, 2)) continue;
        size_t astray = 0;
        for (size_t k = 0; k < symbols * outputs; k++) kept[k] = rows[k][at];
        assert_int_equal(kl_plan_snapshot(b, image, size, &used), KL_OK);
        assert_int_equal(kl_plan_restore(b, image, size, NULL), KL_OK); /* last times are forgotten */
        by_rows(plan, b, symbols, at, 1, &astray, rows); /* one bar twice, and back */
        assert_int_equal(kl_plan_restore(b, image, size, NULL), KL_OK);
        for (size_t k = 0; k < symbols * outputs; k++) rows[k][at] = kept[k];
        kl_plan_state *copy = malloc(bytes);
        memcpy(copy, b, bytes);
        free(b);
        b = copy;
    }
    same(plan, symbols, steps, rows, "chunks");
    free(kept), free(image), free(again), free(a), free(b), free(steps), free(rows);
    kl_plan_free(plan);
}

static const char *const crossing[] = {
    "panel_mean(close)", "panel_zscore(rsi(5), 0)", "ema(panel_rank(ret(close, 3), below), 9)", "panel_std(panel_rank(close - panel_mean(close)) * volume, 0)",
    "close", "panel_count(close) > 3 and panel_prank(volume, min) < 0.5", "sma(panel_sum(volume), 4) / 7 + 7 * panel_min(low)[1]", "panel_max(5 * high)",
    "panel_max(5 * high)", "panel_mean(time) - time",
    /* coarser, and of another symbol */
    "panel_zscore(sma(close@'5m', 3) + 2)", "close - panel_mean(close)@'5m'", "panel_rank(corr(ret(), 'BTCUSDT':ret(), 7)) + 'BTCUSDT':close@'5m'", "panel_sum(close)",
    "ema(panel_sum(close), 3)", "known(panel_sum(close)) + known(panel_std(low))", "coalesce(panel_sum(close@'5m'), 1)"};
static const char *const alone[] = {"rsi(5)", "sma(close@'5m', 3) + volume", "ema(close - 'BTCUSDT':close, 4)", "bbands(9)", "time"};

static void test_ways(void **state) {
    (void)state;
    const size_t most = getenv("KLINE_QUICK") ? 40 : MOST;
    const size_t symbols[] = {1, 2, 3, 13, 40, most};
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        check_ways(crossing, sizeof crossing / sizeof crossing[0], symbols[i], i % 2 == 0);
        check_ways(crossing, 9, symbols[i], 1);
        check_ways(alone, sizeof alone / sizeof alone[0], symbols[i], i % 2 == 1);
    }
}

/* A plan with so many values that a row of each symbol is all there is room for. */
static void test_wide(void **state) {
    (void)state;
    static char text[120 * 24 + 40];
    strcpy(text, "panel_mean(0");
    for (int i = 2; i < 120; i++) snprintf(text + strlen(text), 24, "+sma(close, %d)", i);
    strcat(text, ")");
    const char *texts[60];
    static char parts[60][40];
    for (int i = 0; i < 59; i++) snprintf(parts[i], sizeof parts[i], "panel_rank(sma(close, %d))", i + 2), texts[i] = parts[i];
    texts[59] = text;
    check_ways(texts, 60, 40, 1);
}

/* ----------------------------------------------------------------------------------------------- definitions --- */

#define ROW 29
static int known(double x) { return fabs(x) < 0x1p1000; }

static void long_form(const char *name, int p, const double *x, size_t at, long double *want) {
    long double sum = 0, squares = 0, count = 0, less = 0, equal = 0, least = INFINITY, most = -INFINITY;
    *want = NAN;
    for (size_t s = 0; s < ROW; s++)
        if (known(x[s])) sum += x[s], count++, least = fminl(least, x[s]), most = fmaxl(most, x[s]), less += x[s] < x[at], equal += x[s] == x[at];
    for (size_t s = 0; s < ROW; s++)
        if (known(x[s])) squares += (x[s] - sum / count) * (x[s] - sum / count);
    if (!strcmp(name, "count")) *want = count;
    if (count == 0) return;
    const long double std = count > p ? sqrtl(squares / (count - p)) : NAN;
    const long double ranks[] = {less + (equal + 1) / 2, less + 1, less + equal, less};
    if (!strcmp(name, "sum")) *want = sum;
    if (!strcmp(name, "mean")) *want = sum / count;
    if (!strcmp(name, "min")) *want = least;
    if (!strcmp(name, "max")) *want = most;
    if (!strcmp(name, "std")) *want = std;
    if (!known(x[at])) return;
    if (!strcmp(name, "zscore") && std > 1e-12L) *want = (x[at] - sum / count) / std;
    if (!strcmp(name, "rank")) *want = ranks[p];
    if (!strcmp(name, "prank")) *want = p < 3 ? ranks[p] / count : count > 1 ? less / (count - 1) : 0;
}

static void check_definition(const char *name, int p, int params) {
    char text[60];
    const char *texts[1] = {text};
    uint64_t seed = 5;
    size_t bytes;
    if (params) snprintf(text, sizeof text, "panel_%s(close, %d)", name, p);
    else snprintf(text, sizeof text, "panel_%s(close)", name);
    kl_plan *plan = plan_of(texts, 1);
    kl_plan_state *state = state_of(plan, ROW, &bytes);
    for (int round = 0; round < 400; round++) {
        double x[ROW], y[ROW];
        const double *in[1] = {x};
        double *out[1] = {y};
        for (size_t s = 0; s < ROW; s++) {
            x[s] = random_below(&seed, 4) ? (double)random_below(&seed, 1000000) / 1000 - 300 : (double)random_below(&seed, 5);
            if (round % 3 == 0 && random_below(&seed, 4) == 0) x[s] = rough(&seed, NAN);
            if (round % 7 == 0 && s > (size_t)round % 4) x[s] = NAN; /* few or none */
            if (round % 11 == 0) x[s] = 0.1; /* equal */
        }
        assert_int_equal(kl_plan_step(state, in, out), KL_OK);
        for (size_t s = 0; s < ROW; s++) {
            long double want;
            long_form(name, p, x, s, &want);
            if (want != want ? y[s] == y[s] : !(fabsl(y[s] - want) <= 1e-11L))
                fail_msg("%s, round %d, symbol %zu: %.17g, not %.17Lg", text, round, s, y[s], want);
            assert_false(y[s] == 0 && signbit(y[s]));
        }
    }
    free(state);
    kl_plan_free(plan);
}

static void test_definitions(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int params;
    } all[] = {{"count", 0}, {"sum", 0}, {"mean", 0}, {"min", 0}, {"max", 0}, {"std", 2}, {"zscore", 2}, {"rank", 4}, {"prank", 4}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (int p = 0; p < (all[i].params ? all[i].params : 1); p++) check_definition(all[i].name, p, all[i].params);
}

/* What comes later and what is not there changes nothing; one symbol is a panel of itself. */
static void test_alone(void **state) {
    (void)state;
    static const char *const texts[] = {"panel_mean(close)", "panel_std(close, 0)", "panel_rank(close)", "panel_zscore(close)", "panel_count(close)", "panel_sum(close)"};
    static double out[6][BARS], copy[6][BARS];
    double *to[6], *again[6];
    kl_plan *plan = plan_of(texts, 6);
    size_t bytes;
    fill(1, 3, 0);
    market[0].of[3][7] = NAN;
    kl_plan_state *a = state_of(plan, 1, &bytes), *b = state_of(plan, 1, &bytes);
    const kl_columns *sources[1] = {&market[0].bars};
    for (int o = 0; o < 6; o++) to[o] = out[o], again[o] = copy[o];
    assert_int_equal(kl_plan_run(a, sources, NULL, to, NULL), KL_OK);
    assert_int_equal(kl_plan_run_panel(b, sources, NULL, again, NULL), KL_OK);
    assert_memory_equal(out, copy, sizeof out);
    for (size_t j = 0; j < BARS; j++) {
        const double x = market[0].of[3][j], want[6] = {x, x == x ? 0 : NAN, x == x ? 1 : NAN, NAN, x == x, x};
        for (int o = 0; o < 6; o++) assert_true(want[o] != want[o] ? out[o][j] != out[o][j] : out[o][j] == want[o]);
    }
    free(a), free(b);
    kl_plan_free(plan);
}

static void test_errors(void **state) {
    (void)state;
    static const char *const texts[] = {"panel_mean(close)"};
    static double out[2][BARS];
    double *to[2] = {out[0], out[1]};
    kl_plan *plan = plan_of(texts, 1);
    kl_error error = {0};
    size_t bytes;
    fill(2, 3, 0);
    kl_plan_state *a = state_of(plan, 2, &bytes);
    const kl_columns *sources[2] = {&market[0].bars, &market[1].bars};
    memset(out, 0x5A, sizeof out);
    assert_int_equal(kl_plan_run(a, sources, NULL, to, &error), KL_E_ARG);
    assert_non_null(strstr(error.message, "panel"));
    market[1].bars.n = BARS - 1;
    assert_int_equal(kl_plan_run_panel(a, sources, NULL, to, &error), KL_E_ARG);
    assert_string_equal(error.message, "source 0 of symbol 1 is not on the grid of symbol 0");
    market[1].bars.n = BARS;
    kl_time shifted[BARS];
    for (size_t j = 0; j < BARS; j++) shifted[j] = opens[j] + 1;
    market[1].bars.open_time_us = shifted;
    assert_int_equal(kl_plan_run_panel(a, sources, NULL, to, &error), KL_E_ARG);
    market[1].bars.open_time_us = NULL;
    market[1].bars.close = NULL;
    assert_int_equal(kl_plan_run_panel(a, sources, NULL, to, &error), KL_E_COLUMNS);
    sources[1] = NULL;
    assert_int_equal(kl_plan_run_panel(a, sources, NULL, to, &error), KL_E_ARG);
    assert_int_equal(kl_plan_run_panel(a, NULL, NULL, to, &error), KL_E_ARG);
    assert_int_equal(kl_plan_run_panel(NULL, sources, NULL, to, &error), KL_E_ARG);
    for (size_t j = 0; j < sizeof out; j++) assert_int_equal(((unsigned char *)out)[j], 0x5A);
    free(a);
    kl_plan_free(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definitions), cmocka_unit_test(test_ways), cmocka_unit_test(test_wide),
                                       cmocka_unit_test(test_alone), cmocka_unit_test(test_errors)};
    market = malloc(MOST * sizeof *market);
    if (!market) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(market);
    return failed;
}
