/* Rolling statistics at the ends of the range of numbers: what is made of squares, cubes and fourth powers is right or unknown,
 * never beyond what is possible; volumes below 0; and how much memory a row takes. */
#include "base/fp.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kline/simd.h"
#include "kline/window.h"

#define ROWS 60

static const int64_t lengths[] = {2, 3, 4, 5, 8, 15, 24, 31, 40};
#define LENGTHS (sizeof lengths / sizeof *lengths)

/* By columns, and by steps: the same bits; way 1: windows are counted. */
static void run(int32_t what, int64_t rows, int32_t ddof, int way, const double *x, const double *y, double *out) {
    kl_roll_spec spec;
    kl_roll *roll;
    size_t bytes;
    double one;
    const double *in[] = {x, y};
    assert_int_equal(kl_roll_spec_init(&spec, what, rows), KL_OK);
    spec.ddof = ddof;
    spec.min_count = way ? rows : 0;
    assert_int_equal(kl_roll_batch(&spec, NULL, in, ROWS, NULL, NULL, &out, NULL), KL_OK);
    assert_int_equal(kl_roll_size(&spec, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_int_equal(kl_roll_init(memory, bytes, &spec, &roll, NULL), KL_OK);
    for (size_t j = 0; j < ROWS; j++) {
        const double row[] = {x[j], y[j]};
        assert_int_equal(kl_roll_step(roll, 0, row, &one), KL_OK);
        assert_memory_equal(&one, &out[j], sizeof one);
    }
    free(memory);
}

/* Patterns: numbers of one magnitude, with a small part, flat with one step, two values. */
static void pattern(int which, double *x, double *y) {
    uint64_t seed = 7 + (uint64_t)which;
    for (size_t j = 0; j < ROWS; j++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        double a = (double)(seed >> 40) * 0x1p-24, b = (double)(seed >> 20 & 0xfffff) * 0x1p-20;
        const double kinds[] = {a, (j % 7 ? 1e-9 : 1.0) * (a + 1.0), j / 9 % 2 ? 1.0 : 0.0, (double)(j % 2)};
        x[j] = kinds[which];
        y[j] = 0.5 * kinds[which] + 0.25 * b;
    }
}

/* Statistics that do not change where all values are taken times 2^k. std(x) of the patterns is between 1e-13 and 1, so what is
 * promised from `least` to `greatest` must be known from 1e13 * least to greatest. */
static const struct {
    int32_t what;
    double least, greatest;
} invariant[] = {{KL_ROLL_ZSCORE, 1e-150, 1e150},  {KL_ROLL_SKEW, 1e-100, 1e98},      {KL_ROLL_KURT, 1e-75, 1e73},
                 {KL_ROLL_LINE_R2, 1e-150, 1e150}, {KL_ROLL_CORR, 1e-150, 1e150},    {KL_ROLL_REGBETA, 1e-150, 1e150},
                 {KL_ROLL_REG_R2, 1e-150, 1e150},  {KL_ROLL_RANGEPOS, 1e-300, 1e300}};

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

static void scaled(int32_t what, int64_t rows, int32_t ddof, int way, int which, double least, double greatest) {
    double x[ROWS], y[ROWS], u[ROWS], v[ROWS], plain[ROWS], out[ROWS];
    size_t known = 0, unknown = 0;
    const kl_roll_info *info = kl_roll_info_at((size_t)what - 1);
    pattern(which, x, y);
    run(what, rows, ddof, way, x, y, plain);
    /* quick: each ninth magnitude, others for each length and pattern, so that together they are all */
    for (int k = -1060 + (quick() ? 5 * ((int)rows + 2 * which) % 45 : 0); k <= 995; k += quick() ? 45 : 5) {
        const double scale = ldexp(1.0, k);
        for (size_t j = 0; j < ROWS; j++) u[j] = x[j] * scale, v[j] = y[j] * scale;
        run(what, rows, ddof, way, u, v, out);
        for (size_t j = 0; j < ROWS; j++) {
            int must = scale > 1e13 * least && scale < greatest;
            if (isnan(out[j])) {
                if (must && !isnan(plain[j])) fail_msg("%s(%d) pattern %d 2^%d row %zu is unknown", info->name, (int)rows, which, k, j);
                unknown++;
                continue;
            }
            known++;
            if (!(fabs(out[j] - plain[j]) <= 1e-13 * (1.0 + fabs(plain[j]))) && what != KL_ROLL_RANGEPOS)
                fail_msg("%s(%d) pattern %d 2^%d row %zu: %g and not %g", info->name, (int)rows, which, k, j, out[j], plain[j]);
            assert_true(out[j] >= info->least && out[j] <= info->greatest);
        }
    }
    assert_true(rows < 4 || which == 2 || known > 0);
    assert_true(unknown > 0);
}

static void test_invariant(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof invariant / sizeof *invariant; i++)
        for (size_t l = 0; l < LENGTHS; l++)
            for (int which = 0; which < 4; which++)
                for (int way = 0; way < 2; way++)
                    scaled(invariant[i].what, lengths[l], (int32_t)(l & 1), way, which, invariant[i].least, invariant[i].greatest);
}

/* Each level of instructions gives the bits of the first, at all magnitudes. */
static void test_levels(void **state) {
    (void)state;
    double x[ROWS], y[ROWS], u[ROWS], first[ROWS], out[ROWS];
    const int32_t level = kl_simd_level();
    pattern(1, x, y);
    for (int32_t what = KL_ROLL_VAR; what <= KL_ROLL_REG_R2; what++)
        for (int k = -1060; k <= 995; k += 15) {
            for (size_t j = 0; j < ROWS; j++) u[j] = x[j] * ldexp(1.0, k);
            for (int32_t l = 0; l <= level; l++) {
                if (kl_simd_force(l) != KL_OK) continue;
                run(what, 9, 1, 0, u, y, l ? out : first);
                if (l) assert_memory_equal(out, first, sizeof out);
            }
        }
    kl_simd_force(level);
}

static double last(int32_t what, int64_t rows, int32_t ddof, int way, const double *from, const double *other) {
    double x[ROWS] = {0}, y[ROWS] = {0}, out[ROWS];
    memcpy(x, from, (size_t)rows * sizeof(double));
    if (other) memcpy(y, other, (size_t)rows * sizeof(double));
    run(what, rows, ddof, way, x, y, out);
    return out[rows - 1];
}

static void test_known_cases(void **state) {
    (void)state;
    const double spike[] = {3, 1e155, 4, 5}, y[] = {1, 2, 3, 4}, far[] = {1e160, 2e160, 3e160, 4e160};
    const double small[] = {0, 1e-90, 2e-90, 3e-90, 4e-90}, tiny[] = {0, 1e-110, 2e-110, 5e-110}, pairs[] = {0, 1, 0, 1};
    for (int way = 0; way < 2; way++) {
        assert_true(isnan(last(KL_ROLL_STD, 4, 1, way, spike, NULL)) && isnan(last(KL_ROLL_ZSCORE, 4, 1, way, spike, NULL)));
        assert_true(isnan(last(KL_ROLL_LINE_R2, 4, 1, way, spike, NULL)) && isnan(last(KL_ROLL_SKEW, 4, 1, way, spike, NULL)));
        assert_true(isnan(last(KL_ROLL_REGBETA, 4, 1, way, y, far)) && isnan(last(KL_ROLL_REGALPHA, 4, 1, way, y, far)));
        assert_true(isnan(last(KL_ROLL_REG_R2, 4, 1, way, y, far)) && isnan(last(KL_ROLL_CORR, 4, 1, way, y, far)));
        assert_true(isnan(last(KL_ROLL_COV, 4, 1, way, far, far)) && isnan(last(KL_ROLL_VAR, 4, 1, way, far, NULL)));
        assert_true(last(KL_ROLL_RANGEPOS, 4, 1, way, far, NULL) == 1.0 && last(KL_ROLL_SLOPE, 4, 1, way, y, NULL) == 1.0);
        assert_true(fabs(last(KL_ROLL_SLOPE, 4, 1, way, far, NULL) / 1e160 - 1.0) < 1e-15);
        assert_true(isnan(last(KL_ROLL_KURT, 4, 1, way, small, NULL)) && isnan(last(KL_ROLL_KURT, 5, 1, way, small, NULL)));
        assert_true(isnan(last(KL_ROLL_SKEW, 4, 1, way, tiny, NULL)));
        assert_true(last(KL_ROLL_KURT, 4, 1, way, pairs, NULL) == -6.0 && last(KL_ROLL_KURT, 4, 0, way, pairs, NULL) == -2.0);
    }
    assert_true(kl_roll_info_find("kurt")->least == -6.0);
}

/* A volume below 0 makes its windows unknown, and no other. */
static void test_negative_volume(void **state) {
    (void)state;
    double price[ROWS], volume[ROWS], plain[ROWS], out[ROWS];
    for (size_t j = 0; j < ROWS; j++) price[j] = 100.0 + (double)(j * 7 % 13), volume[j] = (double)(j * 5 % 11);
    const double two[] = {20, 30}, sold[] = {-3, 4};
    const int32_t level = kl_simd_level();
    for (int way = 0; way < 2; way++) {
        assert_true(isnan(last(KL_ROLL_VWAP, 2, 1, way, two, sold)));
        for (size_t l = 0; l < LENGTHS; l++)
            for (int32_t tier = 0; tier <= level; tier++) {
                const size_t at = 17;
                if (kl_simd_force(tier) != KL_OK) continue;
                run(KL_ROLL_VWAP, lengths[l], 1, way, price, volume, plain);
                volume[at] = -volume[at] - 5e-324;
                run(KL_ROLL_VWAP, lengths[l], 1, way, price, volume, out);
                volume[at] = (double)(at * 5 % 11);
                for (size_t j = 0; j < ROWS; j++) {
                    if (j >= at && j < at + (size_t)lengths[l]) assert_true(isnan(out[j]));
                    else assert_memory_equal(&out[j], &plain[j], sizeof *out);
                }
            }
    }
    kl_simd_force(level);
}

/* Bytes as docs/windows.md says: of a window, of its rows, and of the engines that make a statistic: 256 each and so many a row. */
static void check_size(int32_t what, int64_t rows, int way, double engines, double least, double greatest) {
    kl_roll_spec spec, bare;
    size_t bytes, base;
    const kl_roll_info *info = kl_roll_info_at((size_t)what - 1);
    assert_int_equal(kl_roll_spec_init(&spec, what, rows), KL_OK);
    assert_int_equal(kl_roll_spec_init(&bare, KL_ROLL_COUNT, rows), KL_OK);
    spec.min_count = bare.min_count = way == 1;
    spec.span_us = bare.span_us = way == 2;
    assert_int_equal(kl_roll_size(&spec, &bytes, NULL), KL_OK);
    assert_int_equal(kl_roll_size(&bare, &base, NULL), KL_OK);
    assert_true(base <= 2048 + 8 * (way == 2 ? 2u : 1u) * (size_t)rows);
    const double n = (double)rows, engine = (double)(bytes - base) - 8.0 * n * (info->inputs - 1.0);
    if (engine < least * n || engine > greatest * n + 256.0 * engines)
        fail_msg("%s(%g) takes %g a row and not %g .. %g", info->name, n, engine / n, least, greatest);
}

static void test_memory(void **state) {
    (void)state;
    static const struct {
        int32_t from, to;
        double engines, least, greatest, least_counted, greatest_counted;
    } said[] = {
        {KL_ROLL_SUM, KL_ROLL_SUM, 1, 16, 32, 24, 80},           {KL_ROLL_MEAN, KL_ROLL_MEAN, 1, 16, 32, 32, 96},
        {KL_ROLL_VAR, KL_ROLL_ZSCORE, 1, 32, 64, 56, 176},       {KL_ROLL_SKEW, KL_ROLL_KURT, 1, 48, 96, 72, 240},
        {KL_ROLL_MIN, KL_ROLL_MAX, 1, 16, 32, 24, 80},           {KL_ROLL_ARGMIN, KL_ROLL_ARGMAX, 1, 24, 48, 32, 112},
        {KL_ROLL_RANGEPOS, KL_ROLL_RANGEPOS, 2, 32, 64, 48, 160}, {KL_ROLL_WSUM, KL_ROLL_WSUM, 2, 40, 80, 80, 240},
        {KL_ROLL_WMEAN, KL_ROLL_WMEAN, 1, 24, 48, 56, 160},      {KL_ROLL_SLOPE, KL_ROLL_LINE_R2, 1, 40, 80, 80, 240},
        {KL_ROLL_MEDIAN, KL_ROLL_PRANK, 1, 16, 70, 16, 70},      {KL_ROLL_LAG, KL_ROLL_COUNT, 0, 0, 0, 0, 0},
        {KL_ROLL_VWAP, KL_ROLL_VWAP, 1, 48, 96, 56, 208},        {KL_ROLL_COV, KL_ROLL_REG_R2, 1, 72, 144, 104, 352}};
    int32_t next = 1;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        assert_int_equal(said[i].from, next);
        next = said[i].to + 1;
        for (int32_t what = said[i].from; what <= said[i].to; what++)
            for (int64_t rows = 1; rows <= KL_ROLL_ROWS_MAX; rows += rows < 300 ? 1 : (rows & (rows + 1)) && (rows & (rows - 1)) ? rows / 29 : 1) {
                check_size(what, rows, 0, said[i].engines, said[i].least, said[i].greatest);
                for (int way = 1; way < 3; way++) check_size(what, rows, way, said[i].engines, said[i].least_counted, said[i].greatest_counted);
            }
    }
    assert_int_equal(next, KL_ROLL_REG_R2 + 1);
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_invariant), cmocka_unit_test(test_levels),
                                              cmocka_unit_test(test_known_cases), cmocka_unit_test(test_negative_volume),
                                              cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
