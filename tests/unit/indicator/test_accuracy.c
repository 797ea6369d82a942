/* The promises of the windows and filters on hostile data, against arithmetic of 113 bits: std within 4 ulp for windows up to
 * 8192, mean within 2 ulp of max |x|, equal values exactly themselves, nothing left of what has gone. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "market.h"
#include "window/tree.h"
#include "../../reference/reference.h"

#define VALUES 12000

static double x[VALUES], mean[VALUES], m2[VALUES];

static void fill(int kind, uint64_t seed, size_t n) {
    double previous = 100.0;
    for (size_t k = 0; k < n; k++) x[k] = previous = market_close(kind, &seed, previous, k);
}

static void run_tree(const kl__tree_kind *kind, size_t w, size_t n) {
    kl__tree *t = malloc(kl__tree_size(kind, w));
    const double *in[1] = {x};
    double *stat[3] = {mean, m2, NULL};
    kl__tree_init(t, kind, w);
    kl__tree_run(t, kind, in, n, stat);
    free(t);
}

static double ulp(double v) {
    int e;
    frexp(v, &e);
    return ldexp(1.0, e - 53);
}

/* The exact mean, deviation and greatest magnitude of the window that ends at k. */
static void exact(size_t k, size_t w, quad *average, quad *std, double *top) {
    quad sum = 0, square = 0;
    *top = 0;
    for (size_t j = k + 1 - w; j <= k; j++) sum += x[j], *top = fmax(*top, fabs(x[j]));
    *average = sum / (quad)w;
    for (size_t j = k + 1 - w; j <= k; j++) square += (x[j] - *average) * (x[j] - *average);
    *std = ref_sqrt(square / (quad)w);
}

static double worst_std, worst_mean;

static void check_window(int kind, size_t w, size_t n, size_t every) {
    fill(kind, 99 + w, n);
    run_tree(&kl__tree_moments, w, n);
    for (size_t k = w - 1; k < n; k += every) {
        quad average, std;
        double top, got = sqrt(m2[k] / (double)w);
        exact(k, w, &average, &std, &top);
        double off = std > 0 ? (double)(ref_abs(got - std) / (quad)ulp((double)std)) : got == 0.0 ? 0.0 : 1e9;
        worst_std = fmax(worst_std, off);
        if (off > 4.0) fail_msg("std(%zu) on %s: bar %zu is %.17g, exactly %.17g", w, market_names[kind], k, got, (double)std);
        off = (double)(ref_abs(mean[k] - average)) / ulp(top);
        worst_mean = fmax(worst_mean, off);
        if (off > 2.0) fail_msg("mean(%zu) on %s: bar %zu is %.17g, exactly %.17g", w, market_names[kind], k, mean[k], (double)average);
    }
    run_tree(&kl__tree_mean, w, n);
    for (size_t k = w - 1; k < n; k += every) {
        quad average, std;
        double top, low = HUGE_VAL, high = -HUGE_VAL;
        exact(k, w, &average, &std, &top);
        double off = (double)(ref_abs(mean[k] - average)) / ulp(top);
        if (off > 2.0) fail_msg("sma(%zu) on %s: bar %zu is %.17g, exactly %.17g", w, market_names[kind], k, mean[k], (double)average);
        for (size_t j = k + 1 - w; j <= k; j++) low = fmin(low, x[j]), high = fmax(high, x[j]);
        if (mean[k] < low || mean[k] > high) fail_msg("sma(%zu) on %s: bar %zu leaves its window", w, market_names[kind], k);
    }
}

static void test_windows(void **state) {
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 5, 7, 14, 20, 24, 31, 50, 64, 168, 200, 500, 511};
    static const int kinds[] = {MARKET_WALK, MARKET_FLAT, MARKET_OFFSET, MARKET_SPIKES, MARKET_TIES, MARKET_TREND, MARKET_REGIMES};
    int quick = getenv("KLINE_QUICK") != NULL;
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
            check_window(kinds[kind], lengths[i], quick ? 800 : 2500, lengths[i] < 64 ? 1 : 7);
        if (!quick) check_window(kinds[kind], 1000, 5000, 43);
        if (!quick) check_window(kinds[kind], 5000, VALUES, 197);
        if (!quick) check_window(kinds[kind], 8192, VALUES, 197);
    }
    print_message("worst std %.2f ulp, worst mean %.2f ulp of max |x|\n", worst_std, worst_mean);
}

/* A window knows nothing of what came before it: neither outliers nor holes nor how far the stream is. */
static void test_history(void **state) {
    (void)state;
    static double first[VALUES], again[VALUES];
    size_t n = 3000, cut = 1237;
    for (size_t w = 1; w < 700; w += w < 40 ? 1 : 59) {
        fill(MARKET_WALK, 5, n);
        run_tree(&kl__tree_moments, w, n);
        memcpy(first, m2, sizeof first);
        for (size_t k = 0; k < cut; k++) x[k] = k % 3 ? 1e150 * (double)k : (double)NAN;
        run_tree(&kl__tree_moments, w, n);
        memcpy(again, m2, sizeof again);
        for (size_t k = cut + w - 1; k < n; k++) assert_memory_equal(&first[k], &again[k], sizeof(double));
    }
}

/* One missing bar costs exactly the w windows that hold it. */
static void test_one_hole(void **state) {
    (void)state;
    static const double holes[] = {(double)NAN, HUGE_VAL, -HUGE_VAL, 1e308, -1e308};
    double out[3][500], *to[3] = {out[0], out[1], out[2]}, n = 24;
    const char *const names[] = {"sma", "wma", "bbands"};
    for (size_t i = 0; i < 3; i++)
        for (size_t h = 0; h < sizeof holes / sizeof *holes; h++) {
            fill(MARKET_WALK, 3, 500);
            x[200] = holes[h];
            kl_columns columns = {.n = 500, .close = x};
            assert_int_equal(kl_indicator_run(kl_indicator_find(names[i]), &n, 1, &columns, NULL, to, NULL), KL_OK);
            for (size_t k = 0; k < 500; k++) assert_int_equal(isnan(out[0][k]) != 0, k < 23 || (k >= 200 && k < 224));
        }
}

/* Where nothing moves, averages are the price itself, and what measures movement is exactly 0. */
static void test_flat(void **state) {
    (void)state;
    static const double prices[] = {104.37, 1e9 + 0.1, 1e-8, 3e299, 0x1p-1074, 7 * 0x1p-1074, 0.1, 1.0 / 3.0, 0.0};
    static const char *const names[] = {"atr", "bbands", "ema", "macd", "rma", "rsi", "sma", "vwap", "wma"};
    static double column[5][3000], result[KL_OUTPUTS_MAX][3000];
    static kl_time time[3000];
    double *to[KL_OUTPUTS_MAX];
    for (int o = 0; o < KL_OUTPUTS_MAX; o++) to[o] = result[o];
    for (size_t k = 0; k < 3000; k++) time[k] = (int64_t)k * INT64_C(3600000000);
    for (size_t p = 0; p < sizeof prices / sizeof *prices; p++) {
        for (int c = 0; c < 5; c++)
            for (size_t k = 0; k < 3000; k++) column[c][k] = c == 4 ? 1.0 + (double)(k % 7) : prices[p];
        kl_columns columns = {.n = 3000, .open_time_us = time, .open = column[0], .high = column[0], .low = column[0], .close = column[0], .volume = column[4]};
        for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
            const kl_indicator *d = kl_indicator_find(names[at]);
            int price = strcmp(d->name, "vwap") == 0 ? prices[p] < 1e299 && prices[p] > 1e-300 : strcmp(d->outputs[0].pane, "price") == 0;
            int zero = strcmp(d->name, "macd") == 0 || strcmp(d->name, "atr") == 0, half = strcmp(d->name, "rsi") == 0;
            int counts = d->n_params && strcmp(d->params[0].name, "n") == 0;
            for (double n = counts ? d->params[0].min : 699; n < 700; n += n < 60 ? 1 : 61) {
                double params[KL_PARAMS_MAX] = {n};
                if (strcmp(d->name, "vwap") == 0) params[1] = 1;
                size_t given = strcmp(d->name, "vwap") == 0 ? 2 : 1;
                assert_int_equal(kl_indicator_run(d, counts ? params : NULL, counts ? given : 0, &columns, NULL, to, NULL), KL_OK);
                for (uint32_t o = 0; o < d->n_outputs; o++)
                    for (size_t k = 0; k < 3000; k++) {
                        double y = result[o][k], want = half ? 50.0 : price ? prices[p] : 0.0;
                        if (price && strcmp(d->outputs[o].pane, "price") != 0) continue; /* beside prices: a direction, an age */
                        if (!isnan(y) && (price || zero || half) && y != want)
                            fail_msg("%s(%g).%s of %.17g is %.17g at bar %zu", d->name, n, d->outputs[o].name, prices[p], y, k);
                    }
            }
        }
    }
}

/* An average whose input goes flat reaches it to within 0.5/(1 - b^8) ulp and stays. */
static void test_settles(void **state) {
    (void)state;
    static double result[VALUES];
    double *to[1] = {result};
    for (double n = 2; n < 60; n += 3) {
        double goal = 104.37, b = (n - 1) / (n + 1);
        fill(MARKET_WALK, 8, VALUES);
        for (size_t k = 300; k < VALUES; k++) x[k] = goal;
        kl_columns columns = {.n = VALUES, .close = x};
        assert_int_equal(kl_indicator_run(kl_indicator_find("ema"), &n, 1, &columns, NULL, to, NULL), KL_OK);
        double off = fabs(result[VALUES - 1] - goal) / ulp(goal);
        if (off > 0.5 / (1 - pow(b, 8)) + 0.5) fail_msg("ema(%g) stays %g ulp away", n, off);
    }
}

/* 1e6 bars (1e8 in the long run): the error at the end is that of the beginning. */
static void test_no_drift(void **state) {
    (void)state;
    uint64_t seed = 4, bars = getenv("KLINE_LONG") ? 100000000 : getenv("KLINE_QUICK") ? 50000 : 1000000;
    const size_t w = 50;
    kl__tree *t = malloc(kl__tree_size(&kl__tree_moments, w));
    const double *in[1] = {x};
    double *stat[3] = {mean, m2, NULL}, previous = 100.0;
    kl__tree_init(t, &kl__tree_moments, w);
    for (uint64_t done = 0; done < bars; done += 10000) {
        for (size_t k = 0; k < 10000; k++) x[k] = previous = random_below(&seed, 5000) ? 100.0 + market_noise(&seed) : 1e12;
        kl__tree_run(t, &kl__tree_moments, in, 10000, stat);
    }
    for (size_t k = w; k < 10000; k++) {
        quad average, std;
        double top;
        exact(k, w, &average, &std, &top);
        assert_true(ref_abs(sqrt(m2[k] / (double)w) - std) <= 4 * (quad)ulp((double)std));
        assert_true(ref_abs(mean[k] - average) <= 2 * (quad)ulp(top));
    }
    free(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_windows), cmocka_unit_test(test_history), cmocka_unit_test(test_one_hole),
                                       cmocka_unit_test(test_flat),    cmocka_unit_test(test_settles), cmocka_unit_test(test_no_drift)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
