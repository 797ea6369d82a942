/* The greater kinds of windows: least and greatest values, shape, pairs, slopes. Steps against tiles in uneven parts on every
 * instruction set, bits shared with the moments, long-form sums of 113 bits, and missing values exactly where they belong. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "kline/simd.h"
#include "simd/extremes.h"
#include "window/tree.h"

#define ROWS 4000

static double x[2][ROWS], stat[KL__TREE_STATS_MAX][ROWS], again[KL__TREE_STATS_MAX][ROWS];
static const double *const in[2] = {x[0], x[1]};
static double *const out[KL__TREE_STATS_MAX] = {stat[0], stat[1], stat[2], stat[3], stat[4], stat[5]};
static double *const out_again[KL__TREE_STATS_MAX] = {again[0], again[1], again[2], again[3], again[4], again[5]};
static const size_t lengths[] = {1, 2, 3, 5, 7, 8, 13, 20, 24, 31, 32, 33, 64, 100, 500, 511, 512, 513, 1000};
#define LENGTHS (sizeof lengths / sizeof *lengths)

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

typedef struct {
    const char *name;
    const kl__tree_kind *kind;
} kind_case;

static const kind_case cases[] = {
    {"min", &kl__tree_min},       {"max", &kl__tree_max},     {"argmin", &kl__tree_argmin},
    {"argmax", &kl__tree_argmax}, {"shape", &kl__tree_shape}, {"pair", &kl__tree_pair},   {"slope", &kl__tree_slope},
};
#define CASES (sizeof cases / sizeof *cases)

static kl__tree *new_tree(const kl__tree_kind *kind, size_t w) {
    kl__tree *t = malloc(kl__tree_size(kind, w));
    assert_non_null(t);
    kl__tree_init(t, kind, w);
    return t;
}

static void run(const kl__tree_kind *kind, size_t w, double *const *to) {
    kl__tree *t = new_tree(kind, w);
    kl__tree_run(t, kind, in, ROWS, to);
    free(t);
}

/* In parts of 1 to `most` rows: 1 for steps alone. */
static void run_parts(const kl__tree_kind *kind, size_t w, size_t most, uint64_t *seed, double *const *to) {
    kl__tree *t = new_tree(kind, w);
    for (size_t k = 0, n; k < ROWS; k += n) {
        const double *from[2] = {x[0] + k, x[1] + k};
        double *part[KL__TREE_STATS_MAX];
        for (size_t s = 0; s < KL__TREE_STATS_MAX; s++) part[s] = to[s] + k;
        n = 1 + random_below(seed, most);
        if (n > ROWS - k) n = ROWS - k;
        kl__tree_run(t, kind, from, n, part);
    }
    free(t);
}

static void fill(int data, uint64_t seed, unsigned holes) {
    hostile_fill(data, seed, holes, x[0], ROWS);
    hostile_fill((data + 1) % HOSTILE_KINDS, seed + 1, holes, x[1], ROWS);
}

static int same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

static void check_same(const kind_case *c, size_t w, int data) {
    for (uint32_t s = 0; s < c->kind->stats; s++)
        for (size_t k = 0; k < ROWS; k++)
            if (!same(stat[s][k], again[s][k]))
                fail_msg("%s(%zu) on %s, %s: row %zu, statistic %u is %.17g by steps, %.17g by tiles", c->name, w,
                         hostile_names[data], kl_simd_name(kl_simd_level()), k, (unsigned)s, stat[s][k], again[s][k]);
}

static void test_tiles(void **state) {
    uint64_t seed = 40;
    (void)state;
    int32_t before = kl_simd_level();
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < LENGTHS; i += quick() ? 3 : 1) {
            int data = (int)random_below(&seed, HOSTILE_KINDS);
            size_t w = lengths[i];
            fill(data, seed, i % 2 ? 200 : 0);
            run_parts(cases[c].kind, w, 1, &seed, out);
            for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
                if (kl_simd_force(level) != KL_OK) continue;
                run(cases[c].kind, w, out_again);
                check_same(&cases[c], w, data);
                run_parts(cases[c].kind, w, 900, &seed, out_again);
                check_same(&cases[c], w, data);
            }
            assert_int_equal(kl_simd_force(before), KL_OK);
        }
}

/* Statistics that are wanted by turns: what was left out is made good where it is wanted again. */
static void test_optional(void **state) {
    static const kind_case some[] = {{"moments", &kl__tree_moments}, {"slope", &kl__tree_slope}, {"pair", &kl__tree_pair}};
    uint64_t seed = 21;
    (void)state;
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < LENGTHS; i += quick() ? 3 : 1) {
            const kl__tree_kind *kind = some[c].kind;
            kl__tree *t = new_tree(kind, lengths[i]);
            fill((int)random_below(&seed, HOSTILE_KINDS), seed, 300);
            run(kind, lengths[i], out);
            for (size_t k = 0, n; k < ROWS; k += n) {
                const double *from[2] = {x[0] + k, x[1] + k};
                double *to[KL__TREE_STATS_MAX];
                n = 1 + random_below(&seed, random_below(&seed, 3) ? 500 : 20);
                n = n < ROWS - k ? n : ROWS - k;
                for (uint32_t s = 0; s < kind->stats; s++) {
                    to[s] = random_below(&seed, 2) ? again[s] + k : NULL;
                    if (!to[s]) memcpy(again[s] + k, stat[s] + k, n * sizeof(double));
                }
                kl__tree_run(t, kind, from, n, to);
                if (random_below(&seed, 5) == 0) kl__tree_settle(t, kind);
            }
            free(t);
            check_same(&some[c], lengths[i], 0);
        }
}

/* The row after the last missing one up to row k. */
static size_t since(size_t k, uint32_t series) {
    for (size_t j = k + 1; j-- > 0;)
        for (uint32_t s = 0; s < series; s++)
            if (x[s][j] != x[s][j]) return j + 1;
    return 0;
}

static void check_extreme(const kind_case *c, size_t w, int greatest, int at) {
    for (size_t k = 0; k < ROWS; k += quick() ? 7 : 1) {
        if (k + 1 < since(k, 1) + w) {
            assert_true(stat[0][k] != stat[0][k] && (!at || stat[1][k] != stat[1][k]));
            continue;
        }
        double best = x[0][k];
        size_t age = 0;
        for (size_t a = 1; a < w; a++)
            if (greatest ? x[0][k - a] > best : x[0][k - a] < best) best = x[0][k - a], age = a;
        if (!same(stat[0][k], best) || (at && stat[1][k] != (double)age))
            fail_msg("%s(%zu): row %zu is %.17g, age %.17g, not %.17g, %zu", c->name, w, k, stat[0][k], at ? stat[1][k] : 0.0,
                     best, age);
    }
}

static void test_extremes(void **state) {
    static const int data[] = {HOSTILE_WALK, HOSTILE_TIES, HOSTILE_DENORMAL, HOSTILE_RUNS};
    uint64_t seed = 3;
    (void)state;
    for (size_t c = 0; c < 4; c++)
        for (size_t i = 0; i < LENGTHS; i++)
            for (size_t d = 0; d < 4; d++) {
                if (quick() && random_below(&seed, 6)) continue;
                fill(data[d], seed++, random_below(&seed, 2) ? (unsigned)(2 * lengths[i] + 1) : 0);
                run(cases[c].kind, lengths[i], out);
                check_extreme(&cases[c], lengths[i], (int)(c % 2), c >= 2);
            }
}

/* The kernel alone, in memory of exactly its size, any number of rows. */
static void test_kernel(void **state) {
    uint64_t seed = 12;
    (void)state;
    int32_t before = kl_simd_level();
    for (int round = 0; round < (quick() ? 60 : 600); round++) {
        size_t w = 1 + random_below(&seed, random_below(&seed, 4) ? 70 : KL__EXTREMES_W), n = 1 + random_below(&seed, 60);
        if (round % 50 == 0) n += 2500;
        double *values = malloc((n + w - 1) * sizeof *values), *result = malloc(n * sizeof *result);
        for (size_t j = 0; j < n + w - 1; j++)
            values[j] = random_below(&seed, 3 * w) ? (double)random_below(&seed, 500) - 200.0 : (double)NAN;
        for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++)
            for (int greatest = 0; greatest < 2; greatest++) {
                if (kl_simd_force(level) != KL_OK) continue;
                kl__extremes(values, result, n, w, greatest);
                for (size_t j = 0; j < n; j++) {
                    double best = values[j];
                    for (size_t i = 1; i < w; i++)
                        if (best == best && !(greatest ? values[j + i] <= best : values[j + i] >= best)) best = values[j + i];
                    if (!same(best, result[j])) fail_msg("%zu rows of %zu: row %zu is %g, not %g", n, w, j, result[j], best);
                }
            }
        free(values);
        free(result);
    }
    assert_int_equal(kl_simd_force(before), KL_OK);
}

/* One missing value costs exactly the windows that hold it. */
static void test_locality(void **state) {
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < LENGTHS; i++)
            for (uint32_t s = 0; s < cases[c].kind->series; s++) {
                const size_t w = lengths[i], hole = 2100 + 3 * i;
                fill(HOSTILE_SPIKES, 8, 0);
                run(cases[c].kind, w, out);
                x[s][hole] = (double)NAN;
                run(cases[c].kind, w, out_again);
                for (uint32_t o = 0; o < cases[c].kind->stats; o++)
                    for (size_t k = 0; k < ROWS; k++)
                        if (k + 1 < w || (k >= hole && k < hole + w)) assert_true(again[o][k] != again[o][k]);
                        else assert_true(same(stat[o][k], again[o][k]) && again[o][k] == again[o][k]);
            }
}

/* Mean and M2 are those of the moments, and a pair of equal series is its variance. */
static void test_shared_bits(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTHS; i++) {
        const size_t w = lengths[i];
        fill((int)(i % HOSTILE_KINDS), i, 300);
        run(&kl__tree_moments, w, out);
        run(&kl__tree_shape, w, out_again);
        for (size_t k = 0; k < ROWS; k++) assert_true(same(stat[0][k], again[0][k]) && same(stat[1][k], again[1][k]));
        run(&kl__tree_slope, w, out_again);
        for (size_t k = 0; k < ROWS; k++) assert_true(same(stat[0][k], again[0][k]) && same(stat[1][k], again[1][k]));
        memcpy(x[1], x[0], sizeof x[1]);
        run(&kl__tree_pair, w, out_again);
        for (size_t k = 0; k < ROWS; k++) {
            assert_true(same(stat[0][k], again[0][k]) && same(stat[0][k], again[1][k]));
            for (size_t s = 2; s < 5; s++) assert_true(same(stat[1][k], again[s][k]));
        }
        fill(HOSTILE_WALK, i, 0);
        x[1][7] = (double)NAN;
        run(&kl__tree_pair, w, out_again);
        memcpy(x[0], x[1], sizeof x[0]);
        run(&kl__tree_moments, w, out);
        for (size_t k = 0; k < ROWS; k++) assert_true(same(stat[0][k], again[1][k]) && same(stat[1][k], again[3][k]));
        double *means[KL__TREE_STATS_MAX] = {NULL, out_again[1], NULL, NULL, out_again[4], NULL}; /* the others unwanted */
        memset(again, 0, sizeof again);
        run(&kl__tree_pair, w, means);
        for (size_t k = 0; k < ROWS; k++) assert_true(same(stat[0][k], again[1][k]));
    }
}

static void test_flat(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTHS; i++) {
        fill(HOSTILE_FLAT, 1, 0);
        run(&kl__tree_shape, lengths[i], out);
        for (size_t k = lengths[i] - 1; k < ROWS; k++)
            assert_true(stat[0][k] == x[0][0] && stat[1][k] == 0.0 && stat[2][k] == 0.0 && stat[3][k] == 0.0);
        run(&kl__tree_pair, lengths[i], out);
        for (size_t k = lengths[i] - 1; k < ROWS; k++) assert_true(stat[2][k] == 0.0 && stat[4][k] == 0.0);
        run(&kl__tree_slope, lengths[i], out);
        for (size_t k = lengths[i] - 1; k < ROWS; k++) assert_true(stat[0][k] == x[0][0] && stat[1][k] == 0.0 && stat[2][k] == 0.0);
    }
}

typedef struct {
    quad mean[2], m2[2], m3, m4, c;
} exact_window;

static exact_window exact(size_t k, size_t w) {
    exact_window e = {{0, 0}, {0, 0}, 0, 0, 0};
    for (size_t j = k + 1 - w; j <= k; j++) e.mean[0] += x[0][j], e.mean[1] += x[1][j];
    e.mean[0] /= (quad)w, e.mean[1] /= (quad)w;
    for (size_t j = k + 1 - w; j <= k; j++) {
        quad a = (quad)x[0][j] - e.mean[0], b = (quad)x[1][j] - e.mean[1];
        e.m2[0] += a * a, e.m2[1] += b * b, e.m3 += a * a * a, e.m4 += a * a * a * a, e.c += a * b;
    }
    return e;
}

/* In units of 2^-53: of skewness relative to max(1, |skewness|), of kurtosis (at least 1) relative to itself, of correlation. */
static double worst[3][LENGTHS];

static void check_shape(size_t i, int data, size_t k) {
    const size_t w = lengths[i];
    exact_window e = exact(k, w);
    if (!((double)e.m2[0] > 1e-140)) return;
    quad n = (quad)w, skew = hostile_sqrt(n) * e.m3 / (e.m2[0] * hostile_sqrt(e.m2[0])), kurt = n * e.m4 / (e.m2[0] * e.m2[0]);
    quad m2 = (quad)stat[1][k], got = hostile_sqrt(n) * (quad)stat[2][k] / (m2 * hostile_sqrt(m2));
    double off = hostile_off(skew, (double)got) * 0x1p53 / fmax(1.0, fabs((double)skew));
    worst[0][i] = fmax(worst[0][i], off);
    if (!(off <= 16.0)) fail_msg("skew(%zu) on %s: row %zu is off by %.1f", w, hostile_names[data], k, off);
    got = n * (quad)stat[3][k] / (m2 * m2);
    off = hostile_off(kurt, (double)got) * 0x1p53 / (double)kurt;
    worst[1][i] = fmax(worst[1][i], off);
    if (!(off <= 16.0)) fail_msg("kurtosis(%zu) on %s: row %zu is off by %.1f", w, hostile_names[data], k, off);
    double wd = (double)w, most = w > 1 ? (wd - 2.0) + 1.0 / (wd - 1.0) : 0.0;
    assert_true((double)got >= 1.0 - 0x1p-50 && (double)got <= most * (1.0 + 0x1p-50));
}

static void check_pair(size_t i, int data, size_t k) {
    exact_window e = exact(k, lengths[i]);
    if (!((double)e.m2[0] > 1e-100 && (double)e.m2[1] > 1e-100)) return;
    double off = hostile_off(e.c, stat[4][k]) * 0x1p53 / (double)(hostile_sqrt(e.m2[0]) * hostile_sqrt(e.m2[1]));
    worst[2][i] = fmax(worst[2][i], off);
    if (!(off <= 8.0)) fail_msg("pair(%zu) on %s: row %zu is off by %.1f", lengths[i], hostile_names[data], k, off);
}

static void test_exact(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTHS; i++)
        for (int data = 0; data < HOSTILE_KINDS; data++) {
            const size_t every = 1 + lengths[i] * (quick() ? 5 : 1) / 8;
            fill(data, 17 + i, 0);
            run(&kl__tree_shape, lengths[i], out);
            for (size_t k = lengths[i] - 1; k < ROWS; k += every) check_shape(i, data, k);
            run(&kl__tree_pair, lengths[i], out);
            for (size_t k = lengths[i] - 1; k < ROWS; k += every) check_pair(i, data, k);
        }
    for (size_t i = 0; i < LENGTHS; i++)
        print_message("w = %zu: skewness %.1f, kurtosis %.1f, correlation %.1f times 2^-53\n", lengths[i], worst[0][i],
                      worst[1][i], worst[2][i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiles),    cmocka_unit_test(test_extremes),    cmocka_unit_test(test_kernel),
        cmocka_unit_test(test_locality), cmocka_unit_test(test_shared_bits), cmocka_unit_test(test_flat),
        cmocka_unit_test(test_exact),    cmocka_unit_test(test_optional),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
