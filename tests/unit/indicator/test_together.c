/* Every indicator in one plan gives what it gives alone; a plan of many symbols gives what each symbol gives alone; chunks, steps, peeks
 * and snapshots of the whole plan give what it gives in batch; no future is known; its description compiles to itself. */
#include "harness.h"
#include "kline/plan.h"

#define N 260
#define TEXT 400
#define TEXTS_MAX 1024
#define OUTPUTS_MAX 4096
#define SYMBOLS 3

static char text[TEXTS_MAX][TEXT];
static const char *texts[TEXTS_MAX];
static const kl_indicator *kind[TEXTS_MAX];
static double params[TEXTS_MAX][KL_PARAMS_MAX];
static size_t n_texts;
static kl_time open_time[N];
static double *made[OUTPUTS_MAX], *other[OUTPUTS_MAX];
static harness_matrix alone;

static size_t say(char *to, size_t at, const char *what) {
    int n = snprintf(to + at, TEXT - at, "%s", what);
    assert_true(n >= 0 && (size_t)n < TEXT - at);
    return at + (size_t)n;
}

/* The input as an expression; 1 where it is a column and the same one that market_inputs takes. */
static int input_text(const kl_indicator *d, uint32_t i, const double *const *in, const char **to) {
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    for (int c = 0; c < 5; c++)
        if (in[i] == ohlcv[c]) return *to = names[c], 1;
    if (in[i] == market_time) return *to = "time", 1;
    if (in[i] == market_condition[0] || in[i] == market_condition[1]) return *to = i % 2 ? "close < 100" : "close > open", 0;
    if (in[i] == market_whole) return *to = "mod(volume, 40)", 0;
    if (in[i] == market_unit || in[i] == market_share) return *to = "(close - low) / (high - low)", 0;
    (void)d;
    return *to = "(low + high) / 2", 0;
}

static void call_text(const kl_indicator *d, const double *p, char *to, int *plain) {
    const double *in[KL_INPUTS_MAX];
    const char *more;
    size_t at = say(to, 0, d->name);
    market_inputs(d, ohlcv, in);
    at = say(to, at, "(");
    for (uint32_t i = 0; i < d->n_inputs; i++) {
        *plain &= input_text(d, i, in, &more);
        at = say(to, at, i ? ", " : "");
        at = say(to, at, more);
    }
    for (uint32_t i = 0; i < d->n_params; i++) {
        char number[64];
        snprintf(number, sizeof number, ", %s=", d->params[i].name);
        at = say(to, at, number);
        snprintf(number, sizeof number, "%.17g", p[i]);
        at = say(to, at, d->params[i].kind == KL_PARAM_CHOICE ? d->params[i].choices[(size_t)p[i]] : number);
    }
    say(to, at, ")");
}

static kl_columns columns_from(size_t from, size_t n) {
    return (kl_columns){.n = n, .open_time_us = open_time + from, .open = ohlcv[0] + from, .high = ohlcv[1] + from, .low = ohlcv[2] + from,
                        .close = ohlcv[3] + from, .volume = ohlcv[4] + from};
}

static void fill(int market, uint64_t seed) {
    market_fill(market, seed, N, ohlcv);
    for (size_t k = 0; k < N; k++) open_time[k] = (kl_time)(market_time[k] * 1e6);
}

static kl_plan *plan_new(const char *const *of, size_t n) {
    kl_plan *plan = NULL;
    kl_error error = {0};
    kl_plan_options options;
    kl_plan_options_init(&options);
    if (kl_plan_new(of, n, &options, NULL, &plan, &error) != KL_OK)
        fail_msg("%s: %s (%d, %d)", error.arg > 0 ? of[error.arg - 1] : "?", error.message, (int)error.arg, (int)error.column);
    return plan;
}

static kl_plan_state *state_new(const kl_plan *plan, size_t symbols) {
    size_t bytes;
    kl_plan_state *state;
    assert_int_equal(kl_plan_state_size(plan, symbols, &bytes), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_plan_state_init(memory, bytes, plan, symbols, &state), KL_OK);
    return state;
}

static void run(kl_plan_state *state, size_t from, size_t n, double *const *out, size_t outputs) {
    kl_columns columns = columns_from(from, n);
    const kl_columns *source = &columns;
    double *to[OUTPUTS_MAX];
    size_t taken;
    kl_error error = {0};
    for (size_t o = 0; o < outputs; o++) to[o] = out[o] + from;
    if (kl_plan_run(state, &source, &taken, to, &error) != KL_OK) fail_msg("%s", error.message);
}

/* All calls of the registry with parameter set `set`. */
static void prepare(int set, int *plain) {
    uint64_t seed = harness_seed + (uint64_t)set;
    n_texts = 0;
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const kl_indicator *d = kl_indicator_at(i);
        if (harness_flags(d) & KL__HIDDEN) continue;
        assert_true(n_texts < TEXTS_MAX);
        market_params(d, set, &seed, 50, params[n_texts]);
        plain[n_texts] = 1;
        call_text(d, params[n_texts], text[n_texts], &plain[n_texts]);
        kind[n_texts] = d, texts[n_texts] = text[n_texts];
        n_texts++;
    }
}

static void same_rows(const char *what, const char *how, const double *a, const double *b, size_t from, size_t n) {
    for (size_t k = from; k < n; k++)
        if (memcmp(&a[k], &b[k], sizeof *a) != 0) fail_msg("%s, %s: bar %zu is %.17g, not %.17g", what, how, k, b[k], a[k]);
}

static const char *output_name(const kl_plan *plan, size_t o) {
    kl_plan_output info;
    assert_int_equal(kl_plan_output_at(plan, o, &info), KL_OK);
    return info.name;
}

/* One plan of all = each alone, as a plan and as an indicator by itself. */
static void test_alone(void **unused) {
    (void)unused;
    static int plain[TEXTS_MAX];
    static const int markets[] = {MARKET_HOLES, MARKET_WALK, MARKET_TIES, MARKET_HUGE};
    for (int set = 0; set < 4; set++) {
        fill(markets[set], 11 + (uint64_t)set);
        prepare(set, plain);
        kl_plan *plan = plan_new(texts, n_texts);
        size_t outputs = kl_plan_outputs(plan), first = 0;
        assert_true(outputs <= OUTPUTS_MAX);
        kl_plan_state *state = state_new(plan, 1);
        run(state, 0, N, made, outputs);
        for (size_t t = 0; t < n_texts; t++) {
            const kl_indicator *d = kind[t];
            kl_columns columns = columns_from(0, N);
            const double *in[KL_INPUTS_MAX];
            double *to[KL_OUTPUTS_MAX];
            kl_error error = {0};
            harness_outputs(alone, to);
            if (kl_eval(&texts[t], 1, NULL, &columns, NULL, to, &error) != KL_OK) fail_msg("%s: %s", texts[t], error.message);
            for (uint32_t o = 0; o < d->n_outputs; o++) same_rows(texts[t], "among all", alone[o], made[first + o], 0, N);
            market_inputs(d, ohlcv, in);
            if (plain[t]) {
                harness_run(d, params[t], in, N, alone);
                for (uint32_t o = 0; o < d->n_outputs; o++) same_rows(texts[t], "as an indicator", alone[o], made[first + o], 0, N);
            }
            first += d->n_outputs;
        }
        assert_int_equal(first, outputs);
        print_message("%zu calls, %zu outputs, %zu nodes\n", n_texts, outputs, kl_plan_nodes(plan));
        free(state);
        kl_plan_free(plan);
    }
}

/* Each symbol of many = that symbol alone, step by step, with peeks; restored in between. */
static void test_symbols(void **unused) {
    (void)unused;
    static int plain[TEXTS_MAX];
    static double in_value[KL_COL_COUNT][SYMBOLS], out_value[OUTPUTS_MAX][SYMBOLS], peeked[OUTPUTS_MAX][SYMBOLS];
    static double market[SYMBOLS][5][N], clock[N];
    size_t n = getenv("KLINE_QUICK") ? 70 : 150, used;
    prepare(3, plain);
    kl_plan *plan = plan_new(texts, n_texts);
    size_t outputs = kl_plan_outputs(plan);
    kl_plan_state *many = state_new(plan, SYMBOLS), *twin = state_new(plan, SYMBOLS), *one[SYMBOLS];
    kl_plan_source source;
    const double *in[KL_COL_COUNT];
    double *to[OUTPUTS_MAX], *peek_to[OUTPUTS_MAX];
    assert_int_equal(kl_plan_source_at(plan, 0, &source), KL_OK);
    for (int s = 0; s < SYMBOLS; s++) {
        fill(s == 0 ? MARKET_WALK : s == 1 ? MARKET_HOLES : MARKET_TIES, 40 + (uint64_t)s);
        for (int c = 0; c < 5; c++) memcpy(market[s][c], ohlcv[c], sizeof market[s][c]);
        memcpy(clock, market_time, sizeof clock);
        one[s] = state_new(plan, 1);
    }
    for (size_t o = 0; o < outputs; o++) to[o] = out_value[o], peek_to[o] = peeked[o];
    size_t room = kl_plan_snapshot_size(many);
    unsigned char *image = malloc(room);
    assert_non_null(image);
    for (size_t k = 0; k < n; k++) {
        size_t inputs = 0;
        for (int c = 0; c < KL_COL_COUNT; c++) {
            if (!(source.columns >> c & 1)) continue;
            for (int s = 0; s < SYMBOLS; s++) in_value[inputs][s] = c == KL_COL_TIME ? clock[k] : market[s][c < 5 ? c : 4][k];
            in[inputs] = in_value[inputs];
            inputs++;
        }
        assert_int_equal(inputs, kl_plan_inputs(plan));
        assert_int_equal(kl_plan_peek(many, in, peek_to), KL_OK);
        assert_int_equal(kl_plan_step(many, in, to), KL_OK);
        for (size_t o = 0; o < outputs; o++)
            if (memcmp(out_value[o], peeked[o], sizeof peeked[o]) != 0) fail_msg("%s: bar %zu is not what was peeked", output_name(plan, o), k);
        for (int s = 0; s < SYMBOLS; s++) {
            double x[KL_COL_COUNT], y[OUTPUTS_MAX], *each[OUTPUTS_MAX];
            const double *from[KL_COL_COUNT];
            for (size_t i = 0; i < inputs; i++) x[i] = in_value[i][s], from[i] = &x[i];
            for (size_t o = 0; o < outputs; o++) each[o] = &y[o];
            assert_int_equal(kl_plan_step(one[s], from, each), KL_OK);
            for (size_t o = 0; o < outputs; o++)
                if (memcmp(&y[o], &out_value[o][s], sizeof y[o]) != 0 && strncmp(output_name(plan, o), "panel_", 6) != 0)
                    fail_msg("%s: bar %zu of symbol %d is %.17g, alone %.17g", output_name(plan, o), k, s, out_value[o][s], y[o]);
        }
        if (k % 10 == 9) { /* goes on in another state */
            kl_error error = {0};
            assert_int_equal(kl_plan_snapshot(many, image, room, &used), KL_OK);
            if (kl_plan_restore(twin, image, used, &error) != KL_OK) fail_msg("%s", error.message);
            kl_plan_state *swap = many;
            many = twin, twin = swap;
        }
    }
    for (int s = 0; s < SYMBOLS; s++) free(one[s]);
    free(many), free(twin), free(image);
    kl_plan_free(plan);
}

/* Chunks of any sizes, restored between them; another future; the description. */
static void test_whole(void **unused) {
    (void)unused;
    static int plain[TEXTS_MAX];
    static const size_t sizes[] = {1, 2, 3, 5, 7, 13, 64, 1000};
    uint64_t seed = harness_seed;
    fill(MARKET_HOLES, 77);
    prepare(0, plain);
    kl_plan *plan = plan_new(texts, n_texts);
    size_t outputs = kl_plan_outputs(plan), used;
    kl_plan_state *state = state_new(plan, 1);
    run(state, 0, N, made, outputs);
    free(state);
    for (size_t s = 0; s <= sizeof sizes / sizeof *sizes; s++) {
        kl_plan_state *from = state_new(plan, 1), *next = state_new(plan, 1);
        size_t room = kl_plan_snapshot_size(from);
        unsigned char *image = malloc(room);
        assert_non_null(image);
        for (size_t done = 0, turn = 0; done < N; turn++) {
            size_t part = s < sizeof sizes / sizeof *sizes ? sizes[s] : sizes[turn % 7];
            part = part < N - done ? part : N - done;
            run(from, done, part, other, outputs);
            done += part;
            if (turn % 5 == 4) {
                assert_int_equal(kl_plan_snapshot(from, image, room, &used), KL_OK);
                assert_int_equal(kl_plan_restore(next, image, used, NULL), KL_OK);
                kl_plan_state *swap = from;
                from = next, next = swap;
            }
        }
        for (size_t o = 0; o < outputs; o++) same_rows(output_name(plan, o), "in chunks", made[o], other[o], 0, N);
        free(from), free(next), free(image);
    }
    for (int turn = 0; turn < 6; turn++) {
        size_t cut = random_below(&seed, N);
        fill(MARKET_HOLES, 77);
        for (int c = 0; c < 5; c++)
            for (size_t k = cut; k < N; k++) ohlcv[c][k] = turn % 2 ? (double)NAN : 100.0 + 50.0 * market_noise(&seed);
        state = state_new(plan, 1);
        run(state, 0, N, other, outputs);
        for (size_t o = 0; o < outputs; o++) same_rows(output_name(plan, o), "with another future", made[o], other[o], 0, cut);
        free(state);
    }
    /* the description, line by line, is the same plan */
    assert_int_equal(kl_plan_describe(plan, NULL, 0, &used), KL_OK);
    char *lines = malloc(used + 1);
    static const char *line[TEXTS_MAX];
    assert_non_null(lines);
    assert_int_equal(kl_plan_describe(plan, lines, used + 1, &used), KL_OK);
    size_t count = 0;
    char *whole = malloc(used + 1);
    assert_non_null(whole);
    memcpy(whole, lines, used + 1);
    for (char *at = strtok(lines, "\n"); at && count < TEXTS_MAX; at = strtok(NULL, "\n")) line[count++] = at;
    assert_int_equal(count, n_texts);
    kl_plan *again = plan_new(line, count);
    size_t length;
    assert_int_equal(kl_plan_describe(again, NULL, 0, &length), KL_OK);
    assert_int_equal(length, used);
    char *second = malloc(length + 1);
    assert_non_null(second);
    assert_int_equal(kl_plan_describe(again, second, length + 1, &length), KL_OK);
    assert_string_equal(second, whole);
    assert_int_equal(kl_plan_nodes(again), kl_plan_nodes(plan));
    fill(MARKET_HOLES, 77);
    state = state_new(again, 1);
    run(state, 0, N, other, outputs);
    for (size_t o = 0; o < outputs; o++) same_rows(output_name(plan, o), "from its description", made[o], other[o], 0, N);
    free(state), free(lines), free(whole), free(second);
    kl_plan_free(plan), kl_plan_free(again);
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_alone), cmocka_unit_test(test_symbols), cmocka_unit_test(test_whole)};
    for (size_t o = 0; o < OUTPUTS_MAX; o++) {
        made[o] = calloc(N, sizeof(double)), other[o] = calloc(N, sizeof(double));
        if (!made[o] || !other[o]) abort();
    }
    if (getenv("KLINE_SEED")) harness_seed = strtoull(getenv("KLINE_SEED"), NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
