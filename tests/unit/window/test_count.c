/* Windows with missing values and of varying length: the bits of the strict kinds where nothing is missing, long-form sums of
 * 113 bits where something is, and nothing but their own rows in them. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "window/count.h"

#define ROWS 3000
#define LONGEST 40

static double x[2][ROWS], stat[KL__TREE_STATS_MAX][ROWS], again[KL__TREE_STATS_MAX][ROWS], known[ROWS], known_again[ROWS];
static uint32_t rows[ROWS];
static const double *const in[2] = {x[0], x[1]};
static double *const out[KL__TREE_STATS_MAX] = {stat[0], stat[1], stat[2], stat[3], stat[4], stat[5]};
static double *const out_again[KL__TREE_STATS_MAX] = {again[0], again[1], again[2], again[3], again[4], again[5]};

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

/* What the window of the known rows a[0..n-1] (oldest first) with ages age[] is, and what it may be off by. */
typedef void reference(const double *a, const double *b, const double *age, size_t n, quad *stat, double *tolerance);

static double top_of(const double *a, size_t n) {
    double top = 0.0;
    for (size_t i = 0; i < n; i++) top = fmax(top, fabs(a[i]));
    return top;
}

static quad mean_of(const double *a, size_t n) {
    quad sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i];
    return sum / (quad)n;
}

static void ref_mean(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    (void)b, (void)age;
    s[0] = mean_of(a, n);
    tolerance[0] = 0x1p-51 * top_of(a, n) + 0x1p-1073;
}

static void ref_sum(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    (void)b, (void)age;
    s[0] = mean_of(a, n) * (quad)n;
    tolerance[0] = 0x1p-51 * (double)n * top_of(a, n) + 0x1p-1073;
}

static void ref_linear(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    quad ages = mean_of(age, n), g = 0, q = 0;
    for (size_t i = 0; i < n; i++) {
        g += (ages - (quad)age[i]) * (quad)a[i];
        q += (ages - (quad)age[i]) * (ages - (quad)age[i]);
    }
    ref_mean(a, b, age, n, s, tolerance);
    s[1] = g, s[2] = ages, s[3] = q;
    tolerance[1] = 0x1p-51 * top_of(a, n) * (double)n * (age[0] + 1.0) + 0x1p-1074 * (double)n * (age[0] + 1.0);
    tolerance[2] = 0x1p-53 * (double)ages;
    tolerance[3] = 0x1p-50 * (double)q;
}

static void ref_moments(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    quad mean = mean_of(a, n), m2 = 0;
    for (size_t i = 0; i < n; i++) m2 += ((quad)a[i] - mean) * ((quad)a[i] - mean);
    ref_mean(a, b, age, n, s, tolerance);
    s[1] = m2, s[2] = mean - (quad)a[n - 1];
    tolerance[1] = 0x1p-50 * (double)m2 + 0x1p-1070;
    double far = 0.0; /* from the newest */
    for (size_t i = 0; i < n; i++) far = fmax(far, fabs(a[i] - a[n - 1]));
    tolerance[2] = 0x1p-50 * far + 0x1p-1070;
}

static void ref_slope(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    quad line[4], moments[3];
    double line_off[4], moments_off[3];
    ref_linear(a, b, age, n, line, line_off);
    ref_moments(a, b, age, n, moments, moments_off);
    s[0] = moments[0], s[1] = moments[1], s[2] = 0, s[3] = line[2], s[4] = line[3];
    for (size_t i = 0; i < n; i++) s[2] += (line[2] - (quad)age[i]) * ((quad)a[i] - moments[0]);
    tolerance[0] = moments_off[0], tolerance[1] = moments_off[1], tolerance[3] = line_off[2], tolerance[4] = line_off[3];
    tolerance[2] = (16.0 + (double)n / 8.0) * 0x1p-53 * sqrt((double)moments[1]) * sqrt((double)line[3]) + 0x1p-1060 * (double)n;
}

static void ref_vwap(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    quad v = 0, pv = 0;
    (void)age;
    for (size_t i = 0; i < n; i++) v += b[i], pv += (quad)a[i] * (quad)b[i];
    s[0] = pv / v;
    tolerance[0] = v > 0 ? 0x1p-51 * top_of(a, n) + 0x1p-1073 : (double)NAN; /* NaN: unknown */
}

static void ref_shape(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    ref_moments(a, b, age, n, s, tolerance);
    const quad mean = mean_of(a, n);
    s[2] = s[3] = 0;
    for (size_t i = 0; i < n; i++) {
        quad d = (quad)a[i] - mean;
        s[2] += d * d * d, s[3] += d * d * d * d;
    }
    /* 20 * 2^-53 of M2^1.5 / sqrt(n), or of itself */
    double m2 = (double)s[1], unit = m2 / sqrt((double)n) * sqrt(m2), m3 = fabs((double)s[2]);
    tolerance[2] = 20.0 * 0x1p-53 * (m3 > unit ? m3 : unit) + 0x1p-1060;
    tolerance[3] = 20.0 * 0x1p-53 * (double)s[3] + 0x1p-1060;
}

static void ref_pair(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    quad x_stat[3], y_stat[3], c = 0;
    double x_off[3], y_off[3];
    ref_moments(a, b, age, n, x_stat, x_off);
    ref_moments(b, a, age, n, y_stat, y_off);
    for (size_t i = 0; i < n; i++) c += ((quad)a[i] - x_stat[0]) * ((quad)b[i] - y_stat[0]);
    for (size_t i = 0; i < 2; i++)
        s[2 * i] = x_stat[i], s[2 * i + 1] = y_stat[i], tolerance[2 * i] = x_off[i], tolerance[2 * i + 1] = y_off[i];
    s[4] = c;
    tolerance[4] = 8.0 * 0x1p-53 * sqrt((double)x_stat[1]) * sqrt((double)y_stat[1]) + 0x1p-1060;
}

static void extreme_of(const double *a, const double *age, size_t n, int greatest, quad *s, double *tolerance) {
    size_t best = n - 1;
    for (size_t i = n - 1; i-- > 0;)
        if (greatest ? a[i] > a[best] : a[i] < a[best]) best = i;
    s[0] = a[best], s[1] = age[best];
    tolerance[0] = tolerance[1] = 0.0;
}

static void ref_min(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    (void)b;
    extreme_of(a, age, n, 0, s, tolerance);
}

static void ref_max(const double *a, const double *b, const double *age, size_t n, quad *s, double *tolerance) {
    (void)b;
    extreme_of(a, age, n, 1, s, tolerance);
}

typedef struct {
    const char *name;
    const kl__count_kind *kind;
    const kl__tree_kind *strict;
    uint32_t shared; /* the first so many statistics are those of the strict kind */
    reference *exact;
} count_case;

static const count_case cases[] = {
    {"mean", &kl__count_mean, &kl__tree_mean, 1, ref_mean},
    {"sum", &kl__count_sum, &kl__tree_sum, 1, ref_sum},
    {"linear", &kl__count_linear, &kl__tree_linear, 2, ref_linear},
    {"moments", &kl__count_moments, &kl__tree_moments, 3, ref_moments},
    {"slope", &kl__count_slope, &kl__tree_slope, 3, ref_slope},
    {"vwap", &kl__count_vwap, &kl__tree_vwap, 1, ref_vwap},
    {"min", &kl__count_min, &kl__tree_min, 1, ref_min},
    {"max", &kl__count_max, &kl__tree_max, 1, ref_max},
    {"argmin", &kl__count_argmin, &kl__tree_argmin, 2, ref_min},
    {"argmax", &kl__count_argmax, &kl__tree_argmax, 2, ref_max},
    {"shape", &kl__count_shape, &kl__tree_shape, 4, ref_shape},
    {"pair", &kl__count_pair, &kl__tree_pair, 5, ref_pair},
};
#define CASES (sizeof cases / sizeof *cases)

/* Both series; the second of vwap is a volume. */
static void fill(const count_case *c, int data, uint64_t seed, unsigned holes) {
    hostile_fill(data, seed, holes, x[0], ROWS);
    hostile_fill(c->exact == ref_vwap ? HOSTILE_TIES : (data + 1) % HOSTILE_KINDS, seed + 1, holes, x[1], ROWS);
    if (c->exact == ref_vwap)
        for (size_t k = 0; k < ROWS; k++) x[1][k] = fabs(x[1][k]);
}

static kl__count *new_count(const kl__count_kind *kind, size_t w) {
    kl__count *t = malloc(kl__count_size(kind, w));
    assert_non_null(t);
    kl__count_init(t, kind, w);
    return t;
}

static void run(const kl__count_kind *kind, size_t w, const uint32_t *lengths, size_t n, double *const *to, double *counts) {
    kl__count *t = new_count(kind, w);
    kl__count_run(t, kind, in, lengths, n, to, counts);
    free(t);
}

static void run_strict(const kl__tree_kind *kind, size_t w, size_t n, double *const *to) {
    kl__tree *t = malloc(kl__tree_size(kind, w));
    assert_non_null(t);
    kl__tree_init(t, kind, w);
    kl__tree_run(t, kind, in, n, to);
    free(t);
}

static int same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

static int row_missing(const count_case *c, size_t k) {
    return x[0][k] != x[0][k] || (c->kind->series > 1 && x[1][k] != x[1][k]);
}

static void check_strict(const count_case *c, int data, size_t w, unsigned holes) {
    fill(c, data, w + (size_t)data, holes);
    run(c->kind, w, NULL, ROWS, out, known);
    run_strict(c->strict, w, ROWS, out_again);
    size_t since = 0; /* the first row after the last missing one */
    for (size_t k = 0; k < ROWS; k++) {
        if (row_missing(c, k)) since = k + 1;
        if (k + 1 < since + w) continue;
        assert_true(known[k] == (double)w);
        for (uint32_t s = 0; s < c->shared; s++)
            if (!same(stat[s][k], again[s][k]))
                fail_msg("%s(%zu) on %s: row %zu, statistic %u is %.17g, strictly %.17g", c->name, w, hostile_names[data], k,
                         (unsigned)s, stat[s][k], again[s][k]);
    }
}

static void test_strict(void **state) {
    static const size_t lengths[] = {1, 2, 3, 5, 7, 8, 13, 20, 24, 31, 32, 33, 64, 100, 500, 511, 512, 513, 1000};
    uint64_t seed = 5;
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < (quick() ? 9 : sizeof lengths / sizeof *lengths); i++) {
            const size_t shorter = 1 + random_below(&seed, lengths[i]);
            check_strict(&cases[c], (int)random_below(&seed, HOSTILE_KINDS), lengths[i], 0);
            check_strict(&cases[c], (int)random_below(&seed, HOSTILE_KINDS), shorter, 0);
            check_strict(&cases[c], HOSTILE_WALK, 1 + random_below(&seed, 60), 70);
        }
    for (size_t c = 0; c < CASES; c++)
        for (int data = 0; data < HOSTILE_KINDS; data++) check_strict(&cases[c], data, 20 + (size_t)data, 0);
}

/* A window of r rows of any object is that of the strict kind of length r. */
static void test_lengths(void **state) {
    static double strict[LONGEST + 1][KL__TREE_STATS_MAX][ROWS];
    uint64_t seed = 7;
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        fill(&cases[c], HOSTILE_SPIKES, 11, 0);
        for (size_t w = 1; w <= LONGEST; w++) {
            double *to[KL__TREE_STATS_MAX];
            for (size_t s = 0; s < KL__TREE_STATS_MAX; s++) to[s] = strict[w][s];
            run_strict(cases[c].strict, w, ROWS, to);
        }
        for (size_t k = 0; k < ROWS; k++) rows[k] = (uint32_t)random_below(&seed, LONGEST + 1);
        run(cases[c].kind, LONGEST, rows, ROWS, out, known);
        for (size_t k = LONGEST; k < ROWS; k++)
            for (uint32_t s = 0; s < cases[c].shared; s++) {
                if (rows[k] && !same(stat[s][k], strict[rows[k]][s][k]))
                    fail_msg("%s: row %zu, %u rows", cases[c].name, k, rows[k]);
                if (!rows[k]) assert_true(stat[s][k] != stat[s][k] && known[k] == 0.0);
            }
    }
}

static double worst[CASES][KL__TREE_STATS_MAX]; /* error over tolerance */

static void check_window(size_t c, int data, size_t k, size_t length) {
    static double a[ROWS], b[ROWS], age[ROWS];
    size_t n = 0;
    for (size_t j = k + 1 < length ? 0 : k + 1 - length; j <= k; j++)
        if (!row_missing(&cases[c], j)) a[n] = x[0][j], b[n] = x[1][j], age[n] = (double)(k - j), n++;
    assert_true(known[k] == (double)n);
    quad exact[KL__TREE_STATS_MAX];
    double tolerance[KL__TREE_STATS_MAX];
    if (n) cases[c].exact(a, b, age, n, exact, tolerance);
    for (uint32_t s = 0; s < cases[c].kind->stats; s++) {
        if (n == 0 || tolerance[s] != tolerance[s]) {
            assert_true(stat[s][k] != stat[s][k]);
            continue;
        }
        double off = hostile_off(exact[s], stat[s][k]);
        if (off > 0.0) worst[c][s] = fmax(worst[c][s], off / tolerance[s]);
        if (!(off <= tolerance[s]))
            fail_msg("%s on %s: row %zu, %zu rows, statistic %u is %.17g, exactly %.17g", cases[c].name, hostile_names[data], k,
                     length, (unsigned)s, stat[s][k], (double)exact[s]);
    }
}

static void test_exact(void **state) {
    static const size_t lengths[] = {1, 2, 3, 7, 24, 33, 100, 500};
    uint64_t seed = 21;
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
            for (int data = 0; data < HOSTILE_KINDS; data++) {
                const unsigned holes[] = {2, 5, 60};
                fill(&cases[c], data, seed++, holes[random_below(&seed, 3)]);
                for (size_t k = 0; k < ROWS; k++) rows[k] = (uint32_t)random_below(&seed, lengths[i] + 1);
                const uint32_t *lengths_now = random_below(&seed, 2) ? rows : NULL;
                run(cases[c].kind, lengths[i], lengths_now, ROWS, out, known);
                size_t every = (lengths[i] < 50 ? 1u : 23u) * (quick() ? 10u : 1u);
                for (size_t k = 0; k < ROWS; k += every) check_window(c, data, k, lengths_now ? rows[k] : lengths[i]);
            }
    for (size_t c = 0; c < CASES; c++)
        for (uint32_t s = 0; s < cases[c].kind->stats; s++)
            print_message("%s, statistic %u: %.2f of the error allowed\n", cases[c].name, (unsigned)s, worst[c][s]);
}

/* Equal values with holes: exactly themselves, exactly no deviation. */
static void test_flat(void **state) {
    uint64_t seed = 3;
    (void)state;
    for (double value = 0.1; value < 12.0; value += 0.3) {
        hostile_fill(HOSTILE_WALK, seed++, 3, x[0], ROWS);
        for (size_t k = 0; k < ROWS; k++)
            if (x[0][k] == x[0][k]) x[0][k] = value;
        run(&kl__count_linear, 29, NULL, ROWS, out, known);
        for (size_t k = 0; k < ROWS; k++) assert_true(known[k] == 0.0 || (stat[0][k] == value && stat[1][k] == 0.0));
        run(&kl__count_slope, 29, NULL, ROWS, out, known);
        for (size_t k = 0; k < ROWS; k++) assert_true(known[k] == 0.0 || (stat[0][k] == value && stat[1][k] == 0.0 && stat[2][k] == 0.0));
        run(&kl__count_moments, 29, NULL, ROWS, out, known);
        for (size_t k = 0; k < ROWS; k++) assert_true(known[k] == 0.0 || (stat[0][k] == value && stat[1][k] == 0.0));
    }
}

/* Chunks, and a window that goes on from the raw rows of another: the same bits. */
static void test_chunks(void **state) {
    uint64_t seed = 77;
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t w = 1; w <= 70; w += 3) {
            const kl__count_kind *kind = cases[c].kind;
            fill(&cases[c], HOSTILE_SPIKES, w, 9);
            for (size_t k = 0; k < ROWS; k++) rows[k] = (uint32_t)random_below(&seed, w + 1);
            run(kind, w, rows, ROWS, out, known);
            kl__count *t = new_count(kind, w);
            for (size_t k = 0; k < ROWS;) {
                size_t n = 1 + random_below(&seed, 100);
                const double *from[2] = {x[0] + k, x[1] + k};
                double *to[KL__TREE_STATS_MAX];
                if (n > ROWS - k) n = ROWS - k;
                for (size_t s = 0; s < KL__TREE_STATS_MAX; s++) to[s] = again[s] + k;
                kl__count_run(t, kind, from, rows + k, n, to, known_again + k);
                k += n;
                if (random_below(&seed, 4)) continue;
                kl__count *other = new_count(kind, w);
                for (size_t j = 0; j < w; j++) {
                    const double *one[2] = {kl__count_value(t, 0, j), kl__count_value(t, kind->series - 1, j)};
                    double ignored[KL__TREE_STATS_MAX], *nowhere[KL__TREE_STATS_MAX];
                    for (size_t s = 0; s < KL__TREE_STATS_MAX; s++) nowhere[s] = &ignored[s];
                    kl__count_run(other, kind, one, NULL, 1, nowhere, NULL);
                }
                free(t);
                t = other;
            }
            free(t);
            for (uint32_t s = 0; s < kind->stats; s++) assert_memory_equal(stat[s], again[s], sizeof stat[s]);
            assert_memory_equal(known, known_again, sizeof known);
        }
}

/* Known rows in a row go another way than others: the same bits wherever it begins and ends. */
static void check_ways(size_t c, size_t w, unsigned holes, uint64_t *seed) {
    const kl__count_kind *kind = cases[c].kind;
    kl__count *t = new_count(kind, w);
    fill(&cases[c], (int)random_below(seed, HOSTILE_KINDS), *seed, holes);
    for (size_t k = 0; k < ROWS; k++) rows[k] = (uint32_t)w;
    run(kind, w, rows, ROWS, out, known);
    for (size_t k = 0, n; k < ROWS; k += n) {
        const double *from[2] = {x[0] + k, x[1] + k};
        double *to[KL__TREE_STATS_MAX];
        size_t unwanted = random_below(seed, 8);
        n = 1 + random_below(seed, random_below(seed, 3) ? 700 : 40);
        if (n > ROWS - k) n = ROWS - k;
        for (size_t s = 0; s < KL__TREE_STATS_MAX; s++) {
            to[s] = s == unwanted ? NULL : again[s] + k;
            if (s == unwanted) memcpy(again[s] + k, stat[s] + k, n * sizeof(double));
        }
        kl__count_run(t, kind, from, random_below(seed, 6) ? NULL : rows + k, n, to, known_again + k);
    }
    free(t);
    for (uint32_t s = 0; s < kind->stats; s++)
        for (size_t k = 0; k < ROWS; k++)
            if (!same(stat[s][k], again[s][k]))
                fail_msg("%s(%zu): row %zu, statistic %u is %.17g, not %.17g", cases[c].name, w, k, (unsigned)s, again[s][k],
                         stat[s][k]);
    assert_memory_equal(known, known_again, sizeof known);
}

static void test_ways(void **state) {
    static const size_t lengths[] = {1, 2, 5, 20, 24, 33, 100, 300};
    static const unsigned holes[] = {0, 90, 400, 1500};
    uint64_t seed = 4;
    (void)state;
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
            for (size_t h = 0; h < 4; h++)
                if (!quick() || (i + h) % 4 == 0) check_ways(c, lengths[i], holes[h], &seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strict), cmocka_unit_test(test_lengths), cmocka_unit_test(test_exact),
        cmocka_unit_test(test_flat),   cmocka_unit_test(test_chunks),  cmocka_unit_test(test_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
