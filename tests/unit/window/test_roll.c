/* Rolling statistics, by loops over their registry: the same bits in every way of running, on hostile data. */
#include "base/fp.h"
#include <pthread.h>
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

/* The image of any way of running is that of steps; what is restored of it goes on with the same bits. */
static void check_restore(const kl_roll_spec *spec, const char *data, size_t n, uint64_t seed) {
    kl_roll *roll = make(spec), *other = make(spec);
    size_t room = kl_roll_snapshot_size(roll), used;
    unsigned char *image = malloc(room), *again = malloc(room);
    uint64_t infinite[2];
    for (size_t done = 0; done < n;) {
        size_t part = 1 + (size_t)random_below(&seed, random_below(&seed, 3) ? 30 : 700);
        if (part > n - done) part = n - done;
        run_from(roll, done, part, got);
        done += part;
        assert_int_equal(kl_roll_snapshot(roll, image, room, &used), KL_OK);
        assert_true(used == room);
        assert_int_equal(kl_roll_restore(other, image, used, NULL), KL_OK);
        assert_int_equal(kl_roll_snapshot(other, again, room, &used), KL_OK);
        assert_memory_equal(image, again, room);
        assert_true(kl_roll_missing(roll, &infinite[0]) == kl_roll_missing(other, &infinite[1]) && infinite[0] == infinite[1]);
        part = n - done < 70 ? n - done : 70;
        run_from(other, done, part, got);
        done += part;
        kl_roll *change = roll;
        roll = other, other = change;
    }
    same(spec, data, "restored again and again", n);
    free(other);
    other = make(spec);
    for (size_t j = 0; j < n; j++) {
        double x[2] = {series[0][j], series[1][j]}, out[KL_ROLL_STATS_MAX];
        assert_int_equal(kl_roll_step(other, times[j], x, out), KL_OK);
    }
    assert_int_equal(kl_roll_snapshot(roll, image, room, &used), KL_OK);
    assert_int_equal(kl_roll_snapshot(other, again, room, &used), KL_OK);
    assert_memory_equal(image, again, room);
    free(image);
    free(again);
    free(roll);
    free(other);
}

static void every_way(const kl_roll_spec *spec, int data, uint64_t seed, unsigned holes, size_t n) {
    fill(data, seed, holes);
    run_chunks(spec, n, &n, 1, wanted);
    check_bounds(spec, n);
    check_chunks(spec, hostile_names[data], n);
    check_steps(spec, hostile_names[data], n);
    check_levels(spec, hostile_names[data], n);
    check_in_place(spec, hostile_names[data], n);
    check_restore(spec, hostile_names[data], n, seed);
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
        for (size_t turn = 0; turn < (quick() ? 2 : 5); turn++) {
            kl_roll_spec spec;
            assert_int_equal(kl_roll_spec_init(&spec, 0, lengths[random_below(&seed, 13)]), KL_OK);
            spec.stats[0] = draw_stat(kl_roll_info_at(at), &seed);
            spec.ddof = (int32_t)random_below(&seed, 2);
            spec.flags = turn % 2 ? KL_ROLL_BEFORE : 0;
            every_way(&spec, (int)random_below(&seed, HOSTILE_KINDS), seed, turn % 4 < 2 ? 0 : 50, ROWS);
        }
    for (int turn = 0; turn < (quick() ? 5 : 25); turn++) {
        kl_roll_spec spec;
        assert_int_equal(kl_roll_spec_init(&spec, 0, lengths[random_below(&seed, 13)]), KL_OK);
        spec.n_stats = 1 + (uint32_t)random_below(&seed, KL_ROLL_STATS_MAX);
        for (uint32_t s = 0; s < spec.n_stats; s++) spec.stats[s] = draw_stat(kl_roll_info_at(random_below(&seed, kinds())), &seed);
        spec.flags = turn % 3 ? 0 : KL_ROLL_BEFORE;
        every_way(&spec, (int)random_below(&seed, HOSTILE_KINDS), seed, turn % 2 ? 0 : 60, ROWS);
    }
}

/* Windows in which values may be missing, by rows, span and period. */
static void draw_window(kl_roll_spec *spec, uint64_t *seed) {
    const int64_t minute = INT64_C(60000000);
    switch (random_below(seed, 4)) {
    case 0: spec->rows = 1 + (int64_t)random_below(seed, random_below(seed, 3) ? 40 : 600); break;
    case 1:
        spec->rows = 1 + (int64_t)random_below(seed, random_below(seed, 3) ? 60 : 900);
        spec->span_us = minute * spec->rows - (int64_t)random_below(seed, 3) * minute / 2;
        break;
    default:
        spec->period.unit = random_below(seed, 2) ? KL_HOUR : KL_DAY;
        spec->period.n = spec->period.unit == KL_HOUR ? 1 + (int32_t)random_below(seed, 12) : 1;
        spec->period.anchor_us = (int64_t)random_below(seed, 24) * 60 * minute;
        spec->rows = spec->period.unit == KL_HOUR ? 60 * spec->period.n : 1440;
        if (random_below(seed, 2)) spec->flags |= KL_ROLL_WHOLE;
    }
    if (random_below(seed, 2)) spec->flags |= KL_ROLL_BEFORE;
    spec->min_count = random_below(seed, 2) ? 0 : 1 + (int64_t)random_below(seed, (uint64_t)(spec->rows < 9 ? spec->rows : 9));
    spec->ddof = (int32_t)random_below(seed, 2);
}

static void test_general(void **state) {
    uint64_t seed = 20260205;
    (void)state;
    for (size_t at = 0; at < kinds(); at++)
        for (int turn = 0; turn < (quick() ? 2 : 6); turn++) {
            kl_roll_spec spec;
            assert_int_equal(kl_roll_spec_init(&spec, 0, 1), KL_OK);
            draw_window(&spec, &seed);
            spec.stats[0] = draw_stat(kl_roll_info_at(at), &seed);
            every_way(&spec, (int)random_below(&seed, HOSTILE_KINDS), seed, turn % 3 ? 7 : 0, ROWS);
        }
    for (int turn = 0; turn < (quick() ? 5 : 25); turn++) {
        kl_roll_spec spec;
        assert_int_equal(kl_roll_spec_init(&spec, 0, 1), KL_OK);
        draw_window(&spec, &seed);
        spec.n_stats = 1 + (uint32_t)random_below(&seed, KL_ROLL_STATS_MAX);
        for (uint32_t s = 0; s < spec.n_stats; s++) spec.stats[s] = draw_stat(kl_roll_info_at(random_below(&seed, kinds())), &seed);
        every_way(&spec, (int)random_below(&seed, HOSTILE_KINDS), seed, turn % 3 ? 5 : 0, ROWS);
    }
}

/* A full window of known rows is the same by all engines: min_count of all rows, and a span of as many. */
static void test_engines_agree(void **state) {
    uint64_t seed = 11;
    (void)state;
    for (size_t at = 0; at < kinds(); at++)
        for (int turn = 0; turn < (quick() ? 2 : 8); turn++) {
            kl_roll_spec spec;
            assert_int_equal(kl_roll_spec_init(&spec, 0, 1 + (int64_t)random_below(&seed, turn % 2 ? 40 : 600)), KL_OK);
            spec.stats[0] = draw_stat(kl_roll_info_at(at), &seed);
            if (spec.stats[0].what == KL_ROLL_COUNT) continue; /* shows how many there are */
            spec.flags = turn % 3 ? 0 : KL_ROLL_BEFORE;
            fill((int)random_below(&seed, HOSTILE_KINDS), seed, turn % 4 ? 0 : 60);
            for (size_t j = 0; j < ROWS; j++) times[j] = (int64_t)j * 1000;
            const size_t n = ROWS;
            run_chunks(&spec, n, &n, 1, wanted);
            spec.min_count = spec.rows;
            run_chunks(&spec, n, &n, 1, got);
            same(&spec, "", "min_count of all rows", n);
            spec.span_us = 1000 * spec.rows;
            run_chunks(&spec, n, &n, 1, got);
            same(&spec, "", "by span", n);
        }
}

/* ---------------------------------------------------------------------------------------------------- batch --- */

typedef struct {
    kl_status (*fn)(void *arg, size_t index);
    void *arg;
    size_t n, next;
    kl_status first;
    pthread_mutex_t lock;
} pool;

static void *pool_work(void *ctx) {
    pool *p = ctx;
    for (;;) {
        pthread_mutex_lock(&p->lock);
        size_t mine = p->next++;
        pthread_mutex_unlock(&p->lock);
        if (mine >= p->n) return NULL;
        if (p->fn(p->arg, mine) < 0) p->first = KL_E_STATE;
    }
}

static size_t pool_tasks;

static kl_status pool_run(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    pool p = {fn, arg, n, 0, KL_OK, PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[8];
    size_t count = *(size_t *)ctx;
    pool_tasks = n;
    for (size_t i = 0; i < count; i++) assert_int_equal(pthread_create(&threads[i], NULL, pool_work, &p), 0);
    for (size_t i = 0; i < count; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    return p.first;
}

static void check_batch(const kl_roll_spec *spec, const kl_time *open, const double *const *columns, size_t n, size_t tasks_at_least) {
    double *expected[KL_ROLL_STATS_MAX], *out[KL_ROLL_STATS_MAX];
    kl_roll *roll = make(spec);
    kl_alloc_counter counter;
    kl_alloc alloc;
    for (uint32_t s = 0; s < spec->n_stats; s++) expected[s] = malloc(n * sizeof(double)), out[s] = malloc(n * sizeof(double));
    assert_int_equal(kl_roll_run(roll, open, columns, n, expected, NULL), KL_OK);
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
    for (size_t threads = 0; threads <= 8; threads = threads ? threads == 2 ? 8 : threads * 2 : 1) {
        const kl_executor executor = {&threads, pool_run};
        for (uint32_t s = 0; s < spec->n_stats; s++) memset(out[s], 7, n * sizeof(double));
        assert_int_equal(kl_roll_batch(spec, open, columns, n, threads ? &executor : NULL, &alloc, out, NULL), KL_OK);
        for (uint32_t s = 0; s < spec->n_stats; s++) assert_memory_equal(out[s], expected[s], n * sizeof(double));
        if (threads) assert_true(pool_tasks >= tasks_at_least);
        if (threads == 8) break;
    }
    assert_true(counter.live_blocks == 0 && counter.requests == 4);
    counter.fail_at = counter.requests + 1;
    assert_int_equal(kl_roll_batch(spec, open, columns, n, NULL, &alloc, out, NULL), KL_E_MEMORY);
    for (uint32_t s = 0; s < spec->n_stats; s++) free(expected[s]), free(out[s]);
    free(roll);
}

static void test_batch(void **state) {
    (void)state;
    const size_t n = quick() ? 70000 : 300000;
    uint64_t seed = 77;
    double *x[2] = {malloc(n * sizeof(double)), malloc(n * sizeof(double))};
    kl_time *open = malloc(n * sizeof(kl_time));
    hostile_fill(HOSTILE_WALK, 3, 300, x[0], n);
    hostile_fill(HOSTILE_SPIKES, 4, 300, x[1], n);
    for (size_t j = 0; j < n; j++) open[j] = (j ? open[j - 1] : 0) + INT64_C(60000000) * (random_below(&seed, 40) ? 1 : 30);
    for (int turn = 0; turn < (quick() ? 4 : 10); turn++) {
        kl_roll_spec spec;
        assert_int_equal(kl_roll_spec_init(&spec, 0, 1 + (int64_t)random_below(&seed, 700)), KL_OK);
        if (turn % 2) draw_window(&spec, &seed);
        spec.n_stats = turn < 5 ? 2 : 5;
        for (uint32_t s = 0; s < spec.n_stats; s++) spec.stats[s] = draw_stat(kl_roll_info_at(random_below(&seed, kinds())), &seed);
        check_batch(&spec, open, (const double *const[]){x[0], x[1]}, n, spec.period.unit ? 1 : 2);
    }
    free(open);
    free(x[0]);
    free(x[1]);
}

static int begin(void **state) {
    (void)state;
    level_before = kl_simd_level();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_strict), cmocka_unit_test(test_general),
                                       cmocka_unit_test(test_engines_agree), cmocka_unit_test(test_batch)};
    return cmocka_run_group_tests(tests, begin, NULL);
}
