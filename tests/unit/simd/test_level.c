/* Levels of instruction sets: forcing and naming them, and the same bits from each: every kind of tree window and the recursive
 * filter, on ordinary and hostile data. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "../indicator/market.h"
#include "base/endian.h"
#include "indicator/decay.h"
#include "simd/level.h"
#include "window/tree.h"

#define ROWS 5000

static const struct {
    const char *name;
    const kl__tree_kind *kind;
} kinds[] = {{"mean", &kl__tree_mean},     {"sum", &kl__tree_sum},       {"linear", &kl__tree_linear}, {"moments", &kl__tree_moments}, {"slope", &kl__tree_slope},
             {"vwap", &kl__tree_vwap},     {"min", &kl__tree_min},       {"max", &kl__tree_max},       {"argmin", &kl__tree_argmin},
             {"argmax", &kl__tree_argmax}, {"shape", &kl__tree_shape},   {"pair", &kl__tree_pair}};

static double column[5][ROWS];
static double *const ohlcv[5] = {column[0], column[1], column[2], column[3], column[4]};
typedef double matrix[KL__TREE_STATS_MAX][ROWS];
static matrix wanted, got;
static size_t rows;
static int32_t before; /* what the tests of other levels began with */

static int32_t levels(int32_t *list) {
    int32_t n = 0;
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++)
        if (kl_simd_force(level) == KL_OK) list[n++] = level;
    assert_int_equal(kl_simd_force(before), KL_OK);
    return n;
}

static void test_force(void **state) {
    (void)state;
    int32_t best;
    assert_int_equal(kl_simd_force(KL_SIMD_BEST), KL_OK);
    best = kl_simd_level();
    assert_true(best >= KL_SIMD_BASELINE && best <= KL_SIMD_NEON);
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
        kl_status status = kl_simd_force(level);
        if (status == KL_OK) {
            assert_int_equal(kl_simd_level(), level);
            assert_true(kl__simd_tier() < KL__SIMD_TIERS);
        } else {
            assert_int_equal(status, KL_E_UNSUPPORTED);
            assert_int_equal(kl_simd_level(), best);
        }
        assert_int_equal(kl_simd_force(KL_SIMD_BEST), KL_OK);
        assert_int_equal(kl_simd_level(), best);
    }
    assert_int_equal(kl_simd_force(KL_SIMD_BASELINE), KL_OK);
    assert_int_equal(kl_simd_force(-2), KL_E_ARG);
    assert_int_equal(kl_simd_force(KL_SIMD_NEON + 1), KL_E_ARG);
    assert_int_equal(kl_simd_level(), KL_SIMD_BASELINE);
#if defined(__x86_64__) || defined(__i386__)
    assert_int_equal(kl_simd_force(KL_SIMD_NEON), KL_E_UNSUPPORTED);
#else
    assert_int_equal(kl_simd_force(KL_SIMD_AVX2), KL_E_UNSUPPORTED);
    assert_int_equal(kl_simd_force(KL_SIMD_AVX512), KL_E_UNSUPPORTED);
#endif
    assert_int_equal(kl_simd_force(before), KL_OK);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(kl_simd_name(KL_SIMD_BASELINE), "baseline");
    assert_string_equal(kl_simd_name(KL_SIMD_AVX2), "avx2");
    assert_string_equal(kl_simd_name(KL_SIMD_AVX512), "avx512");
    assert_string_equal(kl_simd_name(KL_SIMD_NEON), "neon");
    assert_null(kl_simd_name(KL_SIMD_BEST));
    assert_null(kl_simd_name(KL_SIMD_NEON + 1));
}

static void compare(const char *what, size_t w, const char *market, int32_t level, const char *way, uint32_t stats) {
    for (uint32_t s = 0; s < stats; s++)
        for (size_t j = 0; j < rows; j++)
            if (memcmp(&wanted[s][j], &got[s][j], sizeof(double)) != 0 && (isfinite(wanted[s][j]) || isfinite(got[s][j])))
                fail_msg("%s of %zu on %s, %s %s: statistic %u of row %zu is %.17g, not %.17g", what, w, market, kl_simd_name(level),
                         way, s, j, got[s][j], wanted[s][j]);
}

/* What callers of windows do: -0.0 is 0.0; what is not known is NaN, and so is what is too large. */
static void clean(void) {
    for (int c = 0; c < 5; c++)
        for (size_t j = 0; j < rows; j++) column[c][j] = fabs(column[c][j]) < 0x1p1000 ? column[c][j] + 0.0 : (double)NAN;
}

/* `parts` of at most this many rows; 0: their sizes vary. */
static void run_tree(kl__tree *t, const kl__tree_kind *kind, size_t w, size_t part, matrix result) {
    const double *from[KL__TREE_SERIES_MAX];
    double *to[KL__TREE_STATS_MAX];
    uint64_t seed = w;
    kl__tree_init(t, kind, w);
    for (size_t done = 0; done < rows;) {
        size_t n = part ? part : 1 + (size_t)random_below(&seed, random_below(&seed, 4) ? 40 : 1500);
        n = n < rows - done ? n : rows - done;
        for (uint32_t s = 0; s < kind->series; s++) from[s] = column[s ? 4 : 3] + done;
        for (uint32_t s = 0; s < kind->stats; s++) to[s] = result[s] + done;
        kl__tree_run(t, kind, from, n, to);
        done += n;
    }
}

/* Steps on the baseline are the definition; whole runs and uneven parts on every level give the same. */
static void test_trees(void **state) {
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 15, 16, 20, 24, 31, 32, 33, 50, 63, 64, 100, 127, 168,
                                     200, 255, 256, 500, 511, 512, 513, 700, 1000, 1024, 1025, 2047, 2500, 4096, 4999};
    int32_t list[8], n = levels(list);
    uint64_t seed = 7;
    for (int market = 0; market < MARKET_KINDS; market++) {
        market_fill(market, 100 + (uint64_t)market, rows, ohlcv);
        clean();
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                size_t w = lengths[l];
                if (w > 64 && random_below(&seed, 3)) continue;
                kl__tree *t = malloc(kl__tree_size(kinds[k].kind, w));
                assert_non_null(t);
                kl_simd_force(KL_SIMD_BASELINE);
                run_tree(t, kinds[k].kind, w, 1, wanted);
                for (int32_t at = 0; at < n; at++) {
                    kl_simd_force(list[at]);
                    run_tree(t, kinds[k].kind, w, rows, got);
                    compare(kinds[k].name, w, market_names[market], list[at], "at once", kinds[k].kind->stats);
                    run_tree(t, kinds[k].kind, w, 0, got);
                    compare(kinds[k].name, w, market_names[market], list[at], "in parts", kinds[k].kind->stats);
                }
                free(t);
            }
    }
    kl_simd_force(before);
}

/* Distances that become 0, beside those that stay: equal values, zeros after them, and all sizes down to denormals. */
static void fill_tiny(uint64_t seed, double *x) {
    for (size_t j = 0; j < rows;) {
        size_t length = 1 + (size_t)random_below(&seed, 60);
        int size = random_below(&seed, 3) ? -960 - (int)random_below(&seed, 110) : 0, kind = (int)random_below(&seed, 4);
        double level = ldexp((double)(1 + random_below(&seed, 1000)), size);
        for (size_t k = 0; k < length && j < rows; k++, j++)
            x[j] = kind == 0 ? 0.0 : kind == 1 ? level : level * ((double)random_below(&seed, 2001) / 1000.0 - (kind == 2 ? 0.0 : 1.0)) + 0.0;
    }
}

/* `parts` as in run_tree; in the same memory where `same`. */
static void run_decay(kl__decay *d, double share, int zero, size_t part, int same, double *y) {
    const double *x = column[3];
    uint64_t seed = part + 3;
    kl__decay_init(d, share);
    kl__decay_seed(d, x[0], zero);
    if (same) x = memcpy(y, x, rows * sizeof *y);
    for (size_t done = 0; done < rows;) {
        size_t n = part ? part : 1 + (size_t)random_below(&seed, random_below(&seed, 4) ? 40 : 1500);
        n = n < rows - done ? n : rows - done;
        kl__decay_run(d, x + done, n, y + done, zero);
        done += n;
    }
}

static void reverse(double *x) {
    for (size_t j = 0; j < rows / 2; j++) {
        double v = x[j];
        x[j] = x[rows - 1 - j], x[rows - 1 - j] = v;
    }
}

/* Two at once over the values and the values the other way round, in uneven parts and in the same memory. */
static void run_both(const double shares[2], int zero, uint64_t seed) {
    kl__decay first, second;
    kl__decay *const d[2] = {&first, &second};
    memcpy(got[0], column[3], rows * sizeof(double));
    for (size_t j = 0; j < rows; j++) got[1][j] = column[3][rows - 1 - j];
    for (int k = 0; k < 2; k++) kl__decay_init(d[k], shares[k]), kl__decay_seed(d[k], got[k][0], zero);
    for (size_t done = 0; done < rows;) {
        size_t n = 1 + (size_t)random_below(&seed, random_below(&seed, 4) ? 40 : 1500);
        n = n < rows - done ? n : rows - done;
        double *const y[2] = {got[0] + done, got[1] + done};
        const double *const x[2] = {y[0], y[1]};
        kl__decay_run_both(d, x, n, y, zero);
        done += n;
    }
}

/* The difference of two of the same values, in uneven parts. */
static void run_less(const double shares[2], uint64_t seed) {
    kl__decay first, second;
    kl__decay *const d[2] = {&first, &second};
    for (int k = 0; k < 2; k++) kl__decay_init(d[k], shares[k]), kl__decay_seed(d[k], column[3][0], 0);
    for (size_t done = 0; done < rows;) {
        size_t n = 1 + (size_t)random_below(&seed, random_below(&seed, 4) ? 40 : 1500);
        n = n < rows - done ? n : rows - done;
        kl__decay_run_less(d, column[3] + done, n, got[0] + done);
        done += n;
    }
}

static void test_decay_both(void **state) {
    (void)state;
    static const double shares[][2] = {{0.85, 0.925}, {13.0 / 14.0, 13.0 / 14.0}, {0.0, 0.5}, {0x1p-200, 1.0 / 3.0}};
    int32_t list[8], n = levels(list);
    kl__decay d;
    for (int market = 0; market < MARKET_KINDS + 20; market++) {
        const char *name = market < MARKET_KINDS ? market_names[market] : "tiny";
        if (market == MARKET_HOLES || market == MARKET_INFINITE) continue;
        if (market < MARKET_KINDS) market_fill(market, 500 + (uint64_t)market, rows, ohlcv);
        else fill_tiny((uint64_t)market, column[3]);
        for (size_t k = 0; k < sizeof shares / sizeof *shares; k++)
            for (int zero = 0; zero < 2; zero++) {
                kl_simd_force(KL_SIMD_BASELINE);
                run_decay(&d, shares[k][0], zero, 1, 0, wanted[0]);
                reverse(column[3]);
                run_decay(&d, shares[k][1], zero, 1, 0, wanted[1]);
                reverse(column[3]);
                for (int32_t at = 0; at < n; at++) {
                    kl_simd_force(list[at]);
                    run_both(shares[k], zero, (uint64_t)market + k);
                    compare("two decays", (size_t)zero, name, list[at], "in parts", 2);
                }
                if (zero) continue;
                kl_simd_force(KL_SIMD_BASELINE);
                run_decay(&d, shares[k][1], 0, 1, 0, wanted[1]);
                for (size_t j = 0; j < rows; j++) wanted[0][j] -= wanted[1][j];
                for (int32_t at = 0; at < n; at++) {
                    kl_simd_force(list[at]);
                    run_less(shares[k], (uint64_t)market + k);
                    compare("less", k, name, list[at], "in parts", 1);
                }
            }
    }
    kl_simd_force(before);
}

static void test_decay(void **state) {
    (void)state;
    static const double shares[] = {0.0, 0x1p-200, 1.0 / 3.0, 0.5, 0.9047619047619048, 13.0 / 14.0, 0.999};
    int32_t list[8], n = levels(list);
    kl__decay d;
    for (int market = 0; market < MARKET_KINDS + 20; market++) {
        const char *name = market < MARKET_KINDS ? market_names[market] : "tiny";
        if (market == MARKET_HOLES || market == MARKET_INFINITE) continue; /* filters never meet these */
        if (market < MARKET_KINDS) market_fill(market, 300 + (uint64_t)market, rows, ohlcv);
        else fill_tiny((uint64_t)market, column[3]);
        for (size_t k = 0; k < sizeof shares / sizeof *shares; k++)
            for (int zero = 0; zero < 2; zero++) {
                kl_simd_force(KL_SIMD_BASELINE);
                run_decay(&d, shares[k], zero, 1, 0, wanted[0]);
                for (int32_t at = 0; at < n; at++) {
                    kl_simd_force(list[at]);
                    run_decay(&d, shares[k], zero, rows, 0, got[0]);
                    compare("decay", (size_t)zero, name, list[at], "at once", 1);
                    run_decay(&d, shares[k], zero, rows, 1, got[0]);
                    compare("decay", (size_t)zero, name, list[at], "in place", 1);
                    run_decay(&d, shares[k], zero, 0, 0, got[0]);
                    compare("decay", (size_t)zero, name, list[at], "in parts", 1);
                }
            }
    }
    kl_simd_force(before);
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_force), cmocka_unit_test(test_names),
                                              cmocka_unit_test(test_trees), cmocka_unit_test(test_decay),
                                              cmocka_unit_test(test_decay_both)};
    rows = getenv("KLINE_QUICK") ? 1100 : ROWS;
    before = getenv("KLINE_SIMD") && *getenv("KLINE_SIMD") ? kl_simd_level() : KL_SIMD_BEST;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
