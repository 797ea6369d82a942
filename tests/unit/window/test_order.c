/* Order statistics against a sort of every window: all rules, ties, missing values, windows that change their length, values
 * ranked from outside; in batch, in chunks, step by step, on every table of kernels. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "random.h"
#include "window/order.h"

#define ROWS 12000
#define ASKS KL__ORDER_ASKS_MAX

static double x[ROWS], probe[ROWS], expected[ASKS][ROWS], expected_known[ROWS], got[ASKS][ROWS], got_known[ROWS];
static uint32_t lengths[ROWS];

static const kl__order_ask quantiles[ASKS] = {
    {KL__ORDER_QUANTILE, KL_QUANTILE_LINEAR, 0.5},  {KL__ORDER_QUANTILE, KL_QUANTILE_LINEAR, 0.0},
    {KL__ORDER_QUANTILE, KL_QUANTILE_LINEAR, 1.0},  {KL__ORDER_QUANTILE, KL_QUANTILE_LINEAR, 0.1},
    {KL__ORDER_QUANTILE, KL_QUANTILE_LOWER, 0.37},  {KL__ORDER_QUANTILE, KL_QUANTILE_HIGHER, 0.9},
    {KL__ORDER_QUANTILE, KL_QUANTILE_NEAREST, 0.5}, {KL__ORDER_QUANTILE, KL_QUANTILE_MIDPOINT, 0.77}};
static const kl__order_ask ranks[ASKS] = {
    {KL__ORDER_RANK, KL_RANK_AVERAGE, 0},  {KL__ORDER_RANK, KL_RANK_MIN, 0},     {KL__ORDER_RANK, KL_RANK_MAX, 0},
    {KL__ORDER_RANK, KL_RANK_BELOW, 0},    {KL__ORDER_PRANK, KL_RANK_AVERAGE, 0}, {KL__ORDER_PRANK, KL_RANK_BELOW, 0},
    {KL__ORDER_LESS, 0, 0},                {KL__ORDER_EQUAL, 0, 0}};
static const kl__order_ask mixed[3] = {
    {KL__ORDER_PRANK, KL_RANK_MAX, 0}, {KL__ORDER_QUANTILE, KL_QUANTILE_NEAREST, 0.25}, {KL__ORDER_RANK, KL_RANK_MIN, 0}};

enum { UNIFORM, TIES, FLAT, WALK, RISING, HOLES, BURSTS, WIDE, EMPTY, KINDS };
static const char *const kinds[KINDS] = {"uniform", "ties", "flat", "walk", "rising", "holes", "bursts", "wide", "empty"};

static void make(int kind, uint64_t seed, size_t n) {
    double walk = 100.0;
    for (size_t i = 0; i < n; i++) {
        double u = (double)(random_u64(&seed) >> 11) * 0x1p-53;
        walk += (double)random_below(&seed, 11) - 5.0;
        switch (kind) {
        case TIES: x[i] = (double)random_below(&seed, 4); break;
        case FLAT: x[i] = 7.25; break;
        case WALK: x[i] = walk; break;
        case RISING: x[i] = i % 2000 < 1000 ? (double)(i / 3) : -(double)i; break;
        case HOLES: x[i] = random_below(&seed, 5) ? u : NAN; break;
        case BURSTS: x[i] = i / 150 % 4 == 3 ? NAN : (double)random_below(&seed, 9); break;
        case WIDE: x[i] = (u - 0.5) * ldexp(1.0, (int)random_below(&seed, 2000) - 1010); break;
        case EMPTY: x[i] = NAN; break;
        default: x[i] = u - 0.5;
        }
        x[i] += 0.0;
        probe[i] = random_below(&seed, 7) ? x[random_below(&seed, i + 1)] + (double)random_below(&seed, 2) : NAN;
        /* spans of time: the length grows by one or falls by any number; now and then it jumps */
        uint32_t last = i ? lengths[i - 1] : 0;
        lengths[i] = random_below(&seed, 3) ? last + 1 : (uint32_t)random_below(&seed, last + 2);
        if (!random_below(&seed, 97)) lengths[i] = (uint32_t)random_below(&seed, 6000);
    }
}

static int by_value(const void *a, const void *b) {
    const double *p = a, *q = b;
    return (*p > *q) - (*p < *q);
}

static double quantile_of(const double *sorted, size_t n, const kl__order_ask *ask) {
    if (!n) return NAN;
    double h = (double)(n - 1) * ask->q, down = floor(h);
    size_t k = (size_t)down;
    double frac = h - down;
    if (frac == 0.0) return sorted[k];
    double low = sorted[k], high = sorted[k + 1];
    switch (ask->rule) {
    case KL_QUANTILE_LOWER: return low;
    case KL_QUANTILE_HIGHER: return high;
    case KL_QUANTILE_MIDPOINT: return (low + high) * 0.5 + 0.0;
    case KL_QUANTILE_NEAREST: return frac < 0.5 ? low : frac > 0.5 ? high : k % 2 ? high : low;
    default: return frac == 0.5 ? (low + high) * 0.5 + 0.0 : low + (high - low) * frac + 0.0;
    }
}

static double rank_of(const double *sorted, size_t n, double v, int outside, const kl__order_ask *ask) {
    double less = 0, equal = outside ? 1 : 0, all = (double)n + equal;
    for (size_t i = 0; i < n; i++) less += sorted[i] < v, equal += sorted[i] == v;
    if (v != v || equal == 0) return NAN;
    if (ask->what == KL__ORDER_LESS) return less;
    if (ask->what == KL__ORDER_EQUAL) return equal;
    double rank = 0; /* the mean of the places less + 1 .. less + equal */
    switch (ask->rule) {
    case KL_RANK_BELOW: return ask->what == KL__ORDER_RANK ? less : all == 1 ? 0 : less / (all - 1);
    case KL_RANK_MIN: rank = less + 1; break;
    case KL_RANK_MAX: rank = less + equal; break;
    default: rank = ((less + 1) + (less + equal)) / 2;
    }
    return ask->what == KL__ORDER_RANK ? rank : rank / all;
}

static void expect(size_t w, size_t n, const kl__order_ask *asks, size_t n_asks, const double *p, const uint32_t *rows) {
    static double sorted[ROWS];
    for (size_t j = 0; j < n; j++) {
        size_t length = rows && rows[j] < w ? rows[j] : w, known = 0;
        if (length > j + 1) length = j + 1;
        for (size_t i = j + 1 - length; i <= j; i++)
            if (x[i] == x[i]) sorted[known++] = x[i];
        qsort(sorted, known, sizeof *sorted, by_value);
        expected_known[j] = (double)known;
        for (size_t a = 0; a < n_asks; a++)
            expected[a][j] = asks[a].what == KL__ORDER_QUANTILE ? quantile_of(sorted, known, &asks[a])
                                                                : rank_of(sorted, known, p ? p[j] : x[j], p != NULL, &asks[a]);
    }
}

static uint64_t bits(double v) {
    uint64_t b;
    memcpy(&b, &v, sizeof b);
    return v != v ? UINT64_C(0x7ff8000000000000) : b;
}

static uint64_t raw_bits(double v) {
    uint64_t b;
    memcpy(&b, &v, sizeof b);
    return b;
}

static void run(size_t w, size_t n, const kl__order_ask *asks, size_t n_asks, const double *p, const uint32_t *rows,
                const size_t *chunks, size_t n_chunks) {
    kl__order *t = malloc(kl__order_size(w));
    assert_non_null(t);
    kl__order_init(t, w);
    for (size_t done = 0, turn = 0; done < n; turn++) {
        size_t part = chunks[turn % n_chunks] < n - done ? chunks[turn % n_chunks] : n - done;
        double *out[ASKS];
        for (size_t a = 0; a < n_asks; a++) out[a] = got[a] + done;
        kl__order_run(t, x + done, p ? p + done : NULL, rows ? rows + done : NULL, part, asks, n_asks, out,
                      turn % 5 == 4 ? NULL : got_known + done);
        if (turn % 5 == 4) memcpy(got_known + done, expected_known + done, part * sizeof *got_known);
        if (turn % 3 == 1) kl__order_settle(t);
        done += part;
    }
    for (size_t j = 0; j < w && j < n; j++)
        if (bits(*kl__order_value(t, w - 1 - j)) != bits(x[n - 1 - j])) fail_msg("w %zu: raw value of age %zu", w, j);
    free(t);
}

static void same(const char *kind, const char *way, size_t w, size_t n, size_t n_asks) {
    for (size_t j = 0; j < n; j++) {
        if (got_known[j] != expected_known[j])
            fail_msg("%s, %s, w %zu, row %zu: knows %g, is %g", kind, way, w, j, got_known[j], expected_known[j]);
        for (size_t a = 0; a < n_asks; a++)
            if (raw_bits(got[a][j]) != bits(expected[a][j]))
                fail_msg("%s, %s, w %zu, ask %zu, row %zu: %.17g, is %.17g", kind, way, w, a, j, got[a][j], expected[a][j]);
    }
}

static void all_ways(int kind, size_t w, size_t n, const kl__order_ask *asks, size_t n_asks, const double *p,
                     const uint32_t *rows) {
    static const size_t whole[] = {SIZE_MAX}, one[] = {1}, odd[] = {1, 7, 300, 64, 2, 1000, 33, 150};
    const int32_t level = kl_simd_level();
    const int32_t forced[] = {level, KL_SIMD_BASELINE, KL_SIMD_AVX2};
    expect(w, n, asks, n_asks, p, rows);
    for (size_t f = 0; f < 3; f++) {
        if (f && (forced[f] >= level || kl_simd_force(forced[f]) != KL_OK)) continue;
        run(w, n, asks, n_asks, p, rows, whole, 1);
        same(kinds[kind], "batch", w, n, n_asks);
        run(w, n, asks, n_asks, p, rows, odd, sizeof odd / sizeof *odd);
        same(kinds[kind], "chunks", w, n, n_asks);
        run(w, n, asks, n_asks, p, rows, one, 1);
        same(kinds[kind], "steps", w, n, n_asks);
    }
    kl_simd_force(level);
}

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

/* Every length of a short window; what is asked and of which numbers changes with it. */
static void test_short(void **state) {
    (void)state;
    for (size_t w = 1; w <= 300; w += quick() && w > 70 ? 37 : w > 130 ? 3 : 1) {
        size_t n = w < 70 ? 360 : w + 380;
        for (int turn = 0; turn < (w < 70 ? 2 : 1); turn++) {
            int kind = (int)(w + (size_t)(turn * 2)) % KINDS;
            make(kind, w, n);
            all_ways(kind, w, n, quantiles, ASKS, NULL, NULL);
            make((kind + 1) % KINDS, w, n);
            all_ways((kind + 1) % KINDS, w, n, ranks, ASKS, w % 2 ? probe : NULL, NULL);
            make((kind + 3) % KINDS, w, n);
            all_ways((kind + 3) % KINDS, w, n, mixed, 3, w % 4 ? NULL : probe, turn || w % 3 ? NULL : lengths);
        }
    }
}

static void test_kinds(void **state) {
    static const size_t ws[] = {1, 2, 5, 14, 20, 24, 47, 64, 65, 128, 129, 200};
    (void)state;
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t k = 0; k < sizeof ws / sizeof *ws; k++) {
            make(kind, 99 + k, 600);
            all_ways(kind, ws[k], 600, quantiles, ASKS, NULL, NULL);
            all_ways(kind, ws[k], 600, ranks, ASKS, NULL, NULL);
            all_ways(kind, ws[k], 400, ranks, ASKS, probe, lengths);
            all_ways(kind, ws[k], 400, quantiles, ASKS, NULL, lengths);
        }
}

/* Blocks: the same numbers, and the jumps of a length that changes. */
static void test_long(void **state) {
    static const size_t ws[] = {512, 513, 1000, 5000};
    (void)state;
    for (size_t k = 0; k < (quick() ? 2 : 4); k++)
        for (int kind = 0; kind < KINDS; kind += ws[k] > 1000 ? 5 : ws[k] > 600 ? 2 : 1) {
            size_t n = ws[k] > 1000 ? ws[k] + 100 : 2 * ws[k] + 100;
            make(kind, ws[k], n);
            all_ways(kind, ws[k], n / (ws[k] > 1000 ? 1 : 2), mixed, 3, NULL, NULL);
            if (ws[k] <= 1000) all_ways(kind, ws[k], n, mixed, 3, probe, lengths);
            all_ways(kind, ws[k], n, quantiles + 3, 3, NULL, kind % 2 ? NULL : lengths);
        }
}

/* The longest window, against what a sort of the last one says. */
static void test_longest(void **state) {
    (void)state;
    if (quick()) return;
    const size_t w = KL_ROLL_ROWS_MAX, n = w + 70000;
    double *v = malloc(n * sizeof *v), *out = malloc(n * sizeof *out), *sorted = malloc(w * sizeof *sorted);
    kl__order *t = malloc(kl__order_size(w));
    assert_true(v && out && sorted && t);
    uint64_t seed = 5;
    for (size_t j = 0; j < n; j++) v[j] = (double)random_below(&seed, 300000);
    kl__order_init(t, w);
    kl__order_run(t, v, NULL, NULL, n, quantiles, 1, &out, NULL);
    for (size_t j = n - 1; j < n; j -= j > w + 30000 ? 30011 : n) {
        memcpy(sorted, v + (j + 1 >= w ? j + 1 - w : 0), w * sizeof *sorted);
        qsort(sorted, w, sizeof *sorted, by_value);
        assert_true(out[j] == (sorted[w / 2 - 1] + sorted[w / 2]) * 0.5);
    }
    free(v), free(out), free(sorted), free(t);
}

/* A copy of the bytes is a clone, and values pushed into a new one restore it. */
static void test_clone(void **state) {
    static const size_t ws[] = {3, 20, 64, 100, 200, 700};
    (void)state;
    make(HOLES, 4, ROWS);
    for (size_t k = 0; k < sizeof ws / sizeof *ws; k++) {
        size_t w = ws[k], size = kl__order_size(w), from = 1003;
        assert_int_equal(size % 8, 0);
        kl__order *a = malloc(size), *b = malloc(size), *c = malloc(size);
        double *out[1] = {got[0]}, *again[1] = {got[1]}, *restored[1] = {got[2]}, one;
        double *to = &one;
        kl__order_init(a, w);
        kl__order_init(c, w);
        kl__order_run(a, x, NULL, NULL, from, quantiles, 1, out, NULL);
        memcpy(b, a, size);
        for (size_t j = 0; j < w; j++) kl__order_run(c, kl__order_value(a, j), NULL, NULL, 1, quantiles, 1, &to, NULL);
        kl__order_run(a, x + from, NULL, NULL, 500, quantiles + 3, 1, out, NULL);
        kl__order_run(b, x + from, NULL, NULL, 500, quantiles + 3, 1, again, NULL);
        kl__order_run(c, x + from, NULL, NULL, 500, quantiles + 3, 1, restored, NULL);
        assert_memory_equal(got[0], got[1], 500 * sizeof(double));
        assert_memory_equal(got[0], got[2], 500 * sizeof(double));
        free(a), free(b), free(c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_short), cmocka_unit_test(test_kinds), cmocka_unit_test(test_long),
                                       cmocka_unit_test(test_longest), cmocka_unit_test(test_clone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
