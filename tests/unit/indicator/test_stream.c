/* Outputs that are more than the caches hold are made in buffers and go past the caches: the same bits as those of short calls, wherever
 * the caller's arrays begin, for outputs that are equal, inputs, numbers or values of some bars ago, too. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kline.h"
#include "random.h"

enum { STREAM_N = 41003, STREAM_EACH = 16, STREAM_COPIES = 6, STREAM_OUT = STREAM_EACH * STREAM_COPIES, STREAM_SHORT = 977 };

static const char *const stream_texts[STREAM_EACH] = {
    "close", "7", "close[3]", "ema(9)", "rsi(14)", "macd(12, 26, 9).hist", "macd(12, 26, 9).signal", "bbands(20, 2).upper",
    "close - bbands(20, 2).lower", "atr(14)", "max(high, 20) - min(low, 20)", "sma(volume, 30)[2]", "close > ema(9)", "obv()", "vwma(close, volume, 20)",
    "cci(14)"};

static void stream_run(const kl_plan *plan, double *const *x, size_t most, double *const *out) {
    size_t bytes;
    kl_plan_state *state;
    double *to[STREAM_OUT];
    assert_int_equal(kl_plan_state_size(plan, 1, &bytes), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_plan_state_init(memory, bytes, plan, 1, &state), KL_OK);
    for (size_t at = 0, n; at < STREAM_N; at += n) {
        n = STREAM_N - at < most ? STREAM_N - at : most;
        const kl_columns bars = {.n = n, .open = x[0] + at, .high = x[1] + at, .low = x[2] + at, .close = x[3] + at, .volume = x[4] + at};
        const kl_columns *const sources[1] = {&bars};
        for (size_t o = 0; o < STREAM_OUT; o++) to[o] = out[o] ? out[o] + at : NULL;
        assert_int_equal(kl_plan_run(state, sources, NULL, to, NULL), KL_OK);
    }
    free(memory);
}

static void test_stream(void **test) {
    (void)test;
    double *x[5], *out[2][STREAM_OUT];
    const char *texts[STREAM_OUT];
    uint64_t seed = 7;
    kl_plan *plan;
    for (size_t i = 0; i < 5; i++) assert_non_null(x[i] = malloc(STREAM_N * sizeof(double)));
    double close = 100.0;
    for (size_t j = 0; j < STREAM_N; j++) {
        x[0][j] = close;
        close *= 1.0 + 0.01 * ((double)random_below(&seed, 2001) / 1000.0 - 1.0);
        x[3][j] = random_below(&seed, 5000) ? close : (double)NAN;
        x[1][j] = (x[0][j] > close ? x[0][j] : close) * 1.001, x[2][j] = (x[0][j] < close ? x[0][j] : close) * 0.999;
        x[4][j] = (double)random_below(&seed, 900);
    }
    for (size_t o = 0; o < STREAM_OUT; o++) { /* arrays at all places within a line; some are not wanted */
        texts[o] = stream_texts[o % STREAM_EACH];
        for (size_t k = 0; k < 2; k++) {
            out[k][o] = malloc((STREAM_N + 8) * sizeof(double));
            assert_non_null(out[k][o]);
        }
    }
    assert_int_equal(kl_plan_new(texts, STREAM_OUT, NULL, NULL, &plan, NULL), KL_OK);
    double *whole[STREAM_OUT], *parts[STREAM_OUT];
    for (size_t o = 0; o < STREAM_OUT; o++) whole[o] = o % 17 == 5 ? NULL : out[0][o] + o % 8, parts[o] = out[1][o];
    stream_run(plan, x, STREAM_N, whole);
    stream_run(plan, x, STREAM_SHORT, parts);
    for (size_t o = 0; o < STREAM_OUT; o++)
        if (whole[o] && memcmp(whole[o], parts[o], STREAM_N * sizeof(double)) != 0) fail_msg("%s, output %d differs", texts[o], (int)o);
    kl_plan_free(plan);
    for (size_t o = 0; o < STREAM_OUT; o++) free(out[0][o]), free(out[1][o]);
    for (size_t i = 0; i < 5; i++) free(x[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stream)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
