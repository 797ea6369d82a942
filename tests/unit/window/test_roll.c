/* Rolling statistics, by loops over their registry: the same bits in every way of running, on hostile data. */
#include "base/fp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "hostile.h"
#include "kline/simd.h"
#include "kline/window.h"

#define ROWS 1400

typedef double matrix[KL_ROLL_STATS_MAX][ROWS];
static double series[2][ROWS];
static const double *const in[2] = {series[0], series[1]};
static kl_time times[ROWS];
static matrix wanted, got;
static int32_t level_before;

static int quick(void) { return getenv("KLINE_QUICK") != NULL; }

/* Dirty on purpose: -0.0, infinities, what is too large, NaN of all signs. */
static void fill(int data, uint64_t seed, unsigned holes) {
    static const double odd[] = {-0.0, (double)INFINITY, -(double)INFINITY, 0x1p1000, -0x1p1000, 0x1.fffffffffffffp999, -(double)NAN};
    for (int i = 0; i < 2; i++) hostile_fill(i ? (data + 3) % HOSTILE_KINDS : data, seed + (uint64_t)i, holes, series[i], ROWS);
    for (size_t j = 0; j < ROWS; j++) {
        if (holes && random_below(&seed, 3 * holes) == 0) series[random_below(&seed, 2)][j] = odd[random_below(&seed, 7)];
        times[j] = (j ? times[j - 1] : INT64_C(1700000000000000)) +
                   INT64_C(60000000) * (int64_t)(random_below(&seed, 9) ? 1 : 1 + random_below(&seed, 900));
    }
}

static kl_roll *make(const kl_roll_spec *spec) {
    size_t bytes;
    kl_roll *roll;
    assert_int_equal(kl_roll_size(spec, &bytes, NULL), KL_OK);
    void *memory = malloc(bytes);
    assert_non_null(memory);
    assert_int_equal(kl_roll_init(memory, bytes, spec, &roll, NULL), KL_OK);
    return roll;
}

static void same(const kl_roll_spec *spec, const char *data, const char *way, size_t n) {
    for (uint32_t s = 0; s < spec->n_stats; s++)
        for (size_t j = 0; j < n; j++)
            if (memcmp(&wanted[s][j], &got[s][j], sizeof(double)) != 0) {
                const kl_roll_info *info = NULL;
                for (size_t i = 0; (info = kl_roll_info_at(i)) != NULL && info->what != spec->stats[s].what;) i++;
                fail_msg("%s, rows %d, flags %u, min_count %d, on %s, %s: row %zu is %.17g, at once %.17g", info ? info->name : "?",
                         (int)spec->rows, (unsigned)spec->flags, (int)spec->min_count, data, way, j, got[s][j], wanted[s][j]);
            }
}

static void run_from(kl_roll *roll, size_t from, size_t n, matrix to) {
    const double *here[2] = {in[0] + from, in[1] + from};
    double *out[KL_ROLL_STATS_MAX];
    for (size_t s = 0; s < KL_ROLL_STATS_MAX; s++) out[s] = to[s] + from;
    assert_int_equal(kl_roll_run(roll, times + from, here, n, out, NULL), KL_OK);
}

static void run_chunks(const kl_roll_spec *spec, size_t n, const size_t *sizes, size_t n_sizes, matrix to) {
    kl_roll *roll = make(spec);
    for (size_t done = 0, turn = 0; done < n; turn++) {
        size_t part = sizes[turn % n_sizes] < n - done ? sizes[turn % n_sizes] : n - done;
        run_from(roll, done, part, to);
        done += part;
    }
    free(roll);
}

static void check_chunks(const kl_roll_spec *spec, const char *data, size_t n) {
    static const size_t sizes[] = {1, 2, 3, 7, 64, 1000};
    char way[32];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        run_chunks(spec, n, &sizes[s], 1, got);
        snprintf(way, sizeof way, "chunks of %zu", sizes[s]);
        same(spec, data, way, n);
    }
    run_chunks(spec, n, sizes, sizeof sizes / sizeof *sizes, got);
    same(spec, data, "chunks of all sizes", n);
}

/* Steps, each after a peek that changes nothing. */
static void check_steps(const kl_roll_spec *spec, const char *data, size_t n) {
    kl_roll *roll = make(spec);
    size_t bytes;
    double peeked[KL_ROLL_STATS_MAX], out[KL_ROLL_STATS_MAX];
    assert_int_equal(kl_roll_size(spec, &bytes, NULL), KL_OK);
    void *scratch = malloc(bytes), *before = malloc(bytes);
    for (size_t j = 0; j < n; j++) {
        double x[2] = {series[0][j], series[1][j]};
        if (j % 5 == 0) {
            memcpy(before, roll, bytes);
            assert_int_equal(kl_roll_peek(roll, scratch, bytes, times[j], x, peeked), KL_OK);
            assert_memory_equal(before, roll, bytes);
        }
        assert_int_equal(kl_roll_step(roll, times[j], x, out), KL_OK);
        if (j % 5 == 0) assert_memory_equal(peeked, out, spec->n_stats * sizeof *out);
        for (uint32_t s = 0; s < spec->n_stats; s++) got[s][j] = out[s];
    }
    same(spec, data, "step by step", n);
    free(before);
    free(scratch);
    free(roll);
}

static void check_levels(const kl_roll_spec *spec, const char *data, size_t n) {
    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
        if (kl_simd_force(level) != KL_OK) continue;
        run_chunks(spec, n, &n, 1, got);
        same(spec, data, kl_simd_name(level), n);
    }
    assert_int_equal(kl_simd_force(level_before), KL_OK);
}

/* Outputs lie where inputs lie; others are not wanted. */
static void check_in_place(const kl_roll_spec *spec, const char *data, size_t n) {
    static double saved[2][ROWS];
    memcpy(saved, series, sizeof saved);
    for (uint32_t s = 0; s < spec->n_stats; s++) {
        kl_roll *roll = make(spec);
        double *out[KL_ROLL_STATS_MAX] = {0};
        out[s] = series[s % 2];
        assert_int_equal(kl_roll_run(roll, times, in, n, out, NULL), KL_OK);
        if (memcmp(out[s], wanted[s], n * sizeof(double)) != 0) fail_msg("statistic %d in place on %s", spec->stats[s].what, data);
        memcpy(series, saved, sizeof saved);
        free(roll);
    }
}

static void check_bounds(const kl_roll_spec *spec, size_t n) {
    for (uint32_t s = 0; s < spec->n_stats; s++) {
        const kl_roll_info *info = NULL;
        for (size_t i = 0; (info = kl_roll_info_at(i)) != NULL && info->what != spec->stats[s].what;) i++;
        assert_non_null(info);
        for (size_t j = 0; j < n; j++) {
            uint64_t bits;
            memcpy(&bits, &wanted[s][j], sizeof bits);
            if (bits == UINT64_C(0x7ff8000000000000)) continue;
            assert_true(isfinite(wanted[s][j]) && bits != UINT64_C(0x8000000000000000));
            if (!(wanted[s][j] >= info->least && wanted[s][j] <= info->greatest))
                fail_msg("%s is %.17g, not in %g .. %g", info->name, wanted[s][j], info->least, info->greatest);
        }
    }
}

static void every_way(const kl_roll_spec *spec, int data, uint64_t seed, unsigned holes, size_t n) {
    fill(data, seed, holes);
    run_chunks(spec, n, &n, 1, wanted);
    check_bounds(spec, n);
    check_chunks(spec, hostile_names[data], n);
    check_steps(spec, hostile_names[data], n);
    check_levels(spec, hostile_names[data], n);
    check_in_place(spec, hostile_names[data], n);
}

/* Parameters of a kind: drawn. */
static kl_roll_stat draw_stat(const kl_roll_info *info, uint64_t *seed) {
    kl_roll_stat stat = {info->what, 0, 0.0};
    if (info->what == KL_ROLL_QUANTILE) stat.rule = (int32_t)random_below(seed, 5);
    else if (info->uses_rule) stat.rule = (int32_t)random_below(seed, 4);
    if (info->what == KL_ROLL_LAG) stat.param = (double)random_below(seed, random_below(seed, 2) ? 30 : 700);
    else if (info->uses_param) stat.param = (double)random_below(seed, 21) / 20.0;
    return stat;
}

static size_t kinds(void) {
    size_t n = 0;
    while (kl_roll_info_at(n)) n++;
    return n;
}

/* Each statistic alone, and drawn sets of them. */
static void test_strict(void **state) {
    static const int64_t lengths[] = {1, 2, 3, 5, 20, 24, 33, 64, 100, 400, 511, 512, 513};
    uint64_t seed = 20260204;
    (void)state;
    for (size_t at = 0; at < kinds(); at++)
        for (size_t turn = 0; turn < (quick() ? 2 : 8); turn++) {
            kl_roll_spec spec;
            assert_int_equal(kl_roll_spec_init(&spec, 0, lengths[random_below(&seed, 13)]), KL_OK);
            spec.stats[0] = draw_stat(kl_roll_info_at(at), &seed);
            spec.ddof = (int32_t)random_below(&seed, 2);
            spec.flags = turn % 2 ? KL_ROLL_BEFORE : 0;
            every_way(&spec, (int)random_below(&seed, HOSTILE_KINDS), seed, turn % 4 < 2 ? 0 : 50, ROWS);
        }
    for (int turn = 0; turn < (quick() ? 5 : 40); turn++) {
        kl_roll_spec spec;
        assert_int_equal(kl_roll_spec_init(&spec, 0, lengths[random_below(&seed, 13)]), KL_OK);
        spec.n_stats = 1 + (uint32_t)random_below(&seed, KL_ROLL_STATS_MAX);
        for (uint32_t s = 0; s < spec.n_stats; s++) spec.stats[s] = draw_stat(kl_roll_info_at(random_below(&seed, kinds())), &seed);
        spec.flags = turn % 3 ? 0 : KL_ROLL_BEFORE;
        every_way(&spec, (int)random_below(&seed, HOSTILE_KINDS), seed, turn % 2 ? 0 : 60, ROWS);
    }
}

static int begin(void **state) {
    (void)state;
    level_before = kl_simd_level();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_strict)};
    return cmocka_run_group_tests(tests, begin, NULL);
}
