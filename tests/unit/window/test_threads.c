/* Many readers at once: peeks and snapshots of a window that none of them changes, batches that share their inputs, the level of the
 * kernels. Built with -Db_sanitize=thread this is the proof that they share nothing. */
#include "base/fp.h"
#include "market_data.h"
#include "window_run.h"
#include "kline/simd.h"
#include <pthread.h>

enum { ROWS = 4000, THREADS = 8 };
static double x[ROWS], y[ROWS], volume[ROWS];

static const kl_roll_stat alone[] = {{KL_ROLL_MEAN, 0, 0}, {KL_ROLL_STD, 0, 0}, {KL_ROLL_ZSCORE, 0, 0}, {KL_ROLL_KURT, 0, 0}, {KL_ROLL_MIN, 0, 0},
                                     {KL_ROLL_ARGMAX, 0, 0}, {KL_ROLL_MEDIAN, 0, 0}, {KL_ROLL_QUANTILE, 0, 0.9}, {KL_ROLL_RANK, 0, 0},
                                     {KL_ROLL_SLOPE, 0, 0}, {KL_ROLL_LAG, 0, 3}, {KL_ROLL_COUNT, 0, 0}};
static const kl_roll_stat paired[] = {{KL_ROLL_VWAP, 0, 0}, {KL_ROLL_CORR, 0, 0}, {KL_ROLL_REGALPHA, 0, 0}, {KL_ROLL_SUM, 0, 0}};

typedef struct reader {
    pthread_t thread;
    const kl_roll *roll;
    const kl_roll_spec *spec;
    const void *image; /* its snapshot */
    const double *result; /* what the next row gives */
    size_t image_bytes;
    int number, failed;
} reader;

static void *read_roll(void *arg) {
    reader *r = (reader *)arg;
    size_t bytes, used = 0, room = kl_roll_snapshot_size(r->roll);
    if (kl_roll_size(r->spec, &bytes, NULL) != KL_OK) return r->failed = 1, NULL;
    void *scratch = malloc(bytes), *image = malloc(room);
    for (int round = 0; round < 30 && scratch && image && !r->failed; round++) {
        double row[2] = {x[ROWS - 1], y[ROWS - 1]}, got[KL_ROLL_STATS_MAX];
        uint64_t infinite;
        if ((round + r->number) % 2) {
            if (kl_roll_peek(r->roll, scratch, bytes, 0, row, got) != KL_OK) r->failed = 1;
            for (uint32_t s = 0; s < r->spec->n_stats; s++) r->failed |= bits_of(got[s]) != bits_of(r->result[s]);
        } else {
            r->failed |= kl_roll_snapshot(r->roll, image, room, &used) != KL_OK || used != r->image_bytes || memcmp(image, r->image, used) != 0;
        }
        r->failed |= kl_roll_missing(r->roll, &infinite) != 0 || kl_simd_level() < 0;
    }
    if (!scratch || !image) r->failed = 1;
    free(scratch), free(image);
    return NULL;
}

static void readers_of(const kl_roll_stat *stats, size_t n, int64_t rows, int64_t min_count) {
    kl_roll_spec spec = spec_of(rows, 1, min_count, stats, n);
    const double *in[2] = {x, y};
    double **out = outputs_new(ROWS), result[KL_ROLL_STATS_MAX], row[2] = {x[ROWS - 1], y[ROWS - 1]};
    kl_roll *roll = roll_new(&spec), *next = roll_new(&spec);
    uint32_t inputs = kl_roll_inputs(&spec);
    roll_parts(roll, inputs, spec.n_stats, NULL, in, ROWS - 1, 0, out);
    roll_parts(next, inputs, spec.n_stats, NULL, in, ROWS - 1, 0, out);
    assert_int_equal(kl_roll_step(next, 0, row, result), KL_OK);
    size_t room = kl_roll_snapshot_size(roll), used;
    void *image = malloc(room);
    assert_int_equal(kl_roll_snapshot(roll, image, room, &used), KL_OK);
    reader readers[THREADS];
    for (int t = 0; t < THREADS; t++) {
        readers[t] = (reader){.roll = roll, .spec = &spec, .image = image, .result = result, .image_bytes = used, .number = t};
        assert_int_equal(pthread_create(&readers[t].thread, NULL, read_roll, &readers[t]), 0);
    }
    for (int t = 0; t < THREADS; t++) pthread_join(readers[t].thread, NULL);
    for (int t = 0; t < THREADS; t++) assert_false(readers[t].failed);
    free(roll), free(next), free(image), outputs_free(out);
}

static void test_readers(void **state) {
    (void)state;
    data_fill(DATA_WALK, 1, ROWS, x, y, volume);
    readers_of(alone, sizeof alone / sizeof *alone, 24, 0);
    readers_of(alone, sizeof alone / sizeof *alone, 300, 5);
    readers_of(paired, sizeof paired / sizeof *paired, 50, 0);
}

/* An executor of threads, each task of its own. */
typedef struct task {
    pthread_t thread;
    kl_status (*fn)(void *arg, size_t index);
    void *arg;
    size_t index;
    kl_status status;
} task;
static void *run_task(void *arg) {
    task *t = (task *)arg;
    t->status = t->fn(t->arg, t->index);
    return NULL;
}
static kl_status run_tasks(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    kl_status first = KL_OK;
    *(size_t *)ctx = n;
    for (size_t from = 0; from < n; from += THREADS) {
        task tasks[THREADS];
        size_t m = n - from < THREADS ? n - from : THREADS;
        for (size_t i = 0; i < m; i++) {
            tasks[i] = (task){.fn = fn, .arg = arg, .index = from + i};
            assert_int_equal(pthread_create(&tasks[i].thread, NULL, run_task, &tasks[i]), 0);
        }
        for (size_t i = 0; i < m; i++) pthread_join(tasks[i].thread, NULL);
        for (size_t i = 0; i < m; i++)
            if (first == KL_OK && tasks[i].status < 0) first = tasks[i].status;
    }
    return first;
}

enum { LONG_ROWS = 36000 }; /* two slices at least */
static double long_x[LONG_ROWS], long_y[LONG_ROWS], long_volume[LONG_ROWS];

typedef struct worker {
    pthread_t thread;
    const kl_roll_spec *spec;
    double **want;
    int failed;
} worker;

static void *work(void *arg) {
    worker *w = (worker *)arg;
    const double *in[2] = {long_x, long_y};
    size_t tasks = 0;
    kl_executor executor = {&tasks, run_tasks};
    double *out[KL_ROLL_STATS_MAX];
    for (uint32_t s = 0; s < w->spec->n_stats; s++) out[s] = (double *)malloc(LONG_ROWS * sizeof(double));
    w->failed = kl_roll_batch(w->spec, NULL, in, LONG_ROWS, &executor, NULL, out, NULL) != KL_OK || tasks < 2;
    for (uint32_t s = 0; s < w->spec->n_stats; s++) {
        w->failed |= memcmp(out[s], w->want[s], LONG_ROWS * sizeof(double)) != 0;
        free(out[s]);
    }
    return NULL;
}

static void test_batches(void **state) {
    (void)state;
    const double *in[2] = {long_x, long_y};
    data_fill(DATA_WALK, 2, LONG_ROWS, long_x, long_y, long_volume);
    for (int pair = 0; pair < 2; pair++) {
        kl_roll_spec spec = pair ? spec_of(60, 1, 0, paired, sizeof paired / sizeof *paired) : spec_of(60, 0, 3, alone, sizeof alone / sizeof *alone);
        double **want = outputs_new(LONG_ROWS);
        roll_all(&spec, NULL, in, LONG_ROWS, 0, want);
        worker workers[4];
        for (int i = 0; i < 4; i++) {
            workers[i] = (worker){.spec = &spec, .want = want};
            assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
        }
        for (int i = 0; i < 4; i++) pthread_join(workers[i].thread, NULL);
        for (int i = 0; i < 4; i++) assert_false(workers[i].failed);
        outputs_free(want);
    }
}

/* The one shared setting may change at any time: results stay. */
static void *switch_levels(void *arg) {
    for (int i = 0; i < 2000; i++) (void)kl_simd_force((i + *(const int *)arg) % 3), (void)kl_simd_level();
    return NULL;
}
static void test_levels_change(void **state) {
    (void)state;
    static const int turns[2] = {0, 1};
    int32_t before = getenv("KLINE_SIMD") && *getenv("KLINE_SIMD") ? kl_simd_level() : KL_SIMD_BEST;
    const double *in[2] = {x, y};
    data_fill(DATA_SPIKES, 3, ROWS, x, y, volume);
    kl_roll_spec spec = spec_of(40, 1, 0, alone, sizeof alone / sizeof *alone);
    double **want = outputs_new(ROWS), **got = outputs_new(ROWS);
    roll_all(&spec, NULL, in, ROWS, 0, want);
    pthread_t switches[2];
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&switches[i], NULL, switch_levels, (void *)(uintptr_t)&turns[i]), 0);
    for (int round = 0; round < 5; round++) {
        roll_all(&spec, NULL, in, ROWS, -1, got);
        for (uint32_t s = 0; s < spec.n_stats; s++) assert_memory_equal(got[s], want[s], ROWS * sizeof(double));
    }
    for (int i = 0; i < 2; i++) pthread_join(switches[i], NULL);
    assert_int_equal(kl_simd_force(before), KL_OK);
    outputs_free(want), outputs_free(got);
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_readers), cmocka_unit_test(test_batches), cmocka_unit_test(test_levels_change)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
