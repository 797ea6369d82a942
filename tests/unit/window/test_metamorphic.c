/* Relations that hold bit by bit, over every statistic of the registry: scaling by powers of two, translation of integers,
 * slices, what came before the window, chunking, threads, instruction sets, shared specs, spans, lags, snapshots. */
#include "base/fp.h"
#include "market_data.h"
#include "window_run.h"
#include "kline/simd.h"
#include <pthread.h>

#define ROWS_MAX 21000

static const int64_t lengths[] = {1, 2, 3, 5, 14, 24, 50, 168, 200, 255, 256, 500, 1000};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

static double x[ROWS_MAX], y[ROWS_MAX], volume[ROWS_MAX], x2[ROWS_MAX], y2[ROWS_MAX];
static size_t rows;
static int32_t before;
static int quick(void) { return getenv("KLINE_QUICK") != NULL; } /* there turns are taken: each choice comes, not with each other */

/* -------------------------------------------------------------------------------------------- every spec, in turn --- */

typedef struct walk {
    variants all;
    size_t at;
    int turn;
} walk;

/* The statistics that follow, as many as a spec takes: first those of one input, then pairs, then VWAP with volumes. */
static int walk_next(walk *w, int64_t length, kl_roll_spec *spec, const double **in, uint64_t *seed) {
    kl_roll_stat stats[KL_ROLL_STATS_MAX];
    for (; w->turn < 3; w->turn++, w->at = 0) {
        size_t m = 0;
        if (w->at == 0) w->all = variants_of(w->turn ? 2 : 1);
        for (; w->at < w->all.n && m < KL_ROLL_STATS_MAX; w->at++)
            if (w->turn == 0 || (w->turn == 2) == (w->all.info[w->at]->what == KL_ROLL_VWAP)) stats[m++] = w->all.stats[w->at];
        if (m == 0) continue;
        *spec = spec_of(length, (int32_t)random_below(seed, 2), 0, stats, m);
        in[0] = x, in[1] = w->turn == 2 ? volume : y;
        return 1;
    }
    return 0;
}
#define EACH_SPEC(length)                                                                                                      \
    uint64_t walk_seed = (uint64_t)(length);                                                                                   \
    kl_roll_spec spec;                                                                                                         \
    const double *in[2];                                                                                                       \
    walk w;                                                                                                                    \
    w.at = 0, w.turn = 0;                                                                                                      \
    while (walk_next(&w, length, &spec, in, &walk_seed))

static void same(const char *law, const kl_roll_spec *spec, uint32_t s, size_t k, double want, double got) {
    if (bits_of(want) != bits_of(got))
        fail_msg("%s: %s of %lld (ddof %d, min_count %d, flags %u): row %zu is %a (%.17g) and must be %a (%.17g)", law, stat_text(&spec->stats[s]),
                 (long long)spec->rows, (int)spec->ddof, (int)spec->min_count, (unsigned)spec->flags, k, got, got, want, want);
}
static void all_same(const char *law, const kl_roll_spec *spec, size_t n, double *const *want, double *const *got) {
    for (uint32_t s = 0; s < spec->n_stats; s++)
        for (size_t k = 0; k < n; k++) same(law, spec, s, k, want[s][k], got[s][k]);
}

static const kl_roll_info *info_of(int32_t what) {
    for (size_t i = 0; kl_roll_info_at(i); i++)
        if (kl_roll_info_at(i)->what == what) return kl_roll_info_at(i);
    return NULL;
}

/* ------------------------------------------------------------------------------------------------------- scaling --- */

/* The power of the scale that a statistic has: x by 2^a, y (or the volume) by 2^b. */
static int power_of(int32_t what, int a, int b) {
    switch (what) {
    case KL_ROLL_VAR: return 2 * a;
    case KL_ROLL_COV: return a + b;
    case KL_ROLL_REGBETA: return a - b;
    case KL_ROLL_ZSCORE: case KL_ROLL_SKEW: case KL_ROLL_KURT: case KL_ROLL_ARGMIN: case KL_ROLL_ARGMAX: case KL_ROLL_RANGEPOS:
    case KL_ROLL_LINE_R2: case KL_ROLL_RANK: case KL_ROLL_PRANK: case KL_ROLL_COUNT: case KL_ROLL_CORR: case KL_ROLL_REG_R2: return 0;
    default: return a;
    }
}

static void test_scaling(void **state) {
    (void)state;
    static const int powers[][2] = {{37, 0}, {-41, 13}, {100, -100}, {-180, 60}, {0, 150}};
    static const int kinds[] = {DATA_RETURNS, DATA_WALK, DATA_OFFSET, DATA_TICKS};
    double **want = outputs_new(rows), **got = outputs_new(rows);
    for (size_t d = 0; d < sizeof kinds / sizeof *kinds; d++) {
        data_fill(kinds[d], 30 + (uint64_t)d, rows, x, y, volume);
        for (size_t l = 0; l < LENGTHS; l += 2) {
            EACH_SPEC(lengths[l]) {
                roll_all(&spec, NULL, in, rows, 0, want);
                for (size_t p = 0; p < sizeof powers / sizeof *powers; p++) {
                    for (size_t k = 0; k < rows; k++) x2[k] = ldexp(in[0][k], powers[p][0]), y2[k] = ldexp(in[1][k], powers[p][1]);
                    const double *scaled[] = {x2, y2};
                    roll_all(&spec, NULL, scaled, rows, 0, got);
                    for (uint32_t s = 0; s < spec.n_stats; s++)
                        for (size_t k = 0; k < rows; k++)
                            same("scaling", &spec, s, k, isfinite(want[s][k]) ? ldexp(want[s][k], power_of(spec.stats[s].what, powers[p][0], powers[p][1])) : want[s][k], got[s][k]);
                }
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

/* Integers and their sums are exact: moving them moves the means and leaves the rest alone. */
static void test_translation(void **state) {
    (void)state;
    static const int32_t still[] = {KL_ROLL_VAR, KL_ROLL_STD, KL_ROLL_ZSCORE, KL_ROLL_SKEW, KL_ROLL_KURT, KL_ROLL_ARGMIN, KL_ROLL_ARGMAX,
                                    KL_ROLL_RANGEPOS, KL_ROLL_RANK, KL_ROLL_PRANK, KL_ROLL_COUNT, KL_ROLL_COV, KL_ROLL_CORR,
                                    KL_ROLL_REGBETA, KL_ROLL_REG_R2, KL_ROLL_SLOPE, KL_ROLL_LINE_R2};
    static const int32_t moving[] = {KL_ROLL_MIN, KL_ROLL_MAX, KL_ROLL_MEDIAN, KL_ROLL_LAG};
    double **want = outputs_new(rows), **got = outputs_new(rows);
    data_fill(DATA_INTEGERS, 77, rows, x, y, volume);
    for (size_t l = 0; l < LENGTHS; l++) {
        EACH_SPEC(lengths[l]) {
            if (w.turn == 2) continue;
            roll_all(&spec, NULL, in, rows, 0, want);
            for (int far = 0; far < 2; far++) {
                double by = far ? 0x1p40 : 5000.0;
                for (size_t k = 0; k < rows; k++) x2[k] = x[k] + by, y2[k] = y[k] + 0x1p33;
                const double *moved[] = {x2, y2};
                roll_all(&spec, NULL, moved, rows, 0, got);
                for (uint32_t s = 0; s < spec.n_stats; s++) {
                    int stays = 0, moves = 0;
                    for (size_t i = 0; i < sizeof still / sizeof *still; i++) stays |= still[i] == spec.stats[s].what;
                    for (size_t i = 0; i < sizeof moving / sizeof *moving; i++) moves |= moving[i] == spec.stats[s].what;
                    for (size_t k = 0; k < rows && (stays || moves); k++) same("translation", &spec, s, k, want[s][k] + (moves ? by : 0.0), got[s][k]);
                }
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

/* -------------------------------------------------------------------------------------------------------- history --- */

/* Rows from `from` on, alone or behind garbage, give what they give in the whole. */
static void test_slices(void **state) {
    (void)state;
    static const double garbage[] = {(double)NAN, HUGE_VAL, -HUGE_VAL, 1e308, -1e308, 1e300, -1e300, 0x1p999, -1e-308, 0.0, -0.0};
    uint64_t seed = 3;
    double **want = outputs_new(rows), **got = outputs_new(rows);
    for (int kind = 0; kind < DATA_INTEGERS; kind++) {
        data_fill(kind, 900 + (uint64_t)kind, rows, x, y, volume);
        int64_t length = lengths[(size_t)kind % LENGTHS];
        for (int round = 0; round < 2; round++, length = lengths[(size_t)(kind * 5 + 3) % LENGTHS]) {
            EACH_SPEC(length) {
                for (int partial = 0; partial < 2; partial++) {
                    spec.min_count = partial ? 1 + (length > 3) : 0;
                    roll_all(&spec, NULL, in, rows, 0, want);
                    for (int trial = 0; trial < 4; trial++) {
                        size_t reach = (size_t)length + 4, from = (size_t)random_below(&seed, rows - reach - 1);
                        size_t dirt = trial < 2 ? 0 : (size_t)random_below(&seed, from + 1);
                        for (size_t k = 0; k < dirt; k++) x2[k] = garbage[random_below(&seed, 11)], y2[k] = garbage[random_below(&seed, 11)];
                        memcpy(x2 + dirt, in[0] + from, (rows - from) * sizeof *x2), memcpy(y2 + dirt, in[1] + from, (rows - from) * sizeof *y2);
                        const double *slice[] = {x2, y2};
                        roll_all(&spec, NULL, slice, dirt + rows - from, trial % 2 ? -1 : 0, got);
                        for (uint32_t s = 0; s < spec.n_stats; s++)
                            for (size_t k = from + reach; k < rows; k++) same(dirt ? "garbage before" : "slice", &spec, s, k, want[s][k], got[s][k - from + dirt]);
                    }
                }
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

/* Holes in the data for the relations below. */
static void punch(double *column, uint64_t every, uint64_t seed) {
    for (size_t k = 0; k < rows; k++)
        if (random_below(&seed, every) == 0) column[k] = random_below(&seed, 3) ? (double)NAN : random_below(&seed, 2) ? HUGE_VAL : -1e305;
}

/* Chunks, steps, peeks, a restart from a snapshot: the bits of one call; also where the input is the output. */
static void test_chunks(void **state) {
    (void)state;
    static const long parts[] = {1, 7, 64, 1000, -1, -2};
    double **want = outputs_new(rows), **got = outputs_new(rows);
    for (int holes = 0; holes < 2; holes++) {
        data_fill(DATA_WALK, 41, rows, x, y, volume);
        if (holes) punch(x, 40, 1), punch(y, 60, 2), punch(volume, 60, 3);
        for (size_t l = 0; l < LENGTHS; l++) {
            EACH_SPEC(lengths[l]) {
                spec.min_count = holes ? 1 + spec.rows / 3 : 0;
                if (w.at % 3 == 1) spec.flags = KL_ROLL_BEFORE;
                roll_all(&spec, NULL, in, rows, 0, want);
                for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
                    if (quick() && (p + l + w.at) % 3) continue;
                    roll_all(&spec, NULL, in, rows, parts[p], got);
                    all_same("chunks", &spec, rows, want, got);
                }
                memcpy(x2, in[0], rows * sizeof *x2);
                const double *aliased[] = {x2, in[1]};
                double *keep = got[0];
                got[0] = x2;
                roll_all(&spec, NULL, aliased, rows, 0, got);
                got[0] = keep;
                for (size_t k = 0; k < rows; k++) same("output over input", &spec, 0, k, want[0][k], x2[k]);
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

static void test_restart(void **state) {
    (void)state;
    uint64_t seed = 8;
    double **want = outputs_new(rows), **got = outputs_new(rows);
    data_fill(DATA_SPIKES, 43, rows, x, y, volume);
    punch(x, 100, 1), punch(y, 100, 2), punch(volume, 100, 3);
    for (size_t l = 0; l < LENGTHS; l++) {
        EACH_SPEC(lengths[l]) {
            spec.min_count = l % 2 ? 1 : 0;
            uint32_t inputs = kl_roll_inputs(&spec);
            roll_all(&spec, NULL, in, rows, 0, want);
            size_t cut = 1 + (size_t)random_below(&seed, rows - 2), bytes, used = 0;
            kl_roll *first = roll_new(&spec), *second = roll_new(&spec);
            roll_parts(first, inputs, spec.n_stats, NULL, in, cut, -1, got);
            size_t room = kl_roll_snapshot_size(first);
            unsigned char *image = (unsigned char *)malloc(room), *again = (unsigned char *)malloc(room);
            assert_true(image && again);
            assert_int_equal(kl_roll_snapshot(first, image, room, &used), KL_OK);
            assert_true(used <= room);
            assert_int_equal(kl_roll_restore(second, image, used, NULL), KL_OK);
            void *scratch = roll_memory(&spec, &bytes);
            for (size_t k = cut; k < rows && k < cut + 300; k++) {
                double row[2] = {in[0][k], in[1][k]}, ahead[KL_ROLL_STATS_MAX], result[KL_ROLL_STATS_MAX];
                assert_int_equal(kl_roll_peek(second, scratch, bytes, 0, row, ahead), KL_OK);
                assert_int_equal(kl_roll_step(second, 0, row, result), KL_OK);
                for (uint32_t s = 0; s < spec.n_stats; s++) same("restart", &spec, s, k, want[s][k], result[s]), same("peek", &spec, s, k, want[s][k], ahead[s]);
            }
            assert_int_equal(kl_roll_restore(second, image, used, NULL), KL_OK); /* in any state */
            size_t used_again = 0;
            assert_int_equal(kl_roll_snapshot(second, again, room, &used_again), KL_OK);
            assert_int_equal(used_again, used);
            assert_memory_equal(again, image, used);
            kl_roll *third = roll_new(&spec); /* the same bytes whatever the way */
            roll_parts(third, inputs, spec.n_stats, NULL, in, cut, -2, got);
            assert_int_equal(kl_roll_snapshot(third, again, room, &used_again), KL_OK);
            assert_int_equal(used_again, used);
            assert_memory_equal(again, image, used);
            free(first), free(second), free(third), free(image), free(again), free(scratch);
        }
    }
    outputs_free(want), outputs_free(got);
}

/* -------------------------------------------------------------------------------------------- threads, kernels --- */

typedef struct crew {
    size_t threads;
    pthread_mutex_t lock;
    size_t next, n;
    kl_status (*fn)(void *arg, size_t index);
    void *arg;
    kl_status failed;
    size_t failed_at;
} crew;

static void *crew_work(void *arg) {
    crew *c = (crew *)arg;
    for (;;) {
        pthread_mutex_lock(&c->lock);
        size_t index = c->next++;
        pthread_mutex_unlock(&c->lock);
        if (index >= c->n) return NULL;
        kl_status status = c->fn(c->arg, index);
        pthread_mutex_lock(&c->lock);
        if (status < 0 && index < c->failed_at) c->failed = status, c->failed_at = index;
        pthread_mutex_unlock(&c->lock);
    }
}
static kl_status crew_run(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    crew *c = (crew *)ctx;
    pthread_t threads[8];
    c->next = 0, c->n = n, c->fn = fn, c->arg = arg, c->failed = KL_OK, c->failed_at = (size_t)-1;
    for (size_t i = 0; i < c->threads; i++) assert_int_equal(pthread_create(&threads[i], NULL, crew_work, c), 0);
    for (size_t i = 0; i < c->threads; i++) pthread_join(threads[i], NULL);
    return c->failed;
}

static void test_batch(void **state) {
    (void)state;
    static const size_t threads[] = {0, 1, 2, 8}; /* 0: no executor */
    static const size_t sizes[] = {0, 1, 37, 1000, (size_t)-1}; /* too short for slices */
    double **want = outputs_new(rows), **got = outputs_new(rows);
    for (int holes = 0; holes < 2; holes++) {
        data_fill(DATA_WALK, 51, rows, x, y, volume);
        if (holes) punch(x, 200, 1), punch(y, 200, 2), punch(volume, 200, 3);
        for (size_t l = 0; l < LENGTHS; l++) {
            EACH_SPEC(lengths[l]) {
                spec.min_count = holes ? 1 : 0;
                if (w.at % 3 == 2) spec.flags = KL_ROLL_BEFORE;
                roll_all(&spec, NULL, in, rows, 0, want);
                for (size_t t = 0; t < sizeof threads / sizeof *threads; t++)
                    for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++) {
                        if (quick() && (t + z + l) % 4) continue;
                        crew c = {.threads = threads[t], .lock = PTHREAD_MUTEX_INITIALIZER};
                        kl_executor executor = {&c, crew_run};
                        size_t n = sizes[z] == (size_t)-1 ? rows : sizes[z];
                        kl_error error;
                        kl_status status = kl_roll_batch(&spec, NULL, in, n, threads[t] ? &executor : NULL, NULL, got, &error);
                        if (status != KL_OK) fail_msg("kl_roll_batch: %s", error.message);
                        all_same("batch", &spec, n, want, got);
                    }
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

/* Columns long enough for slices: few statistics of each family of engines. */
static void test_slices_of_batch(void **state) {
    (void)state;
    enum { N = 70000 };
    const size_t n = quick() ? 41000 : N;
    static double a[N], b[N], v[N];
    static const kl_roll_stat one[] = {{KL_ROLL_SUM, 0, 0}, {KL_ROLL_STD, 0, 0}, {KL_ROLL_ARGMAX, 0, 0}, {KL_ROLL_RANK, 0, 0}, {KL_ROLL_LAG, 0, 5}};
    static const kl_roll_stat two[] = {{KL_ROLL_CORR, 0, 0}, {KL_ROLL_VWAP, 0, 0}};
    static const int64_t windows[] = {20, 1000};
    static const size_t threads[] = {1, 2, 8};
    static kl_time time[N];
    const double *columns[2] = {a, b};
    double **want = outputs_new(n), **got = outputs_new(n);
    data_fill(DATA_WALK, 52, n, a, b, v);
    for (size_t k = 0; k < n; k++) time[k] = (kl_time)(k + k / 37) * 60000000;
    for (int holes = 0; holes < 2; holes++) {
        for (size_t k = 333; holes && k < n; k += 401) a[k] = (double)NAN;
        for (size_t i = 0; i < 8; i++) {
            kl_roll_spec spec = i % 2 ? spec_of(windows[i / 2 % 2], 1, holes, two, 2) : spec_of(windows[i / 2 % 2], 1, holes, one, 5);
            if (i >= 4) spec.flags = KL_ROLL_BEFORE, spec.span_us = windows[i / 2 % 2] * INT64_C(30000000);
            roll_all(&spec, time, columns, n, 0, want);
            for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
                if (quick() && (t + i) % 3) continue;
                crew c = {.threads = threads[t], .lock = PTHREAD_MUTEX_INITIALIZER};
                kl_executor executor = {&c, crew_run};
                for (uint32_t s = 0; s < spec.n_stats; s++) memset(got[s], 0xff, n * sizeof(double));
                assert_int_equal(kl_roll_batch(&spec, time, columns, n, &executor, NULL, got, NULL), KL_OK);
                assert_true(c.n > 1); /* else nothing is tested */
                all_same("slices", &spec, n, want, got);
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

static void test_levels(void **state) {
    (void)state;
    double **want = outputs_new(rows), **got = outputs_new(rows);
    for (int kind = 0; kind < DATA_REAL; kind++)
        for (int holes = 0; holes < 2; holes++) {
            data_fill(kind, 61, rows, x, y, volume);
            if (holes) punch(x, 200, 1), punch(y, 200, 2), punch(volume, 200, 3);
            const size_t apart = quick() ? 9 : 3;
            for (size_t l = (size_t)(quick() ? 2 * kind + holes : kind + holes) % apart; l < LENGTHS; l += apart) {
                EACH_SPEC(lengths[l]) {
                    spec.min_count = holes ? 1 + spec.rows / 2 : 0;
                    assert_int_equal(kl_simd_force(KL_SIMD_BASELINE), KL_OK);
                    roll_all(&spec, NULL, in, rows, -2, want);
                    for (int32_t level = KL_SIMD_BASELINE; level <= KL_SIMD_NEON; level++) {
                        if (kl_simd_force(level) != KL_OK) continue;
                        roll_all(&spec, NULL, in, rows, 0, got);
                        all_same(kl_simd_name(level), &spec, rows, want, got);
                    }
                }
            }
        }
    assert_int_equal(kl_simd_force(before), KL_OK);
    outputs_free(want), outputs_free(got);
}

/* ------------------------------------------------------------------------------------------- windows that are equal --- */

/* On clean full windows: min_count is the strict path, a span is its number of rows, one statistic alone is itself. */
static void test_same_windows(void **state) {
    (void)state;
    static kl_time time[ROWS_MAX];
    const int64_t minute = 60000000;
    for (size_t k = 0; k < rows; k++) time[k] = (int64_t)k * minute + INT64_C(1600000000000000);
    double **want = outputs_new(rows), **got = outputs_new(rows);
    for (int kind = 0; kind < DATA_REAL; kind += 2) {
        data_fill(kind, 71, rows, x, y, volume);
        for (size_t l = (size_t)kind % 2; l < LENGTHS; l += 2) {
            EACH_SPEC(lengths[l]) {
                size_t first = (size_t)spec.rows;
                roll_all(&spec, NULL, in, rows, 0, want);
                kl_roll_spec other = spec;
                other.min_count = 1;
                roll_all(&other, NULL, in, rows, 0, got);
                for (uint32_t s = 0; s < spec.n_stats; s++)
                    for (size_t k = first; k < rows; k++) same("min_count 1", &spec, s, k, want[s][k], got[s][k]);
                other.min_count = spec.rows;
                roll_all(&other, NULL, in, rows, 0, got);
                for (uint32_t s = 0; s < spec.n_stats; s++)
                    for (size_t k = 0; k < rows; k++) same("min_count w", &spec, s, k, want[s][k], got[s][k]);
                other = spec, other.span_us = spec.rows * minute;
                roll_all(&other, time, in, rows, 0, got);
                for (uint32_t s = 0; s < spec.n_stats; s++)
                    for (size_t k = first; k < rows; k++) same("span", &spec, s, k, want[s][k], got[s][k]);
                for (uint32_t s = 0; s < spec.n_stats; s++) {
                    other = spec_of(spec.rows, spec.ddof, 0, &spec.stats[s], 1);
                    uint32_t inputs = kl_roll_inputs(&other);
                    if (inputs != kl_roll_inputs(&spec)) continue;
                    roll_all(&other, NULL, in, rows, 0, got);
                    for (size_t k = 0; k < rows; k++) same("alone", &other, 0, k, want[s][k], got[0][k]);
                }
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

/* A window that ends before the current row is the window of the row before. */
static void test_before_is_lagged(void **state) {
    (void)state;
    double **want = outputs_new(rows), **got = outputs_new(rows);
    data_fill(DATA_WALK, 81, rows, x, y, volume);
    for (int holes = 0; holes < 2; holes++) {
        if (holes) punch(x, 50, 1), punch(y, 50, 2), punch(volume, 50, 3);
        for (size_t l = 0; l < LENGTHS; l++) {
            EACH_SPEC(lengths[l]) {
                spec.min_count = holes ? 1 : 0;
                roll_all(&spec, NULL, in, rows, 0, want);
                spec.flags = KL_ROLL_BEFORE;
                roll_all(&spec, NULL, in, rows, 0, got);
                for (uint32_t s = 0; s < spec.n_stats; s++) {
                    if (info_of(spec.stats[s].what)->uses_current || spec.stats[s].what == KL_ROLL_LAG) continue;
                    for (size_t k = 1; k < rows; k++) same("before", &spec, s, k, want[s][k - 1], got[s][k]);
                }
            }
        }
    }
    outputs_free(want), outputs_free(got);
}

/* Pairs: cov(x, x) is var, corr(x, x) is 1, both are symmetric, y = -4 x has correlation -1, constant volume gives the mean. */
static void test_pairs(void **state) {
    (void)state;
    static const kl_roll_stat pair[] = {{KL_ROLL_COV, 0, 0}, {KL_ROLL_CORR, 0, 0}, {KL_ROLL_REG_R2, 0, 0}, {KL_ROLL_REGBETA, 0, 0}, {KL_ROLL_VAR, 0, 0}};
    double **a = outputs_new(rows), **b = outputs_new(rows);
    for (int kind = 0; kind < DATA_REAL; kind++) {
        data_fill(kind, 91, rows, x, y, volume);
        for (size_t l = 1; l < LENGTHS; l++)
            for (int32_t ddof = 0; ddof < 2; ddof++) {
                kl_roll_spec spec = spec_of(lengths[l], ddof, 0, pair, 5), alone = spec_of(lengths[l], ddof, 0, pair + 4, 1);
                const double *xx[] = {x, x}, *xy[] = {x, y}, *yx[] = {y, x};
                roll_all(&spec, NULL, xx, rows, 0, a);
                roll_all(&alone, NULL, xx, rows, 0, b);
                for (size_t k = 0; k < rows; k++) {
                    same("var beside a pair", &alone, 0, k, b[0][k], a[4][k]);
                    same("cov(x, x) is var", &spec, 0, k, b[0][k], a[0][k]);
                    int flat = !(b[0][k] > 0);
                    for (uint32_t s = 1; s < 3; s++) same("corr(x, x)", &spec, s, k, flat ? (double)NAN : 1.0, a[s][k]);
                    same("beta(x, x) is 1", &spec, 3, k, flat ? (double)NAN : 1.0, a[3][k]);
                }
                roll_all(&spec, NULL, xy, rows, 0, a), roll_all(&spec, NULL, yx, rows, 0, b);
                for (size_t k = 0; k < rows; k++)
                    for (uint32_t s = 0; s < 3; s++) same("symmetric", &spec, s, k, a[s][k], b[s][k]);
                for (size_t k = 0; k < rows; k++) x2[k] = -4.0 * x[k];
                const double *opposed[] = {x, x2};
                roll_all(&spec, NULL, opposed, rows, 0, b);
                for (size_t k = 0; k < rows; k++)
                    for (uint32_t s = 1; s < 4; s++)
                        if (isfinite(b[s][k])) same("corr(x, -4x)", &spec, s, k, s == 1 ? -1.0 : s == 2 ? 1.0 : -0.25, b[s][k]);
            }
    }
    outputs_free(a), outputs_free(b);
}

/* ------------------------------------------------------------------------------------------------------- locality --- */

/* One value that is missing makes exactly the windows that hold it unknown, and with min_count none. */
static void test_locality(void **state) {
    (void)state;
    static const double bad[][2] = {{(double)NAN, 0}, {HUGE_VAL, 0}, {-HUGE_VAL, 0}, {1e308, -1e308}, {0x1p1000, 0}, {-0x1p1023, 0}};
    enum { AT = 777 };
    size_t n = quick() ? rows : 20000, keep = rows;
    rows = n;
    double **clean = outputs_new(rows), **got = outputs_new(rows);
    static const int64_t few[] = {1, 3, 24, 168, 500};
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
        data_fill(b % 2 ? DATA_WALK : DATA_RETURNS, 101, rows, x, y, volume);
        for (size_t l = b % 2; l < sizeof few / sizeof *few; l += 2) {
            EACH_SPEC(few[l]) {
                uint32_t inputs = kl_roll_inputs(&spec);
                for (uint32_t where = 0; where < inputs; where++) {
                    roll_all(&spec, NULL, in, rows, 0, clean);
                    memcpy(x2, in[0], rows * sizeof *x2), memcpy(y2, in[1], rows * sizeof *y2);
                    size_t hits = bad[b][1] != 0 ? 2 : 1;
                    for (size_t h = 0; h < hits; h++) (where ? y2 : x2)[AT + h] = bad[b][h];
                    const double *dirty[] = {x2, y2};
                    kl_roll *roll = roll_new(&spec);
                    roll_parts(roll, inputs, spec.n_stats, NULL, dirty, rows, b % 3 ? 0 : -2, got);
                    uint64_t infinite = 77, missing = kl_roll_missing(roll, &infinite);
                    assert_int_equal(missing, hits);
                    assert_int_equal(infinite, isnan(bad[b][0]) ? 0 : hits);
                    free(roll);
                    for (uint32_t s = 0; s < spec.n_stats; s++) {
                        size_t unknown = 0;
                        int32_t what = spec.stats[s].what;
                        for (size_t k = 0; k < rows; k++) {
                            int holds = k >= AT && k < AT + hits - 1 + (size_t)spec.rows;
                            if (what == KL_ROLL_LAG) {
                                size_t lag = (size_t)spec.stats[s].param;
                                holds = k >= AT + lag && k < AT + lag + hits;
                            }
                            if (what == KL_ROLL_COUNT) {
                                if (holds ? got[s][k] >= clean[s][k] : got[s][k] != clean[s][k]) fail_msg("count of %lld: row %zu is %g", (long long)spec.rows, k, got[s][k]);
                            } else if (holds) {
                                if (bits_of(got[s][k]) != UINT64_C(0x7ff8000000000000)) fail_msg("%s of %lld: row %zu holds %g and is %g", stat_text(&spec.stats[s]), (long long)spec.rows, k, bad[b][0], got[s][k]);
                                unknown++;
                            } else {
                                same("locality", &spec, s, k, clean[s][k], got[s][k]);
                            }
                        }
                        if (what != KL_ROLL_COUNT && what != KL_ROLL_LAG) assert_int_equal(unknown, hits - 1 + (size_t)spec.rows);
                    }
                    kl_roll_spec patient = spec;
                    patient.min_count = 1;
                    roll_all(&patient, NULL, dirty, rows, 0, got);
                    for (uint32_t s = 0; s < spec.n_stats; s++)
                        for (size_t k = (size_t)spec.rows; k < rows; k++) {
                            int holds = k >= AT && k < AT + hits - 1 + (size_t)spec.rows;
                            if (!holds && spec.stats[s].what != KL_ROLL_LAG) same("locality with min_count", &spec, s, k, clean[s][k], got[s][k]);
                        }
                }
            }
        }
    }
    rows = keep;
    outputs_free(clean), outputs_free(got);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scaling), cmocka_unit_test(test_translation), cmocka_unit_test(test_slices), cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_restart), cmocka_unit_test(test_batch), cmocka_unit_test(test_slices_of_batch), cmocka_unit_test(test_levels), cmocka_unit_test(test_same_windows),
        cmocka_unit_test(test_before_is_lagged), cmocka_unit_test(test_pairs), cmocka_unit_test(test_locality)};
    rows = getenv("KLINE_LONG") ? 9000 : quick() ? 1300 : 2600;
    before = getenv("KLINE_SIMD") && *getenv("KLINE_SIMD") ? kl_simd_level() : KL_SIMD_BEST;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
