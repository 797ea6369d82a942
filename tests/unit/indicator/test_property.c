/* What every indicator owes, by a loop over the registry: the same bits in every way of running, known from its lookback on,
 * inside its range; and the rest of the past does not count. */
#include "harness.h"
#include "kline/plan.h"

static harness_matrix batch, other;

static void run_in_chunks(const kl_indicator *d, const double *params, const double *const *in, size_t n, const size_t *sizes,
                          size_t n_sizes, harness_matrix result) {
    kl_run *run = harness_make(d, params);
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    for (size_t done = 0, turn = 0; done < n; turn++) {
        size_t part = sizes[turn % n_sizes] < n - done ? sizes[turn % n_sizes] : n - done;
        for (uint32_t i = 0; i < d->n_inputs; i++) from[i] = in[i] + done;
        for (uint32_t o = 0; o < d->n_outputs; o++) to[o] = result[o] + done;
        assert_int_equal(kl_run_bars(run, from, part, to), KL_OK);
        done += part;
    }
    free(run);
}

static void check_chunks(const kl_indicator *d, const double *params, const double *const *in, size_t n, const char *market) {
    static const size_t sizes[] = {1, 2, 3, 5, 7, 13, 64, 1000};
    char way[32];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        if (sizes[s] >= n) continue;
        run_in_chunks(d, params, in, n, &sizes[s], 1, other);
        snprintf(way, sizeof way, "chunks of %zu", sizes[s]);
        harness_same(d, params, batch, other, 0, n, market, way);
    }
    run_in_chunks(d, params, in, n, sizes, sizeof sizes / sizeof *sizes, other);
    harness_same(d, params, batch, other, 0, n, market, "chunks of all sizes");
}

/* Steps; peeks before each step; and the image of a batch run is that of the stream. */
static void check_steps(const kl_indicator *d, const double *params, const double *const *in, size_t n, const char *market) {
    kl_run *run = harness_make(d, params), *fast = harness_make(d, params);
    size_t bytes, used, used_fast, room = kl_run_snapshot_size(run);
    double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX], peeked[KL_OUTPUTS_MAX], *to[KL_OUTPUTS_MAX];
    assert_int_equal(kl_run_size(d, params, &bytes, NULL), KL_OK);
    unsigned char *scratch = malloc(bytes), *before = malloc(bytes), *image = malloc(room), *image_fast = malloc(room);
    for (size_t k = 0; k < n; k++) {
        int look = bytes < 20000 || k % 17 == 0;
        for (uint32_t i = 0; i < d->n_inputs; i++) x[i] = in[i][k];
        if (look) {
            memcpy(before, run, bytes);
            assert_int_equal(kl_run_peek(run, scratch, bytes, x, peeked), KL_OK);
            assert_memory_equal(before, run, bytes);
        }
        assert_int_equal(kl_run_step(run, x, y), KL_OK);
        if (look && memcmp(y, peeked, d->n_outputs * sizeof *y) != 0)
            fail_msg("%s on %s: bar %zu peeks as %.17g and is %.17g", harness_name(d, params), market, k, peeked[0], y[0]);
        for (uint32_t o = 0; o < d->n_outputs; o++) other[o][k] = y[o];
    }
    harness_same(d, params, batch, other, 0, n, market, "step by step");
    harness_outputs(other, to);
    assert_int_equal(kl_run_bars(fast, in, n, to), KL_OK);
    assert_int_equal(kl_run_snapshot(run, image, room, &used), KL_OK);
    assert_int_equal(kl_run_snapshot(fast, image_fast, room, &used_fast), KL_OK);
    assert_int_equal(used, used_fast);
    if (memcmp(image, image_fast, used) != 0) fail_msg("%s on %s: the image of steps is not that of a batch", harness_name(d, params), market);
    assert_int_equal(kl_run_missing(run), kl_run_missing(fast));
    free(run), free(fast), free(scratch), free(before), free(image), free(image_fast);
}

/* Two runs take turns: at every bar one is made again from the image of the other. */
static void check_restore(const kl_indicator *d, const double *params, const double *const *in, size_t n, const char *market) {
    kl_run *run[2] = {harness_make(d, params), harness_make(d, params)};
    size_t used, room = kl_run_snapshot_size(run[0]);
    double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX];
    unsigned char *image = malloc(room);
    for (size_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < d->n_inputs; i++) x[i] = in[i][k];
        assert_int_equal(kl_run_step(run[k % 2], x, y), KL_OK);
        for (uint32_t o = 0; o < d->n_outputs; o++) other[o][k] = y[o];
        assert_int_equal(kl_run_snapshot(run[k % 2], image, room, &used), KL_OK);
        kl_error error = {0};
        if (kl_run_restore(run[(k + 1) % 2], image, used, &error) != KL_OK)
            fail_msg("%s on %s: bar %zu is not restored: %s", harness_name(d, params), market, k, error.message);
    }
    harness_same(d, params, batch, other, 0, n, market, "restored at every bar");
    free(run[0]), free(run[1]), free(image);
}

static void check_values(const kl_indicator *d, const double *params, size_t n, const char *market) {
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < n; k++) {
            double y = batch[o][k];
            uint64_t bits;
            memcpy(&bits, &y, sizeof bits);
            if (isnan(y) ? bits != UINT64_C(0x7ff8000000000000) : isinf(y) || (y == 0.0 && signbit(y)))
                fail_msg("%s.%s on %s: bar %zu has the bits of no output: %llx", harness_name(d, params), d->outputs[o].name, market, k,
                         (unsigned long long)bits);
            if (y < d->outputs[o].min || y > d->outputs[o].max)
                fail_msg("%s.%s on %s: bar %zu: %.17g is out of range", harness_name(d, params), d->outputs[o].name, market, k, y);
        }
}

static void check_lookback(const kl_indicator *d, const double *params, size_t n) {
    int64_t bars;
    assert_int_equal(kl_indicator_lookback(d, params, &bars), KL_OK);
    size_t first = n;
    for (uint32_t o = 0; o < d->n_outputs; o++)
        for (size_t k = 0; k < first; k++)
            if (!isnan(batch[o][k])) first = k;
    if (first < n && first < (size_t)bars) fail_msg("%s: known from bar %zu, before %d", harness_name(d, params), first, (int)bars);
}

static void every_way(const kl_indicator *d, int set, int kind, uint64_t *seed, double longest, size_t n, size_t restores) {
    double params[KL_PARAMS_MAX] = {0};
    const double *in[KL_INPUTS_MAX];
    market_params(d, set, seed, longest, params);
    market_fill(kind, random_u64(seed), n, ohlcv);
    market_inputs(d, ohlcv, in);
    harness_run(d, params, in, n, batch);
    if (kind == MARKET_WALK) check_lookback(d, params, n);
    check_values(d, params, n, market_names[kind]);
    check_chunks(d, params, in, n, market_names[kind]);
    check_steps(d, params, in, n, market_names[kind]);
    check_restore(d, params, in, n < restores ? n : restores, market_names[kind]);
}

static void test_every_way(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    uint64_t seed = harness_seed;
    int quick = getenv("KLINE_QUICK") != NULL, sets = getenv("KLINE_LONG") ? 40 : 4;
    for (int kind = 0; kind < MARKET_KINDS; kind += quick ? 2 : 1)
        for (int set = 0; set < sets; set++) every_way(d, set, kind, &seed, set == 2 ? 90 : 30, quick ? 110 : 230, 120);
    every_way(d, 3, MARKET_HOLES, &seed, 700, quick ? 600 : HARNESS_ROWS, 40);
    every_way(d, 2, MARKET_WALK, &seed, KL_PERIOD_MAX, 24, 3); /* as long as can be */
}

/* What may be known later than its lookback, for more than a number of bars decides. */
static const struct {
    const char *name, *why;
} waiting[] = {
    {"cpr", "a session has to end"}, {"cumsum_since", "its condition has to come"}, {"cvar", "a tail of no bar has no mean"}, {"fractal", "a turn has to come"},
    {"martin", "a window of one bar never falls"}, {"max_since", "its condition has to come"}, {"min_since", "its condition has to come"}, {"mzscore", "a window of one bar has no deviation"}, {"omega", "there has to be a loss"},
    {"opening_range", "a session has to begin"}, {"pivots", "a session has to end"}, {"prev_period", "a session has to end"},
    {"since", "its condition has to come"}, {"sortino", "there has to be a loss"}, {"sr_levels", "turns have to come"}, {"stc", "averages of the same length have no difference"},
    {"swing", "a turn has to come"}, {"trimmed_mean", "where all is cut off there is no mean"}, {"value_when", "it has to be true so often"},
    {"vwap_anchored", "its anchor has to come"}};

/* A plan with nothing but this call. */
static kl_plan *plan_of(const kl_indicator *d, const double *params) {
    char text[512];
    const char *const texts[1] = {text};
    kl_plan *plan = NULL;
    int at = snprintf(text, sizeof text, "%s(", d->name);
    for (uint32_t i = 0; i < d->n_params; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "%s%s=%.17g", i ? ", " : "", d->params[i].name, params[i]);
    snprintf(text + at, sizeof text - (size_t)at, ")");
    if (!(harness_flags(d) & KL__HIDDEN) && strcmp(d->name, "if") != 0) /* which is not called by default */
        assert_int_equal(kl_plan_new(texts, 1, NULL, NULL, &plan, NULL), KL_OK);
    return plan;
}

/* Of each output: bars before its first, as its plan says. */
static void lookbacks(const kl_indicator *d, const double *params, int64_t *bars) {
    kl_plan *plan = plan_of(d, params);
    kl_plan_output output;
    for (uint32_t o = 0; o < d->n_outputs; o++) {
        if (!plan) assert_int_equal(kl_indicator_lookback(d, params, &bars[o]), KL_OK);
        else assert_int_equal(kl_plan_output_at(plan, o, &output), KL_OK), bars[o] = output.lookback;
    }
    kl_plan_free(plan);
}

static const char *waits(const char *name) {
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++)
        if (strcmp(waiting[i].name, name) == 0) return waiting[i].why;
    return NULL;
}

/* Without holes each output is known from its lookback on: never before, and in one market of several not later. */
static void test_lookback(void **state) {
    static const int kinds[] = {MARKET_WALK, MARKET_GAPS, MARKET_TREND, MARKET_SPIKES, MARKET_WALK, MARKET_GAPS, MARKET_WALK, MARKET_GAPS};
    const kl_indicator *d = (const kl_indicator *)*state;
    uint64_t seed = harness_seed;
    size_t n = getenv("KLINE_QUICK") ? 400 : HARNESS_ROWS;
    int waited = 0;
    if (strcmp(d->group, "panel") == 0) skip();
    for (int set = 0; set < 8; set++) {
        double params[KL_PARAMS_MAX] = {0};
        int64_t bars[KL_OUTPUTS_MAX];
        size_t first[KL_OUTPUTS_MAX];
        if (set == 2) continue; /* maxima: too long for these markets */
        market_params(d, set, &seed, 25, params);
        lookbacks(d, params, bars);
        for (uint32_t o = 0; o < d->n_outputs; o++) first[o] = n;
        for (size_t m = 0; m < sizeof kinds / sizeof *kinds; m++) {
            const double *in[KL_INPUTS_MAX];
            market_fill(kinds[m], random_u64(&seed), n, ohlcv);
            market_inputs(d, ohlcv, in);
            harness_run(d, params, in, n, batch);
            for (uint32_t o = 0; o < d->n_outputs; o++)
                for (size_t k = 0; k < first[o]; k++)
                    if (!isnan(batch[o][k])) first[o] = k;
        }
        for (uint32_t o = 0; o < d->n_outputs; o++) {
            if (first[o] < n && (int64_t)first[o] < bars[o])
                fail_msg("%s.%s is known from bar %zu, before its lookback %d", harness_name(d, params), d->outputs[o].name, first[o], (int)bars[o]);
            if ((int64_t)first[o] <= bars[o]) continue;
            waited = 1;
            if (!waits(d->name))
                fail_msg("%s.%s is known from bar %zu, its lookback is %d", harness_name(d, params), d->outputs[o].name, first[o], (int)bars[o]);
        }
    }
    if (waits(d->name) && !waited && !strstr(d->name, "since") && !getenv("KLINE_SEED")) /* since: true in the first bar of some market */
        fail_msg("%s does not wait: %s", d->name, waits(d->name));
}

/* As many bars as a plan says that an output needs give its last value of all bars. */
static void test_needed(void **state) {
    enum { BARS = 4500, BEFORE = 400, RECENT = 100 };
    static double column[5][BARS], all[KL_OUTPUTS_MAX][BARS], late[KL_OUTPUTS_MAX][BARS];
    static double *const to_columns[5] = {column[0], column[1], column[2], column[3], column[4]};
    const kl_indicator *d = (const kl_indicator *)*state;
    uint64_t seed = harness_seed;
    if (strcmp(d->group, "panel") == 0) skip();
    for (int set = 0; set < 6; set++) {
        double params[KL_PARAMS_MAX] = {0}, *out[KL_OUTPUTS_MAX], digits = set % 2 ? 3 : 5, needed;
        const double *in[KL_INPUTS_MAX], *from[KL_INPUTS_MAX];
        if (set == 2) continue; /* maxima */
        market_params(d, set, &seed, 25, params);
        kl_plan *plan = plan_of(d, params);
        if (!plan) continue;
        market_fill(MARKET_WALK, random_u64(&seed), BARS, to_columns);
        market_inputs(d, to_columns, in);
        kl_run *run = harness_make(d, params);
        for (int o = 0; o < KL_OUTPUTS_MAX; o++) out[o] = all[o];
        assert_int_equal(kl_run_bars(run, in, BARS, out), KL_OK);
        free(run);
        for (uint32_t o = 0; o < d->n_outputs; o++) {
            assert_int_equal(kl_plan_bars_needed(plan, o, digits, &needed), KL_OK);
            if (!(needed < BARS - BEFORE)) continue;
            double top = 0.0, y = all[o][BARS - 1], z;
            size_t n = (size_t)needed;
            for (uint32_t i = 0; i < d->n_inputs; i++) from[i] = in[i] + (BARS - n);
            for (int k = 0; k < KL_OUTPUTS_MAX; k++) out[k] = late[k];
            run = harness_make(d, params);
            assert_int_equal(kl_run_bars(run, from, n, out), KL_OK);
            free(run);
            z = late[o][n - 1];
            if (d->outputs[o].price_power == 1) top = 0.1 * column[3][BARS - 1]; /* differences of prices have no more digits than prices */
            for (size_t k = BARS - RECENT; k < BARS; k++) top = fabs(all[o][k]) > top ? fabs(all[o][k]) : top;
            if (isnan(y) != isnan(z) || fabs(y - z) > pow(10.0, 1.0 - digits) * top) /* one digit for differences of what is nearly equal */
                fail_msg("%s.%s needs more than %g bars for %g digits: %.17g, of all %.17g", harness_name(d, params), d->outputs[o].name, needed,
                         digits, z, y);
        }
        kl_plan_free(plan);
    }
}

/* The price in is the price out where nothing moves. */
static void test_in_place(void **state) {
    const kl_indicator *d = (const kl_indicator *)*state;
    size_t n = 700;
    double params[KL_PARAMS_MAX] = {0}, *out[KL_OUTPUTS_MAX] = {0};
    const double *in[KL_INPUTS_MAX];
    assert_int_equal(kl_indicator_params(d, NULL, 0, params, NULL), KL_OK);
    market_fill(MARKET_HOLES, 7, n, ohlcv);
    market_inputs(d, ohlcv, in);
    harness_run(d, params, in, n, batch);
    kl_run *run = harness_make(d, params);
    for (uint32_t i = 0; i < d->n_inputs; i++)
        if (in[i] == ohlcv[3]) out[0] = ohlcv[3];
    if (!out[0]) out[0] = ohlcv[0]; /* the others are not wanted */
    assert_int_equal(kl_run_bars(run, in, n, out), KL_OK);
    for (size_t k = 0; k < n; k++)
        if (memcmp(&out[0][k], &batch[0][k], sizeof(double)) != 0) fail_msg("%s: bar %zu in place", harness_name(d, params), k);
    free(run);
}

int main(int argc, char **argv) {
    static const harness_check checks[] = {{"every way", test_every_way}, {"in place", test_in_place}, {"lookback", test_lookback}, {"needed", test_needed}};
    return harness_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
