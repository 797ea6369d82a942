/* What every indicator owes, by loops over the registry: the same bits in every way of running, known from its lookback on,
 * inside its range, never poisoned. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "market.h"

#define ROWS 1500

static double column[5][ROWS];
static double *const ohlcv[5] = {column[0], column[1], column[2], column[3], column[4]};
static size_t rows; /* fewer when KLINE_QUICK is set */

typedef double matrix[KL_OUTPUTS_MAX][ROWS];
static matrix batch, other;

static void outputs(matrix m, double **out) {
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) out[o] = m[o];
}

static kl_run *make(const kl_indicator *indicator, const double *params) {
    size_t bytes;
    kl_run *run;
    assert_int_equal(kl_run_size(indicator, params, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_run_init(memory, bytes, indicator, params, &run, NULL), KL_OK);
    return run;
}

static void same(const kl_indicator *indicator, const double *params, const char *market, const char *way, size_t n) {
    for (uint32_t o = 0; o < indicator->n_outputs; o++)
        for (size_t k = 0; k < n; k++)
            if (memcmp(&batch[o][k], &other[o][k], sizeof(double)) != 0)
                fail_msg("%s(%g,%g,%g).%s on %s, %s: bar %zu is %.17g, in batch %.17g", indicator->name, params[0], params[1],
                         params[2], indicator->outputs[o].name, market, way, k, other[o][k], batch[o][k]);
}

static void run_in_chunks(const kl_indicator *indicator, const double *params, const double *const *in, size_t n,
                          const size_t *sizes, size_t n_sizes, matrix result) {
    kl_run *run = make(indicator, params);
    const double *from[KL_INPUTS_MAX];
    double *to[KL_OUTPUTS_MAX];
    for (size_t done = 0, turn = 0; done < n; turn++) {
        size_t part = sizes[turn % n_sizes] < n - done ? sizes[turn % n_sizes] : n - done;
        for (uint32_t i = 0; i < indicator->n_inputs; i++) from[i] = in[i] + done;
        for (uint32_t o = 0; o < indicator->n_outputs; o++) to[o] = result[o] + done;
        assert_int_equal(kl_run_bars(run, from, part, to), KL_OK);
        done += part;
    }
    free(run);
}

static void check_chunks(const kl_indicator *indicator, const double *params, const double *const *in, size_t n, const char *market) {
    static const size_t sizes[] = {1, 2, 3, 5, 7, 13, 64, 1000};
    char way[32];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        run_in_chunks(indicator, params, in, n, &sizes[s], 1, other);
        snprintf(way, sizeof way, "chunks of %zu", sizes[s]);
        same(indicator, params, market, way, n);
    }
    run_in_chunks(indicator, params, in, n, sizes, sizeof sizes / sizeof *sizes, other);
    same(indicator, params, market, "chunks of all sizes", n);
}

/* Steps; peeks before each step; and the image of a batch run is that of the stream. */
static void check_steps(const kl_indicator *indicator, const double *params, const double *const *in, size_t n, const char *market) {
    kl_run *run = make(indicator, params), *fast = make(indicator, params);
    size_t bytes, used, used_fast, room = kl_run_snapshot_size(run);
    double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX], peeked[KL_OUTPUTS_MAX], *to[KL_OUTPUTS_MAX];
    assert_int_equal(kl_run_size(indicator, params, &bytes, NULL), KL_OK);
    unsigned char *scratch = malloc(bytes), *before = malloc(bytes), *image = malloc(room), *image_fast = malloc(room);
    for (size_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < indicator->n_inputs; i++) x[i] = in[i][k];
        memcpy(before, run, bytes);
        assert_int_equal(kl_run_peek(run, scratch, bytes, x, peeked), KL_OK);
        assert_memory_equal(before, run, bytes);
        assert_int_equal(kl_run_step(run, x, y), KL_OK);
        assert_memory_equal(y, peeked, indicator->n_outputs * sizeof *y);
        for (uint32_t o = 0; o < indicator->n_outputs; o++) other[o][k] = y[o];
    }
    same(indicator, params, market, "step by step", n);
    outputs(other, to);
    assert_int_equal(kl_run_bars(fast, in, n, to), KL_OK);
    assert_int_equal(kl_run_snapshot(run, image, room, &used), KL_OK);
    assert_int_equal(kl_run_snapshot(fast, image_fast, room, &used_fast), KL_OK);
    assert_int_equal(used, used_fast);
    assert_memory_equal(image, image_fast, used);
    assert_int_equal(kl_run_missing(run), kl_run_missing(fast));
    free(run), free(fast), free(scratch), free(before), free(image), free(image_fast);
}

/* Two runs take turns: at every bar one is made again from the image of the other. */
static void check_restore(const kl_indicator *indicator, const double *params, const double *const *in, size_t n, const char *market) {
    kl_run *run[2] = {make(indicator, params), make(indicator, params)};
    size_t used, room = kl_run_snapshot_size(run[0]);
    double x[KL_INPUTS_MAX], y[KL_OUTPUTS_MAX];
    unsigned char *image = malloc(room);
    for (size_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < indicator->n_inputs; i++) x[i] = in[i][k];
        assert_int_equal(kl_run_step(run[k % 2], x, y), KL_OK);
        for (uint32_t o = 0; o < indicator->n_outputs; o++) other[o][k] = y[o];
        assert_int_equal(kl_run_snapshot(run[k % 2], image, room, &used), KL_OK);
        assert_int_equal(kl_run_restore(run[(k + 1) % 2], image, used, NULL), KL_OK);
    }
    same(indicator, params, market, "restored at every bar", n);
    free(run[0]), free(run[1]), free(image);
}

static void check_values(const kl_indicator *indicator, size_t n, const char *market) {
    for (uint32_t o = 0; o < indicator->n_outputs; o++)
        for (size_t k = 0; k < n; k++) {
            double y = batch[o][k];
            uint64_t bits;
            memcpy(&bits, &y, sizeof bits);
            if (isnan(y) ? bits != UINT64_C(0x7ff8000000000000) : isinf(y) || (y == 0.0 && signbit(y)))
                fail_msg("%s on %s: bar %zu has the bits of no output", indicator->name, market, k);
            if (y < indicator->outputs[o].min || y > indicator->outputs[o].max)
                fail_msg("%s on %s: bar %zu: %.17g is out of range", indicator->name, market, k, y);
        }
}

static void check_lookback(const kl_indicator *indicator, const double *params, size_t n) {
    int64_t bars;
    assert_int_equal(kl_indicator_lookback(indicator, params, &bars), KL_OK);
    size_t first = n;
    for (uint32_t o = 0; o < indicator->n_outputs; o++)
        for (size_t k = 0; k < first; k++)
            if (!isnan(batch[o][k])) first = k;
    if (first != ((size_t)bars < n ? (size_t)bars : n)) fail_msg("%s: known from bar %zu, not %d", indicator->name, first, (int)bars);
}

static void every_way(size_t at, int set, int kind, uint64_t *seed, double longest, size_t n) {
    const kl_indicator *indicator = kl_indicator_at(at);
    double params[KL_PARAMS_MAX] = {0};
    const double *in[KL_INPUTS_MAX];
    size_t all = n;
    market_params(indicator, set, seed, longest, params);
    market_fill(kind, random_u64(seed), n, ohlcv);
    market_inputs(indicator, ohlcv, in);
    run_in_chunks(indicator, params, in, n, &all, 1, batch);
    if (kind == MARKET_WALK) check_lookback(indicator, params, n);
    check_values(indicator, n, market_names[kind]);
    check_chunks(indicator, params, in, n, market_names[kind]);
    check_steps(indicator, params, in, n, market_names[kind]);
    check_restore(indicator, params, in, n < 300 ? n : 300, market_names[kind]);
}

static void test_every_way(void **state) {
    (void)state;
    uint64_t seed = 20260103;
    const char *from = getenv("KLINE_SEED");
    if (from) seed = strtoull(from, NULL, 10);
    int sets = getenv("KLINE_LONG") ? 60 : getenv("KLINE_QUICK") ? 3 : 6;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t at = 0; at < kl_indicator_count(); at++) {
        for (int kind = 0; kind < MARKET_KINDS; kind++) {
            for (int set = 0; set < sets; set++) every_way(at, set, kind, &seed, set < 4 ? 40 : 120, rows / 3);
            every_way(at, 2, kind, &seed, 700, rows);
        }
    }
}

/* The price in is the price out where nothing moves. */
static void test_in_place(void **state) {
    (void)state;
    for (size_t at = 0; at < kl_indicator_count(); at++) {
        const kl_indicator *indicator = kl_indicator_at(at);
        double params[KL_PARAMS_MAX] = {0}, *out[KL_OUTPUTS_MAX] = {0};
        const double *in[KL_INPUTS_MAX];
        assert_int_equal(kl_indicator_params(indicator, NULL, 0, params, NULL), KL_OK);
        market_fill(MARKET_HOLES, 7, rows, ohlcv);
        market_inputs(indicator, ohlcv, in);
        run_in_chunks(indicator, params, in, rows, &rows, 1, batch);
        kl_run *run = make(indicator, params);
        out[0] = ohlcv[3]; /* the others are not wanted */
        in[0] = in[0] == ohlcv[3] ? out[0] : in[0];
        assert_int_equal(kl_run_bars(run, in, rows, out), KL_OK);
        for (size_t k = 0; k < rows; k++) assert_memory_equal(&out[0][k], &batch[0][k], sizeof(double));
        free(run);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_way), cmocka_unit_test(test_in_place)};
    rows = getenv("KLINE_QUICK") ? 600 : ROWS;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
