/* Strategies: against a long form of single evaluations; bar by bar, in pieces, after restarts, over many symbols: the same bytes;
 * errors at their places; traces; memory. */
#include "score_test.h"

static const char *const pool[] = {"macd.macd > 0 and rising(macd.macd)", "rsi(14) > 50", "bbw(20) > 0.03", "falling(ema(50))", "adx(14) < 20", "macd.hist < 0",
                                   "close < bbands(20).lower", "volume >= sma(volume, 20)", "cross_up(ema(5), ema(12))", "rsi(7) - 40", "ret(close)", "known(volume)",
                                   "zscore(close, 24) < -1", "close > open", "since(close > close[1]) < 3"};
#define POOL (sizeof pool / sizeof *pool)

static char codes[KL_METRICS_MAX][8];
static kl_metric metrics[KL_METRICS_MAX];
static kl_decision expected[BARS_MAX], got[BARS_MAX * 3];
static double conditions[KL_METRICS_MAX][BARS_MAX];

static kl_strategy_spec make(uint64_t *seed, size_t n) {
    static const char *const groups[] = {"trend", "momentum", NULL, "volume"};
    kl_strategy_spec spec;
    kl_strategy_spec_init(&spec);
    spec.interval = (kl_interval){KL_HOUR, 2, 0};
    for (size_t i = 0; i < n; i++) {
        sprintf(codes[i], "M%d", (int)i);
        metrics[i] = metric_when(codes[i], 1 + (int32_t)random_below(seed, i == 0 ? 2 : 4), 0, pool[random_below(seed, POOL)]);
        if (metrics[i].side <= KL_SIDE_SELL) metrics[i].weight_u = (int32_t)random_below(seed, 2000000) - 200000;
        if (metrics[i].side == KL_SIDE_GUARD) metrics[i].vetoes = (int32_t)random_below(seed, 4), metrics[i].flags = random_below(seed, 2) ? KL_METRIC_REQUIRE : 0;
        if (i > 0 && random_below(seed, 8) == 0) metrics[i].flags |= KL_METRIC_INACTIVE;
        metrics[i].group = groups[random_below(seed, 4)];
    }
    spec.metrics = metrics, spec.n_metrics = n;
    kl_decision_rules *r = &spec.rules;
    r->order = (int32_t)random_below(seed, 2), r->unknown = (int32_t)random_below(seed, 2), r->max_unknown_u = (int32_t)random_below(seed, 500000);
    r->mode = random_below(seed, 3) ? KL_SCORE_TWO_SIDED : KL_SCORE_SINGLE_DIFFERENCE;
    r->threshold_u[0] = 1 + (int64_t)random_below(seed, 2000000), r->threshold_u[1] = 1 + (int64_t)random_below(seed, 2000000);
    r->min_edge_u[0] = (int64_t)random_below(seed, 800000), r->strong_edge_u[1] = (int64_t)random_below(seed, 2000000);
    r->band[0][0] = (kl_band){1000 + (int32_t)random_below(seed, 300000), 900000};
    return spec;
}

/* Scores and decisions by the book: one expression after the other, one row after the other. */
static void long_form(const kl_strategy_spec *spec, const kl_columns *bars, kl_decision *rows) {
    kl_plan_options options;
    int64_t all = 0, max[2] = {0, 0};
    kl_plan_options_init(&options);
    options.interval = spec->interval;
    for (size_t i = 0; i < spec->n_metrics; i++) {
        const kl_metric *m = &spec->metrics[i];
        double *const out[1] = {conditions[i]};
        assert_int_equal(kl_eval(&m->when, 1, &options, bars, NULL, out, NULL), KL_OK);
        if ((m->flags & KL_METRIC_INACTIVE) || m->side > KL_SIDE_SELL) continue;
        all += m->weight_u < 0 ? -m->weight_u : m->weight_u;
        if (m->weight_u > 0) max[m->side - 1] += m->weight_u;
    }
    kl_decision_rules rules = spec->rules;
    for (int s = 0; s < 2; s++) rules.max_score_u[s] = max[s] ? max[s] : INT64_C(500000000000);
    for (size_t k = 0; k < bars->n; k++) {
        int64_t side[2] = {0, 0}, unknown = 0;
        int32_t vetoes = 0;
        uint64_t masks[4] = {0, 0, 0, 0};
        for (size_t i = 0; i < spec->n_metrics; i++) {
            const kl_metric *m = &spec->metrics[i];
            const double c = conditions[i][k];
            const int none = isnan(c), yes = !none && c != 0.0;
            if (m->flags & KL_METRIC_INACTIVE) continue;
            if (none) masks[2 + i / 64] |= UINT64_C(1) << i % 64;
            if (yes) masks[i / 64] |= UINT64_C(1) << i % 64;
            if (m->side <= KL_SIDE_SELL && yes) side[m->side - 1] += m->weight_u;
            if (m->side <= KL_SIDE_SELL && none) unknown += m->weight_u < 0 ? -m->weight_u : m->weight_u;
            if (m->side == KL_SIDE_GUARD) {
                int veto = none && rules.unknown == KL_UNKNOWN_REFUSES ? 1 : m->flags & KL_METRIC_REQUIRE ? !yes : yes;
                if (veto) vetoes |= m->vetoes ? m->vetoes : KL_VETO_BOTH;
            }
        }
        const int refuses = rules.unknown == KL_UNKNOWN_REFUSES && (double)unknown * 1e6 > (double)rules.max_unknown_u * (double)all;
        assert_int_equal(kl_decide(&rules, side[0], side[1], refuses ? KL_MICRO : 0, vetoes, &rows[k]), KL_OK);
        memcpy(rows[k].fired, masks, 16);
        memcpy(rows[k].unknown, masks + 2, 16);
        rows[k].flags = (rows[k].flags & ~(uint32_t)KL_DECISION_KNOWN) | (masks[2] | masks[3] ? 0 : KL_DECISION_KNOWN);
        rows[k].known_at_us = bars->open_time_us[k] + INT64_C(7200000000);
        rows[k].close = bars->close[k];
        for (int s = 0; s < 2; s++)
            if (!max[s] && (rules.mode == KL_SCORE_TWO_SIDED ? (side[1] > side[0]) == s : (side[0] - side[1] < 0) == s) && !refuses) rows[k].confidence = 0.0;
    }
}

static void same(const kl_decision *a, const kl_decision *b, size_t n, const char *what, uint64_t seed) {
    for (size_t k = 0; k < n; k++)
        if (memcmp(&a[k], &b[k], sizeof *a) != 0)
            fail_msg("%s, seed %llu, row %d: action %d %d reason %d %d buy %lld %lld confidence %g %g flags %u %u", what, (unsigned long long)seed, (int)k, (int)a[k].action,
                     (int)b[k].action, (int)a[k].reason, (int)b[k].reason, (long long)a[k].buy_u, (long long)b[k].buy_u, a[k].confidence, b[k].confidence,
                     (unsigned)a[k].flags, (unsigned)b[k].flags);
}

static kl_strategy_state *start(const kl_strategy *s, size_t symbols) {
    size_t bytes;
    kl_strategy_state *state;
    assert_int_equal(kl_strategy_state_size(s, symbols, &bytes), KL_OK);
    void *memory = malloc(bytes);
    assert_int_equal(kl_strategy_state_init(memory, bytes - 1, s, symbols, &state), KL_E_SIZE);
    assert_int_equal(kl_strategy_state_init(memory, bytes, s, symbols, &state), KL_OK);
    return state;
}

/* the inputs of row k for kl_strategy_step: those columns of the bars that the plan reads */
static void inputs(const kl_strategy *s, const kl_columns *bars, size_t k, const double **in) {
    const double *const columns[5] = {bars->open, bars->high, bars->low, bars->close, bars->volume};
    kl_plan_source source;
    assert_int_equal(kl_plan_source_at(kl_strategy_plan(s), 0, &source), KL_OK);
    size_t n = 0;
    for (int c = 0; c < 5; c++)
        if (source.columns >> c & 1) in[n++] = columns[c] + k;
}

static void test_long_form(void **state) {
    (void)state;
    const int rounds = getenv("KLINE_QUICK") ? 10 : 150;
    for (int round = 0; round < rounds; round++) {
        uint64_t seed = (uint64_t)round;
        kl_strategy_spec spec = make(&seed, 1 + random_below(&seed, round % 10 == 0 ? KL_METRICS_MAX : 20));
        const size_t n = 1 + random_below(&seed, 1500);
        kl_columns bars = bars_make(seed, n, round % 3 != 0);
        const kl_columns *sources[1] = {&bars};
        kl_strategy *s;
        kl_error error = {0};
        if (kl_strategy_new(&spec, NULL, NULL, &s, &error) != KL_OK) fail_msg("%s", error.message);
        long_form(&spec, &bars, expected);
        kl_strategy_state *whole = start(s, 1), *steps = start(s, 1), *pieces = start(s, 1);
        assert_int_equal(kl_strategy_run(whole, sources, NULL, got, NULL), KL_OK);
        same(got, expected, n, "batch", seed);
        uint8_t *snap = malloc(kl_strategy_snapshot_size(steps) + 1);
        for (size_t k = 0; k < n; k++) { /* each bar is looked at in another form first */
            const double *in[8];
            kl_decision peeked, again;
            inputs(s, &bars, (k * 7) % n, in);
            assert_int_equal(kl_strategy_peek(steps, in, bars.open_time_us[k], &peeked), KL_OK);
            inputs(s, &bars, k, in);
            assert_int_equal(kl_strategy_peek(steps, in, bars.open_time_us[k], &peeked), KL_OK);
            assert_int_equal(kl_strategy_step(steps, in, bars.open_time_us[k], &again), KL_OK);
            same(&peeked, &again, 1, "peek", seed);
            again.close = bars.close[k]; /* known to a step only where the plan reads it */
            same(&again, &expected[k], 1, "step", seed);
            if (k % 100 == 50) {
                size_t used;
                assert_int_equal(kl_strategy_snapshot(steps, snap, kl_strategy_snapshot_size(steps), &used), KL_OK);
                free(steps);
                steps = start(s, 1);
                assert_int_equal(kl_strategy_restore(steps, snap, used, NULL), KL_OK);
                snap[used / 2] ^= 1;
                assert_int_equal(kl_strategy_restore(steps, snap, used, NULL), KL_E_CORRUPT);
            }
        }
        for (size_t at = 0, part; at < n; at += part) {
            kl_columns slice;
            part = 1 + random_below(&seed, 700);
            part = part < n - at ? part : n - at;
            kl_columns_slice(&bars, at, part, &slice);
            sources[0] = &slice;
            assert_int_equal(kl_strategy_run(pieces, sources, NULL, got + at, NULL), KL_OK);
        }
        same(got, expected, n, "pieces", seed);
        free(snap), free(whole), free(steps), free(pieces);
        kl_strategy_free(s);
    }
}

static void test_panel(void **state) {
    (void)state;
    uint64_t seed = 77;
    const size_t n = 700;
    static double data[3][5][700];
    kl_columns bars[3];
    const kl_columns *sources[3] = {&bars[0], &bars[1], &bars[2]};
    kl_strategy *s;
    kl_strategy_spec spec = make(&seed, 12);
    assert_int_equal(kl_strategy_new(&spec, NULL, NULL, &s, NULL), KL_OK);
    for (int i = 0; i < 3; i++) {
        bars[i] = bars_make((uint64_t)i, n, 1);
        for (int c = 0; c < 5; c++) memcpy(data[i][c], bars_data[c], sizeof data[i][c]);
        bars[i].open = data[i][0], bars[i].high = data[i][1], bars[i].low = data[i][2], bars[i].close = data[i][3], bars[i].volume = data[i][4];
    }
    kl_strategy_state *all = start(s, 3);
    assert_int_equal(kl_strategy_run(all, sources, NULL, got, NULL), KL_E_ARG);
    assert_int_equal(kl_strategy_run_panel(all, sources, NULL, got, NULL), KL_OK);
    for (size_t i = 0; i < 3; i++) {
        long_form(&spec, &bars[i], expected);
        same(got + i * n, expected, n, "panel", i);
    }
    free(all);
    kl_strategy_free(s);
}

/* coarser bars: known once closed, however the bars are handed over */
static void test_coarse(void **state) {
    (void)state;
    static double close4[BARS_MAX];
    static kl_time open4[BARS_MAX];
    const size_t n = 1500;
    kl_columns bars = bars_make(9, n, 0), coarse = {.n = 0, .open_time_us = open4, .close = close4};
    const kl_columns *sources[2] = {&bars, &coarse};
    kl_metric m = metric_when("UP", KL_SIDE_BUY, KL_MICRO, "close > sma(close@'4h', 3)");
    kl_strategy_spec spec;
    kl_strategy *s;
    size_t taken[2], done = 0;
    for (size_t k = 0; k + 1 < n; k++) /* open 4h bars start at multiples of four hours */
        if (bars.open_time_us[k] % INT64_C(14400000000) == 0) open4[coarse.n] = bars.open_time_us[k], close4[coarse.n++] = bars.close[k + 1];
    kl_strategy_spec_init(&spec);
    spec.interval = (kl_interval){KL_HOUR, 2, 0}, spec.metrics = &m, spec.n_metrics = 1;
    spec.rules.threshold_u[0] = spec.rules.threshold_u[1] = KL_MICRO;
    assert_int_equal(kl_strategy_new(&spec, NULL, NULL, &s, NULL), KL_OK);
    kl_strategy_state *whole = start(s, 1), *pieces = start(s, 1);
    assert_int_equal(kl_strategy_run(whole, sources, NULL, got, NULL), KL_E_ARG);
    assert_int_equal(kl_strategy_run(whole, sources, taken, expected, NULL), KL_OK);
    assert_int_equal(taken[0], n);
    assert_true(taken[1] + 1 >= coarse.n);
    size_t buys = 0;
    for (size_t k = 8; k < n; k++) {
        size_t c = 0;
        while (c < coarse.n && open4[c] + INT64_C(14400000000) <= bars.open_time_us[k] + INT64_C(7200000000)) c++;
        double mean = (close4[c - 1] + close4[c - 2] + close4[c - 3]) / 3.0;
        if (fabs(bars.close[k] - mean) > 1e-6) assert_int_equal(expected[k].action, bars.close[k] > mean ? KL_ACTION_BUY : KL_ACTION_SIDEWAY);
        buys += expected[k].action == KL_ACTION_BUY;
    }
    assert_true(buys > 300 && buys < 1200);
    for (size_t at = 0; at < n; at += 100) {
        kl_columns part, left;
        const kl_columns *some[2] = {&part, &left};
        kl_columns_slice(&bars, at, 100, &part);
        kl_columns_slice(&coarse, done, coarse.n - done, &left);
        assert_int_equal(kl_strategy_run(pieces, some, taken, got + at, NULL), KL_OK);
        done += taken[1];
    }
    same(got, expected, n, "coarse", 9);
    open4[5] = open4[4];
    assert_int_equal(kl_strategy_run(pieces, sources, taken, got, NULL), KL_E_ORDER);
    free(whole), free(pieces);
    kl_strategy_free(s);
}

static void test_params(void **state) {
    (void)state;
    const size_t n = 300;
    kl_columns bars = bars_make(4, n, 0);
    const kl_columns *sources[1] = {&bars};
    kl_strategy_param params[2] = {{"fast", 5, 2, 50}, {"low", -0.5, NAN, NAN}};
    kl_metric m[2] = {metric_when("A", KL_SIDE_BUY, KL_MICRO, "cross_up(ema($fast), ema($fast * 2)) # $none"), metric_when("B", KL_SIDE_SELL, KL_MICRO, "zscore(close, 24) < $low")};
    double values[2] = {9, -1.25};
    kl_strategy_spec spec, back;
    kl_strategy *s, *t;
    kl_error error = {0};
    kl_strategy_spec_init(&spec);
    spec.metrics = m, spec.n_metrics = 2, spec.params = params, spec.n_params = 2;
    spec.rules.threshold_u[0] = spec.rules.threshold_u[1] = KL_MICRO;
    assert_int_equal(kl_strategy_new(&spec, values, NULL, &s, NULL), KL_OK);
    m[0].when = "cross_up(ema(9), ema(18))", m[1].when = "zscore(close, 24) < -1.25";
    assert_int_equal(kl_strategy_new(&spec, NULL, NULL, &t, NULL), KL_OK);
    kl_strategy_state *a = start(s, 1), *b = start(t, 1);
    assert_int_equal(kl_strategy_run(a, sources, NULL, got, NULL), KL_OK);
    assert_int_equal(kl_strategy_run(b, sources, NULL, expected, NULL), KL_OK);
    same(got, expected, n, "params", 0);
    assert_true(got[0].known_at_us == KL_TIME_NONE);
    free(a), free(b);
    assert_int_equal(kl_strategy_spec_of(s, &back), KL_OK);
    assert_string_equal(back.metrics[0].when, "cross_up(ema($fast), ema($fast * 2)) # $none");
    assert_string_equal(back.params[1].name, "low");
    kl_strategy_free(s), kl_strategy_free(t);
    m[0].when = "ema($slow) > 0";
    assert_int_equal(kl_strategy_new(&spec, NULL, NULL, &s, &error), KL_E_UNKNOWN_NAME);
    assert_true(error.row == 1 && error.column == 5);
    values[0] = 51;
    assert_int_equal(kl_strategy_new(&spec, values, NULL, &s, &error), KL_E_ARG);
    params[1].name = "fast";
    assert_int_equal(kl_strategy_new(&spec, NULL, NULL, &s, &error), KL_E_DUPLICATE);
}

static void wrong(kl_strategy_spec *spec, kl_status want, int64_t row, int64_t column, const char *why) {
    kl_strategy *s = NULL;
    kl_error error = {0};
    kl_status status = kl_strategy_new(spec, NULL, NULL, &s, &error);
    if (status != want || error.row != row || error.column != column || !strstr(error.message, why))
        fail_msg("%s: %d, %lld:%lld: %s", why, (int)status, (long long)error.row, (long long)error.column, error.message);
    assert_null(s);
}

static void test_wrong(void **state) {
    (void)state;
    kl_metric m[2] = {metric_when("A", KL_SIDE_BUY, KL_MICRO, "close > 0"), metric_when("B", KL_SIDE_BUY, KL_MICRO, "close > rsy(14)")};
    kl_strategy_spec spec;
    kl_strategy_spec_init(&spec);
    spec.rules.threshold_u[0] = spec.rules.threshold_u[1] = KL_MICRO;
    wrong(&spec, KL_E_ARG, 0, 0, "1 to 128 metrics");
    spec.metrics = m, spec.n_metrics = 2;
    wrong(&spec, KL_E_UNKNOWN_NAME, 2, 9, "B: 'rsy' is no function");
    m[1].when = "close > (";
    wrong(&spec, KL_E_FORMAT, 2, 10, "B: ");
    m[1] = metric_table("B", KL_SIDE_SELL, "rsi(14", KL_DIRECTION_ABOVE, 5, NAN);
    wrong(&spec, KL_E_FORMAT, 2, 7, "B: ");
    m[1].indicator = "rsi(14)", m[1].direction = KL_DIRECTION_CROSS_UP, m[1].against = "emma(3)";
    wrong(&spec, KL_E_UNKNOWN_NAME, 2, 1, "emma");
    m[1] = metric_when("A", KL_SIDE_SELL, KL_MICRO, "close < 0");
    wrong(&spec, KL_E_DUPLICATE, 2, 0, "A: this code");
    m[1] = metric_when("B", KL_SIDE_SELL, KL_MICRO, "macd");
    wrong(&spec, KL_E_ARG, 2, 0, "choose an output");
    m[0].when = "macd", m[1].when = "close < 0";
    wrong(&spec, KL_E_ARG, 1, 0, "A: a condition is one value");
    m[0].flags = m[1].flags = KL_METRIC_INACTIVE;
    wrong(&spec, KL_E_ARG, 0, 0, "no metric is active");
    m[1].flags = 0, spec.rules.threshold_u[0] = 0;
    wrong(&spec, KL_E_ARG, 0, 0, "thresholds");
}

static void test_memory(void **state) {
    (void)state;
    uint64_t seed = 5;
    kl_strategy_spec spec = make(&seed, 10);
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_strategy *s;
    kl_alloc_counter_init(&counter, NULL, &alloc);
    for (uint64_t fail = 1;; fail++) {
        counter.fail_at = counter.requests + fail;
        kl_status status = kl_strategy_new(&spec, NULL, &alloc, &s, NULL);
        if (status == KL_OK) break;
        assert_int_equal(status, KL_E_MEMORY);
        assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
    }
    kl_columns bars = bars_make(4, 1000, 0);
    const kl_columns *sources[1] = {&bars};
    kl_strategy_state *run = start(s, 1);
    uint64_t before = counter.requests;
    assert_int_equal(kl_strategy_run(run, sources, NULL, got, NULL), KL_OK);
    assert_true(counter.requests == before);
    free(run);
    kl_strategy_free(s);
    assert_true(counter.live_blocks == 0 && counter.live_bytes == 0);
}

static void test_trace(void **state) {
    (void)state;
    const size_t n = 200;
    kl_columns bars = bars_make(12, n, 1);
    const kl_columns *sources[1] = {&bars};
    kl_metric m[4] = {metric_when("UP", KL_SIDE_BUY, 1300000, "close > open"), metric_when("DOWN", KL_SIDE_SELL, 700000, "close < open"),
                      metric_when("QUIET", KL_SIDE_GUARD, 0, "volume < 104"), metric_when("FLAT", KL_SIDE_BUY, -500000, "zscore(close, 20) > 0")};
    kl_strategy_spec spec;
    kl_strategy *s;
    kl_table *table;
    m[0].group = "trend", m[1].group = "trend", m[3].group = "volatility";
    kl_strategy_spec_init(&spec);
    spec.metrics = m, spec.n_metrics = 4;
    spec.rules.threshold_u[0] = spec.rules.threshold_u[1] = 600000;
    assert_int_equal(kl_strategy_new(&spec, NULL, NULL, &s, NULL), KL_OK);
    kl_strategy_state *run = start(s, 1);
    assert_int_equal(kl_strategy_run(run, sources, NULL, got, NULL), KL_OK);
    size_t tradable = 0, vetoed = 0;
    for (size_t k = 0; k < n; k++) {
        kl_trace t[4];
        size_t total;
        int64_t sum[2] = {0, 0}, groups[2] = {0, 0}, b, c;
        const char *name;
        assert_int_equal(kl_strategy_trace(s, &got[k], t, 4, &total), KL_OK);
        for (size_t i = 0; i < total; i++) {
            if (t[i].state == KL_TRACE_FIRED && t[i].side <= KL_SIDE_SELL) sum[t[i].side - 1] += t[i].weight_u;
            vetoed += t[i].state == KL_TRACE_VETOED;
        }
        assert_true(sum[0] == got[k].buy_u && sum[1] == got[k].sell_u);
        for (size_t g = 0; kl_strategy_group(s, &got[k], g, &name, &b, &c) == KL_OK; g++) groups[0] += b, groups[1] += c;
        assert_true(groups[0] == sum[0] && groups[1] == sum[1]);
        tradable += got[k].flags & KL_DECISION_TRADABLE;
    }
    assert_true(tradable > 20 && tradable < n && vetoed > 5);
    assert_int_equal(kl_table_new(NULL, &table), KL_OK);
    assert_int_equal(kl_strategy_table(s, table, got, n, 1), KL_OK);
    assert_int_equal(kl_strategy_table(s, table, got, n, 0), KL_OK);
    assert_int_equal(kl_table_rows(table), n + tradable);
    assert_int_equal(kl_table_columns(table), 10 + 4 + 2);
    for (size_t k = 0; k < n; k++) {
        const char *text;
        size_t length;
        if (got[k].fired[0] != 9) continue;
        assert_int_equal(kl_table_get_text(table, 14, k, &text, &length), KL_OK);
        assert_int_equal(length, strlen("UP:1.3 FLAT:-0.5"));
        assert_memory_equal(text, "UP:1.3 FLAT:-0.5", length);
    }
    kl_table_free(table);
    kl_alloc_counter counter; /* every allocation of the table fails once: no row is half there */
    kl_alloc alloc;
    kl_alloc_counter_init(&counter, NULL, &alloc);
    assert_int_equal(kl_table_new(&alloc, &table), KL_OK);
    for (uint64_t fail = 1, done = 0; !done; fail++) {
        counter.fail_at = counter.requests + fail;
        kl_status status = kl_strategy_table(s, table, got, n, 1);
        done = status == KL_OK;
        if (!done) assert_int_equal(status, KL_E_MEMORY);
        assert_int_equal(kl_table_rows(table), done ? n : 0);
        assert_true(done || fail < 1000);
    }
    kl_table_free(table);
    assert_true(counter.live_blocks == 0);
    free(run);
    kl_strategy_free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_long_form), cmocka_unit_test(test_panel),  cmocka_unit_test(test_coarse), cmocka_unit_test(test_params),
                                       cmocka_unit_test(test_wrong),     cmocka_unit_test(test_memory), cmocka_unit_test(test_trace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
