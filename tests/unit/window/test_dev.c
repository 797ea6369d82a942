/* Short windows in one pass against the trees: the same bits of all that is made of them, for every length, part and place in memory;
 * values that are not ordinary are left to the trees. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "kline/simd.h"
#include "window/dev.h"
#include "window/roll.h"

#define ROWS 3000
#define MADE 7

static double x[ROWS + 8], out[3][ROWS + 8], expected[3][ROWS + 8], pair_stat[5][ROWS];

static void fill(uint64_t *seed, double level, double noise) {
    for (size_t j = 0; j < ROWS; j++) x[j] = level + noise * (hostile_noise(seed));
}

static kl__dev_made made_of(uint32_t what, size_t w) {
    const kl__dev_made made = {what, (double)w, what == KL__DEV_ERROR ? 3.0 : 2.5};
    return made;
}

static void expect(const kl__dev_made *made, size_t w) {
    kl__tree *t = malloc(kl__tree_size(&kl__tree_moments, w));
    const double *const in[1] = {x};
    double *const to[3] = {expected[0], expected[1], expected[2]};
    assert_non_null(t);
    kl__tree_init(t, &kl__tree_moments, w);
    kl__dev_moments_run(t, made, in, ROWS, to);
    free(t);
}

/* Parts of up to `most` rows, outputs `off` doubles from a line; returns how many rows went the short way. */
static size_t run(const kl__dev_made *made, size_t w, size_t most, size_t off, uint64_t *seed) {
    kl__tree *t = malloc(kl__tree_size(&kl__tree_moments, w));
    size_t went = 0;
    assert_non_null(t);
    kl__tree_init(t, &kl__tree_moments, w);
    for (size_t at = 0, n; at < ROWS; at += n) {
        const double *const in[1] = {x + at};
        double *const to[3] = {out[0] + off + at, out[1] + off + at, out[2] + off + at};
        n = 1 + random_below(seed, most);
        if (n > ROWS - at) n = ROWS - at;
        if (kl__dev_moments(t, made, in, n, to)) went += n;
        else kl__dev_moments_run(t, made, in, n, to);
    }
    free(t);
    return went;
}

static void compare(uint32_t what, size_t w, size_t off) {
    const size_t outs = what == KL__DEV_BANDS ? 3 : 1;
    for (size_t o = 0; o < outs; o++)
        for (size_t j = 0; j < ROWS; j++) {
            const double y = out[o][off + j], e = expected[o][j];
            if (y != y && e != e) continue;
            if (memcmp(&y, &e, sizeof y) == 0) continue;
            print_error("made %u, w %zu, off %zu, output %zu, row %zu: %.17g instead of %.17g\n", what, w, off, o, j, y, e);
            fail();
        }
}

static void check(uint64_t *seed, size_t least_gone) {
    for (size_t w = 1; w <= KL__DEV_W + 1; w += getenv("KLINE_QUICK") ? 5 : 1)
        for (uint32_t what = 0; what < MADE; what++) {
            const kl__dev_made made = made_of(what, w);
            const size_t off = w % 8;
            expect(&made, w);
            const size_t went = run(&made, w, 700, off, seed);
            compare(what, w, off);
            if (kl__simd_tier() == 2 && w >= 4 && w <= KL__DEV_W) assert_true(went >= least_gone);
        }
}

static void test_same_bits(void **state) {
    uint64_t seed = 11;
    (void)state;
    fill(&seed, 100.0, 5.0);
    check(&seed, 1000);
    fill(&seed, -1e9, 1e-3);
    check(&seed, 0);
    fill(&seed, 0.0, 1e-100);
    check(&seed, 0);
}

/* Whatever is not ordinary may stand anywhere. */
static void test_not_ordinary(void **state) {
    static const double odd[] = {NAN, INFINITY, -0.0, 0x1p1001, 0x1p600, 0x1p-1060, -0x1p-600, 0x1p-401};
    uint64_t seed = 12;
    (void)state;
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++)
        for (uint32_t what = 0; what < MADE; what++) {
            const size_t w = 4 + random_below(&seed, KL__DEV_W - 3);
            const kl__dev_made made = made_of(what, w);
            fill(&seed, 3.0, 1.0);
            for (size_t j = 0; j < 5; j++) x[random_below(&seed, ROWS)] = odd[k];
            expect(&made, w);
            run(&made, w, 300, 3, &seed);
            compare(what, w, 3);
        }
}

/* Equal values, values around the least doubles, and zeros. */
static void test_flat_and_tiny(void **state) {
    static const double level[] = {7.25, 0.0, 1e-300, 1e300}, noise[] = {0.0, 4e-324, 1e-310, 0.0};
    uint64_t seed = 13;
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        fill(&seed, level[k], noise[k]);
        check(&seed, 0);
    }
    fill(&seed, 50.0, 1.0);
    for (size_t j = 0; j < ROWS; j++)
        if (j / 40 % 2) x[j] = 50.0;
    check(&seed, 0);
}

/* Pairs against the statistics of a roll, which has them from trees in parts of one row. */
static void pairs(uint64_t *seed, const double *y, size_t least_gone) {
    static const struct {
        uint32_t made;
        int32_t what;
    } all[] = {{KL__DEV_COV, KL_ROLL_COV}, {KL__DEV_CORR, KL_ROLL_CORR}, {KL__DEV_R2, KL_ROLL_REG_R2}, {KL__DEV_BETA, KL_ROLL_REGBETA}, {KL__DEV_ALPHA, KL_ROLL_REGALPHA}};
    for (size_t w = 2; w <= KL__DEV_W; w += getenv("KLINE_QUICK") ? 7 : 1)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            const kl__roll_kind *kind = kl__roll_kind_of(all[i].what);
            const kl__dev_made made = {all[i].made, (double)w, 0.0};
            const size_t off = w % 8;
            kl__tree *t = malloc(kl__tree_size(&kl__tree_pair, w)), *steps = malloc(kl__tree_size(&kl__tree_pair, w));
            size_t went = 0;
            assert_true(t && steps);
            kl__tree_init(t, &kl__tree_pair, w);
            kl__tree_init(steps, &kl__tree_pair, w);
            for (size_t at = 0, n; at < ROWS; at += n) {
                const double *const in[2] = {y + at, x + at};
                double *stat[5];
                n = 1 + random_below(seed, 700);
                if (n > ROWS - at) n = ROWS - at;
                const int gone = kl__dev_pair(t, &made, in, n, out[0] + off + at);
                went += gone ? n : 0;
                for (size_t f = 0; f < 5; f++) stat[f] = pair_stat[f] + at;
                kl__tree_run(steps, &kl__tree_pair, in, n, stat);
                if (!gone) kl__tree_run(t, &kl__tree_pair, in, n, stat);
                for (size_t j = 0; gone && j < n; j++) {
                    kl__roll_row row = {.known = (double)w, .rows = (double)w, .ddof = 0.0};
                    for (size_t f = 0; f < 5; f++) row.slot[KL__ROLL_S_MEAN_Y + f] = stat[f][j];
                    const double e = kind->one(&row), got = out[0][off + at + j];
                    if (memcmp(&e, &got, sizeof e) == 0) continue;
                    print_error("%s, w %zu, row %zu: %.17g instead of %.17g\n", kind->info.name, w, at + j, got, e);
                    fail();
                }
            }
            if (kl__simd_tier() == 2 && w >= 4) assert_true(went >= least_gone);
            free(t), free(steps);
        }
}

static void test_pairs(void **state) {
    static double y[ROWS];
    uint64_t seed = 14;
    (void)state;
    fill(&seed, 100.0, 5.0);
    for (size_t j = 0; j < ROWS; j++) y[j] = x[j] + hostile_noise(&seed);
    pairs(&seed, y, 1000);
    for (size_t j = 0; j < ROWS; j++) y[j] = -2.0 * x[j];
    pairs(&seed, y, 1000);
    for (size_t j = 0; j < ROWS; j++) y[j] = 1e9 + 1e-3 * hostile_noise(&seed);
    for (size_t j = 0; j < 9; j++) y[random_below(&seed, ROWS)] = j % 2 ? (double)NAN : 0x1p-1000;
    for (size_t j = 0; j < ROWS; j++)
        if (j / 50 % 3 == 0) x[j] = 1.0;
    pairs(&seed, y, 0);
}

/* The instruction sets that the machine has beside the best. */
static void test_levels(void **state) {
    for (int32_t level = KL_SIMD_BASELINE; level < KL_SIMD_AVX512; level++) {
        if (kl_simd_force(level) < 0) continue;
        test_same_bits(state);
        test_not_ordinary(state);
        test_flat_and_tiny(state);
    }
    kl_simd_force(KL_SIMD_BEST);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_bits), cmocka_unit_test(test_not_ordinary),
                                       cmocka_unit_test(test_flat_and_tiny), cmocka_unit_test(test_pairs),
                                       cmocka_unit_test(test_levels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
