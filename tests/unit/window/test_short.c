/* Ways of short windows in one pass against the trees that define them, step by step: on every kind of data, in uneven parts. Where a way
 * declines, the trees go on from where they were. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "kline/simd.h"
#include "window/tree_few.h"
#include "window/tree_line.h"
#include "window/tree_place.h"
#include "window/tree_ramp.h"
#include "window/tree_span.h"

#define ROWS 3000
enum { DATA_USUAL = 100, DATA_SMALL, DATA_WHOLE };

static double x[3][ROWS], stat[2][KL__TREE_STATS_MAX][ROWS], want[3][ROWS], got[3][ROWS];
static uint64_t seed = 11;

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }
static double unit(void) { return (double)random_below(&seed, 1u << 30) / (1u << 30); }
static double usual(double y) { return fabs(y) < 0x1p1000 ? y + 0.0 : NAN; }

static void fill(int data, unsigned holes) {
    if (data < HOSTILE_KINDS) {
        for (int s = 0; s < 3; s++) hostile_fill((data + s) % HOSTILE_KINDS, seed + (uint64_t)s, holes, x[s], ROWS);
    } else {
        double price = 100.0;
        for (size_t j = 0; j < ROWS; j++) {
            price *= 1.0 + 0.01 * (unit() - 0.5);
            const double close = data == DATA_USUAL ? price : data == DATA_SMALL ? price * 0x1p-1000 : (double)random_below(&seed, 6);
            x[2][j] = close, x[0][j] = close + unit() * close * 0.01, x[1][j] = close - unit() * close * 0.01;
        }
    }
    for (int s = 0; s < 3; s++)
        for (size_t j = 0; j < ROWS; j++) x[s][j] = x[s][j] + 0.0; /* kernels see no -0.0 */
}

static kl__tree *new_tree(const kl__tree_kind *kind, size_t w) {
    kl__tree *t = malloc(kl__tree_size(kind, w));
    assert_non_null(t);
    kl__tree_init(t, kind, w);
    return t;
}

/* A way: what it has to give, from the statistics of its trees; and the way. */
typedef struct way {
    const char *name;
    const kl__tree_kind *kind[2];
    int series[2]; /* of the trees */
    size_t w_from, w_to, inputs, outs;
    int what;
    int (*go)(const struct way *way, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out);
    double (*want)(const struct way *way, size_t w, size_t o, size_t j);
} way;

static int go_line(const way *v, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out) {
    const kl__line line = {v->what, ((double)w - 1.0) * 0.5};
    return (void)row, kl__tree_line_try(t[0], &line, in, n, out);
}
static double want_line(const way *v, size_t w, size_t o, size_t j) {
    const double n = (double)w, slope = stat[0][2][j] / (n * (n * n - 1.0) / 12.0), at = stat[0][0][j] + slope * ((n - 1.0) * 0.5);
    (void)o;
    if (v->what == KL__LINE_AWAY) {
        const double before = j ? stat[0][2][j - 1] / (n * (n * n - 1.0) / 12.0) : NAN;
        return j ? usual(100.0 * ((x[0][j] - ((stat[0][0][j - 1] + before * ((n - 1.0) * 0.5)) + before)) / x[0][j])) : NAN;
    }
    return (v->what == KL__LINE_SLOPE ? slope : v->what == KL__LINE_AT ? at : at + slope) + 0.0;
}

static int go_span(const way *v, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out) {
    return (void)w, (void)row, kl__tree_span_try(t[0], t[1], v->what, in, n, out);
}
static double want_span(const way *v, size_t w, size_t o, size_t j) {
    const double greatest = stat[0][0][j], least = stat[1][0][j];
    (void)w;
    if (v->what == KL__SPAN_PLACE) return kl__span_place(greatest, least, x[2][j]);
    if (v->what == KL__SPAN_BELOW) return kl__span_below(greatest, least, x[2][j]);
    if (v->what == KL__SPAN_MIDDLE || (v->what == KL__SPAN_CHANNEL && o == 1)) return kl__span_middle(greatest, least);
    return (v->what == KL__SPAN_BOTH) == (o == 0) ? least : greatest;
}

static int go_place(const way *v, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out) {
    return (void)w, kl__tree_place_try(t[0], t[1], v->what, (double)row, in, n, out);
}
static double want_place(const way *v, size_t w, size_t o, size_t j) {
    const double least = stat[0][1][j], greatest = stat[1][1][j], reach = (double)w - 1.0;
    if (v->what == KL__PLACE_LEAN) return 100.0 * ((least - greatest) / reach);
    if (v->what == KL__PLACE_SHARES) return 100.0 * ((reach - (o ? greatest : least)) / reach);
    return (double)j - (o ? greatest : least);
}

static int go_few(const way *v, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out) {
    static const kl__few fews[] = {{KL__FEW_X, KL__FEW_MEAN, 0}, {KL__FEW_X, KL__FEW_SUM, 0}, {KL__FEW_X, KL__FEW_BACK, 3}};
    kl__tree *const trees[2] = {t[0], NULL};
    return (void)w, (void)row, kl__tree_few_try(trees, &fews[v->what], in, n, out);
}
static double want_few(const way *v, size_t w, size_t o, size_t j) {
    (void)w, (void)o;
    return v->what < 2 ? stat[0][0][j] : j < 3 ? NAN : x[0][j - 3] - stat[0][0][j];
}

static int go_ramp(const way *v, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out) {
    return (void)v, (void)w, (void)row, kl__tree_ramp_try(t[0], 0.3, in, n, out);
}
static double want_ramp(const way *v, size_t w, size_t o, size_t j) { return (void)v, (void)w, (void)o, stat[0][0][j] + stat[0][1][j] * 0.3 + 0.0; }

static int go_vwap(const way *v, kl__tree **t, size_t w, size_t row, const double *const *in, size_t n, double *const *out) {
    return (void)v, (void)w, (void)row, kl__tree_vwap_try(t[0], in, n, out);
}
static double want_vwap(const way *v, size_t w, size_t o, size_t j) { return (void)v, (void)w, (void)o, usual(stat[0][0][j]); }

static const way ways[] = {
    {"slope", {&kl__tree_slope, NULL}, {0, 0}, 2, 40, 1, 1, KL__LINE_SLOPE, go_line, want_line},
    {"line", {&kl__tree_slope, NULL}, {0, 0}, 2, 40, 1, 1, KL__LINE_AT, go_line, want_line},
    {"line ahead", {&kl__tree_slope, NULL}, {0, 0}, 2, 40, 1, 1, KL__LINE_AHEAD, go_line, want_line},
    {"away from a line", {&kl__tree_slope, NULL}, {0, 0}, 2, 40, 1, 1, KL__LINE_AWAY, go_line, want_line},
    {"middle", {&kl__tree_max, &kl__tree_min}, {0, 1}, 1, 40, 2, 1, KL__SPAN_MIDDLE, go_span, want_span},
    {"both extremes", {&kl__tree_max, &kl__tree_min}, {0, 0}, 1, 40, 2, 2, KL__SPAN_BOTH, go_span, want_span},
    {"channel", {&kl__tree_max, &kl__tree_min}, {0, 1}, 1, 40, 2, 3, KL__SPAN_CHANNEL, go_span, want_span},
    {"place", {&kl__tree_max, &kl__tree_min}, {0, 1}, 1, 40, 3, 1, KL__SPAN_PLACE, go_span, want_span},
    {"below", {&kl__tree_max, &kl__tree_min}, {0, 1}, 1, 40, 3, 1, KL__SPAN_BELOW, go_span, want_span},
    {"bars of both", {&kl__tree_argmin, &kl__tree_argmax}, {0, 0}, 2, 40, 2, 2, KL__PLACE_BOTH, go_place, want_place},
    {"shares", {&kl__tree_argmin, &kl__tree_argmax}, {1, 0}, 2, 40, 2, 2, KL__PLACE_SHARES, go_place, want_place},
    {"lean", {&kl__tree_argmin, &kl__tree_argmax}, {1, 0}, 2, 40, 2, 1, KL__PLACE_LEAN, go_place, want_place},
    {"mean", {&kl__tree_mean, NULL}, {0, 0}, 1, 70, 1, 1, 0, go_few, want_few},
    {"sum", {&kl__tree_sum, NULL}, {0, 0}, 1, 70, 1, 1, 1, go_few, want_few},
    {"back", {&kl__tree_mean, NULL}, {0, 0}, 4, 70, 1, 1, 2, go_few, want_few},
    {"ramp", {&kl__tree_linear, NULL}, {0, 0}, 1, 40, 1, 1, 0, go_ramp, want_ramp},
    {"by volume", {&kl__tree_vwap, NULL}, {0, 0}, 1, 40, 2, 1, 0, go_vwap, want_vwap},
};

static void columns(const way *v, size_t t, size_t row, const double **in) {
    for (size_t i = 0; i < v->inputs; i++) in[i] = x[i == 2 || !v->kind[1] ? i : (size_t)v->series[i]] + row;
    (void)t;
}

static void run_trees(const way *v, kl__tree **t, size_t row, size_t n) {
    for (size_t k = 0; k < 2 && v->kind[k]; k++) {
        const double *in[2];
        double *to[KL__TREE_STATS_MAX];
        for (int s = 0; s < 2; s++) in[s] = x[v->kind[k]->series > 1 ? s : v->series[k]] + row;
        for (size_t s = 0; s < KL__TREE_STATS_MAX; s++) to[s] = stat[k][s] + row;
        kl__tree_run(t[k], v->kind[k], in, n, to);
    }
}

static int same(double a, double b) { return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b); }

static size_t check(const way *v, size_t w, int data) {
    kl__tree *t[2] = {NULL, NULL};
    size_t done = 0;
    for (size_t k = 0; k < 2 && v->kind[k]; k++) t[k] = new_tree(v->kind[k], w);
    for (size_t j = 0; j < ROWS; j++) run_trees(v, t, j, 1);
    for (size_t o = 0; o < v->outs; o++)
        for (size_t j = 0; j < ROWS; j++) want[o][j] = v->want(v, w, o, j);
    for (size_t k = 0; k < 2 && v->kind[k]; k++) kl__tree_init(t[k], v->kind[k], w);
    for (size_t row = 0, n; row < ROWS; row += n) {
        const double *in[3];
        double *const out[3] = {got[0] + row, got[1] + row, got[2] + row};
        n = 1 + random_below(&seed, random_below(&seed, 3) ? 700 : 60);
        n = n < ROWS - row ? n : ROWS - row;
        columns(v, 0, row, in);
        if (row >= w && v->go(v, t, w, row, in, n, out)) {
            done += n;
            for (size_t o = 0; o < v->outs; o++)
                for (size_t j = row; j < row + n; j++)
                    if (!same(want[o][j], got[o][j]))
                        fail_msg("%s(%zu), data %d, row %zu, output %zu: %a, and by the way %a", v->name, w, data, j, o, want[o][j], got[o][j]);
        } else {
            run_trees(v, t, row, n);
            for (size_t o = 0; o < v->outs; o++)
                for (size_t j = row; j < row + n; j++)
                    if (!same(want[o][j], v->want(v, w, o, j))) fail_msg("%s(%zu), data %d, row %zu: the trees went wrong", v->name, w, data, j);
        }
    }
    for (size_t k = 0; k < 2; k++) free(t[k]);
    return done;
}

static void test_ways(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (size_t w = ways[i].w_from; w < ways[i].w_to; w += quick() ? 5 : 1)
            for (int data = 0; data < 4; data++) {
                const int which = data == 3 ? (int)random_below(&seed, HOSTILE_KINDS) : DATA_USUAL + data;
                fill(which, which < HOSTILE_KINDS && random_below(&seed, 2) ? 300 : 0);
                const size_t done = check(&ways[i], w, which);
                if (which == DATA_USUAL && kl_simd_level() == KL_SIMD_AVX512 && w > 1 && w < 32) assert_true(done > ROWS / 4);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ways)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
