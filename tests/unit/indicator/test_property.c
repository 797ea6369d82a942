/* What every indicator owes, by a loop over the registry: the same bits in every way of running, known from its lookback on,
 * inside its range. */
#include "harness.h"

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
    /* what waits for an event (a turn, a cross) may be known later */
    if (first > (size_t)bars && (size_t)bars < n && !(harness_flags(d) & KL__RAW) && strcmp(d->group, "levels") != 0)
        print_message("%s: known from bar %zu, %d could be\n", harness_name(d, params), first, (int)bars);
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
    static const harness_check checks[] = {{"every way", test_every_way}, {"in place", test_in_place}};
    return harness_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
