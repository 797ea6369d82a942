/* Nothing allocates but what takes a kl_alloc: every call of the C library's allocator is counted, by the linker's --wrap. */
#include "base/fp.h"
#include "window.h"

static size_t calls;
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size) {
    calls++;
    return __real_malloc(size);
}
void *__wrap_calloc(size_t n, size_t size) {
    calls++;
    return __real_calloc(n, size);
}
void *__wrap_realloc(void *p, size_t size) {
    calls++;
    return __real_realloc(p, size);
}
void *__wrap_aligned_alloc(size_t alignment, size_t size) {
    calls++;
    return __real_aligned_alloc(alignment, size);
}

enum { SYMBOLS = 19, ROWS = 24, HISTORY = 80, PAIRS = SYMBOLS * (SYMBOLS - 1) / 2 };
static double x[HISTORY * SYMBOLS], packed[PAIRS], last[PAIRS], square[SYMBOLS * SYMBOLS], scratch[3 * SYMBOLS + ROWS];

/* The counter sees the library's own calls. */
static void test_counter(void **state) {
    (void)state;
    kl_corr_spec spec;
    static double all[HISTORY * PAIRS];
    window_history(HOSTILE_WALK, 1, 30, x, HISTORY, SYMBOLS);
    assert_int_equal(kl_corr_spec_init(&spec, SYMBOLS, ROWS), KL_OK);
    calls = 0;
    assert_int_equal(kl_corr_run(&spec, 0, x, HISTORY, SYMBOLS, NULL, NULL, all, NULL), KL_OK);
    assert_true(calls == 2); /* tables and one task */
}

static void test_matrix(void **state) {
    (void)state;
    static unsigned char image[64 + ROWS * SYMBOLS * 8 + 8];
    window_history(HOSTILE_WALK, 1, 30, x, HISTORY, SYMBOLS);
    for (size_t min_count = 0; min_count <= 2; min_count += 2) {
        kl_corr *corr = window_corr(SYMBOLS, ROWS, min_count);
        double r, average;
        size_t used = 0;
        int failed = 0;
        calls = 0;
        for (size_t t = 0; t < HISTORY; t++) {
            failed |= kl_corr_push(corr, (int64_t)(t + (t > 40 ? 3 : 0) + (t > 60 ? 100 : 0)), x + t * SYMBOLS, NULL) < 0;
            failed |= kl_corr_pair(corr, 3, 11, &r) < 0 || kl_corr_cov(corr, 3, 11, 1, &r) < 0;
            failed |= kl_corr_matrix(corr, packed) < 0 || kl_corr_cov_matrix(corr, 1, square) < 0;
            failed |= kl_corr_market(corr, scratch, &average, square) < 0;
            failed |= kl_corr_snapshot(corr, image, sizeof image, &used) < 0 || kl_corr_restore(corr, image, used, NULL) < 0;
        }
        assert_true(!failed && calls == 0);
        free(corr);
    }
}

static void test_readers(void **state) {
    (void)state;
    static kl_corr_break top[PAIRS];
    static kl_corr_edge edges[SYMBOLS];
    static int64_t degree[SYMBOLS];
    static double strength[SYMBOLS];
    kl_corr_summary summary;
    size_t total = 0, bytes = kl_corr_centrality_size(SYMBOLS);
    void *room = malloc(bytes);
    uint64_t seed = 4;
    int failed = 0;
    assert_non_null(room);
    for (size_t k = 0; k < PAIRS; k++) packed[k] = hostile_noise(&seed), last[k] = hostile_noise(&seed);
    calls = 0;
    for (int32_t how = KL_BREAK_DIFFERENCE; how <= KL_BREAK_FISHER; how++)
        failed |= kl_corr_breaks(packed, last, SYMBOLS, how, 0.1, top, 20, &total) < 0 || total == 0;
    failed |= kl_corr_sum_up(packed, SYMBOLS, &summary) < 0 || kl_corr_tree(packed, SYMBOLS, scratch, edges, &total) < 0;
    failed |= kl_corr_degree(packed, SYMBOLS, 0.1, degree, strength) == 0;
    for (int32_t kind = KL_CENTRALITY_DEGREE; kind <= KL_CENTRALITY_BETWEENNESS; kind++)
        failed |= kl_corr_centrality(packed, SYMBOLS, 0.1, kind, room, bytes, strength) < 0;
    assert_true(!failed && calls == 0);
    free(room);
}

static void test_ewma(void **state) {
    (void)state;
    kl_ewma *ewma = NULL;
    size_t bytes = kl_ewma_size(SYMBOLS), used = 0;
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    double cov, r;
    int failed = 0;
    assert_non_null(memory);
    assert_int_equal(kl_ewma_init(memory, bytes, SYMBOLS, 0.94, &ewma), KL_OK);
    const size_t size = kl_ewma_snapshot_size(ewma);
    void *image = malloc(size);
    assert_non_null(image);
    window_history(HOSTILE_WALK, 1, 30, x, HISTORY, SYMBOLS);
    calls = 0;
    for (size_t t = 0; t < HISTORY; t++) {
        failed |= kl_ewma_push(ewma, x + t * SYMBOLS) < 0 || kl_ewma_pair(ewma, 1, 2, &cov, &r) < 0 || kl_ewma_matrix(ewma, packed) < 0;
        failed |= kl_ewma_snapshot(ewma, image, size, &used) < 0 || kl_ewma_restore(ewma, image, used, NULL) < 0;
    }
    assert_true(!failed && calls == 0);
    free(image), free(memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counter), cmocka_unit_test(test_matrix), cmocka_unit_test(test_readers),
                                       cmocka_unit_test(test_ewma)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
