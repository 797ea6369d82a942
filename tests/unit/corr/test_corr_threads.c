/* Readers of one matrix in parallel, and scans through an executor of threads: the same bits, no races (under a thread sanitizer). */
#include "base/fp.h"
#include "window.h"
#include <pthread.h>

enum { SYMBOLS = 19, ROWS = 24, HISTORY = 200, PAIRS = SYMBOLS * (SYMBOLS - 1) / 2, THREADS_MAX = 8 };
static double x[HISTORY * SYMBOLS], wanted[HISTORY * PAIRS], got[HISTORY * PAIRS];

/* Threads that take the next task until there is none. */
typedef struct pool {
    size_t threads, next, n;
    kl_status (*fn)(void *arg, size_t index);
    void *arg;
    kl_status *status;
    pthread_mutex_t lock;
} pool;

static void *pool_work(void *word) {
    pool *p = (pool *)word;
    for (;;) {
        pthread_mutex_lock(&p->lock);
        size_t index = p->next++;
        pthread_mutex_unlock(&p->lock);
        if (index >= p->n) return NULL;
        p->status[index] = p->fn(p->arg, index);
    }
}

static kl_status pool_run(void *ctx, kl_status (*fn)(void *arg, size_t index), void *arg, size_t n) {
    pool *p = (pool *)ctx;
    pthread_t threads[THREADS_MAX];
    kl_status first = KL_OK;
    p->fn = fn, p->arg = arg, p->n = n, p->next = 0;
    p->status = (kl_status *)calloc(n + 1, sizeof *p->status);
    for (size_t k = 0; k < p->threads; k++) assert_int_equal(pthread_create(&threads[k], NULL, pool_work, p), 0);
    for (size_t k = 0; k < p->threads; k++) assert_int_equal(pthread_join(threads[k], NULL), 0);
    for (size_t k = 0; k < n && first == KL_OK; k++)
        if (p->status[k] < 0) first = p->status[k];
    free(p->status);
    return first;
}

static kl_status refuse(void *ctx, const kl_corr_tile *tile) {
    (void)ctx;
    return tile->first_row > 60 ? KL_E_STATE : KL_OK;
}

static void test_executors(void **state) {
    (void)state;
    pool p;
    memset(&p, 0, sizeof p);
    assert_int_equal(pthread_mutex_init(&p.lock, NULL), 0);
    const kl_executor executor = {&p, pool_run};
    window_history(HOSTILE_WALK, 4, 90, x, HISTORY, SYMBOLS);
    for (int64_t rows = 8; rows <= 150; rows = rows * 2 + 9)
        for (int pairwise = 0; pairwise < 2; pairwise++) {
            kl_corr_spec spec;
            assert_int_equal(kl_corr_spec_init(&spec, SYMBOLS, rows), KL_OK);
            if (pairwise) spec.flags = KL_CORR_PAIRWISE, spec.min_count = 4;
            assert_int_equal(kl_corr_run(&spec, 5, x, HISTORY, SYMBOLS, NULL, NULL, wanted, NULL), KL_OK);
            for (p.threads = 1; p.threads <= THREADS_MAX; p.threads += p.threads < 2 ? 1 : 6) {
                memset(got, 0, sizeof got);
                assert_int_equal(kl_corr_run(&spec, 5, x, HISTORY, SYMBOLS, &executor, NULL, got, NULL), KL_OK);
                for (size_t k = 0; k < (size_t)HISTORY * PAIRS; k++) assert_true(window_same(got[k], wanted[k]));
                assert_int_equal(kl_corr_scan(&spec, 5, x, HISTORY, SYMBOLS, &executor, NULL, refuse, NULL, NULL), KL_E_STATE);
            }
        }
    pthread_mutex_destroy(&p.lock);
}

typedef struct reader {
    const kl_corr *corr;
    const double *matrix;
    size_t wrong;
} reader;

static void *reader_work(void *word) {
    reader *r = (reader *)word;
    double scratch[ROWS], each[SYMBOLS], average, value;
    uint8_t image[64 + ROWS * SYMBOLS * 8 + 8];
    size_t used;
    for (size_t i = 0; i < SYMBOLS; i++)
        for (size_t j = i + 1; j < SYMBOLS; j++)
            r->wrong += kl_corr_pair(r->corr, j, i, &value) != KL_OK || !window_same(value, r->matrix[kl_pair_index(SYMBOLS, i, j)]);
    r->wrong += kl_corr_cov(r->corr, 1, 2, 1, &value) != KL_OK;
    r->wrong += kl_corr_market(r->corr, scratch, &average, each) < 0;
    r->wrong += kl_corr_snapshot(r->corr, image, sizeof image, &used) != KL_OK;
    return NULL;
}

static void test_readers(void **state) {
    (void)state;
    kl_corr *corr = window_corr(SYMBOLS, ROWS, 2);
    double matrix[PAIRS];
    window_history(HOSTILE_WALK, 4, 200, x, HISTORY, SYMBOLS);
    for (size_t t = 0; t < HISTORY; t++) {
        assert_int_equal(kl_corr_push(corr, (int64_t)t, x + t * SYMBOLS, NULL), KL_OK);
        if (t % 19) continue;
        assert_int_equal(kl_corr_matrix(corr, matrix), KL_OK);
        pthread_t threads[4];
        reader readers[4];
        for (int k = 0; k < 4; k++) {
            readers[k].corr = corr, readers[k].matrix = matrix, readers[k].wrong = 0;
            assert_int_equal(pthread_create(&threads[k], NULL, reader_work, &readers[k]), 0);
        }
        for (int k = 0; k < 4; k++) {
            assert_int_equal(pthread_join(threads[k], NULL), 0);
            assert_int_equal(readers[k].wrong, 0);
        }
    }
    free(corr);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_executors), cmocka_unit_test(test_readers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
