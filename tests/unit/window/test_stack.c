/* How much of the stack windows take: a thread runs on a painted one, and what it has touched is measured. */
#define _GNU_SOURCE /* pthread_attr_setstack */
#include "base/fp.h"
#include "window_run.h"
#include "kline/simd.h"
#include <pthread.h>

#define PROMISE (128 * 1024) /* window.h: kl_roll_run, the deepest */
#define ROWS 1100

enum { STACK = 1 << 20, PAINT = 0xa5 };
static double x[ROWS], y[ROWS], results[KL_ROLL_STATS_MAX][ROWS];
static kl_time times[ROWS];
static _Alignas(4096) unsigned char stack[STACK];

typedef struct job {
    const kl_roll_spec *spec;
    kl_roll *roll;
    void *image, *scratch;
    size_t image_bytes, scratch_bytes;
    int way, failed; /* way 0: nothing */
} job;

static void *work(void *arg) {
    job *j = (job *)arg;
    const double *in[2] = {x, y};
    double *out[KL_ROLL_STATS_MAX], row[2] = {1, 2}, one[KL_ROLL_STATS_MAX];
    for (size_t s = 0; s < KL_ROLL_STATS_MAX; s++) out[s] = results[s];
    const kl_time next = times[ROWS - 1] + 1;
    switch (j->way) {
    case 1: j->failed = kl_roll_run(j->roll, times, in, ROWS, out, NULL) != KL_OK; break;
    case 2: j->failed = kl_roll_peek(j->roll, j->scratch, j->scratch_bytes, next, row, one) != KL_OK; break;
    case 3: j->failed = kl_roll_step(j->roll, next, row, one) != KL_OK; break;
    case 4: j->failed = kl_roll_restore(j->roll, j->image, j->image_bytes, NULL) != KL_OK; break;
    case 5: j->failed = kl_roll_batch(j->spec, times, in, ROWS, NULL, NULL, out, NULL) != KL_OK; break;
    default: break;
    }
    return NULL;
}

static size_t touched(job *j) {
    pthread_attr_t attributes;
    pthread_t thread;
    memset(stack, PAINT, STACK);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, work, j), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    assert_false(j->failed);
    size_t at = 0;
    while (at < STACK && stack[at] == PAINT) at++;
    return STACK - at;
}

/* The most that any way takes, beyond what a thread takes that does nothing. */
static size_t most_of(const kl_roll_spec *spec) {
    size_t bytes, most = 0;
    assert_int_equal(kl_roll_size(spec, &bytes, NULL), KL_OK);
    job j = {.spec = spec, .roll = roll_new(spec), .scratch = malloc(bytes), .scratch_bytes = bytes};
    const size_t room = kl_roll_snapshot_size(j.roll), nothing = touched(&j);
    j.image = malloc(room);
    assert_non_null(j.image);
    for (j.way = 1; j.way <= 5; j.way++) {
        const size_t depth = touched(&j) - nothing;
        if (depth > most) most = depth;
        if (j.way == 1) assert_int_equal(kl_roll_snapshot(j.roll, j.image, room, &j.image_bytes), KL_OK);
    }
    free(j.roll), free(j.image), free(j.scratch);
    return most;
}

static size_t most_of_kinds(const kl_roll_spec *shape) {
    size_t most = 0;
    for (size_t i = 0; kl_roll_info_at(i); i++) {
        kl_roll_spec spec;
        assert_int_equal(kl_roll_spec_init(&spec, kl_roll_info_at(i)->what, shape->rows), KL_OK);
        spec.min_count = shape->min_count, spec.flags = shape->flags, spec.period = shape->period, spec.span_us = shape->span_us;
        const size_t depth = most_of(&spec);
        if (depth > PROMISE) print_error("%s over %d rows: %zu bytes\n", kl_roll_info_at(i)->name, (int)shape->rows, depth);
        if (depth > most) most = depth;
    }
    return most;
}

static void test_stack(void **state) {
    (void)state;
    static const int64_t lengths[] = {24, 36, 513, 200};
    size_t most = 0;
    for (size_t k = 0; k < ROWS; k++) x[k] = (double)(k * 7919 % 1009), y[k] = 1.0 + (double)(k * 104729 % 997), times[k] = (kl_time)k * 60000000;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
        for (int shape = 0; shape < 4; shape++) {
            if (getenv("KLINE_QUICK") && (l + (size_t)shape) % 3) continue;
            kl_roll_spec spec = {.rows = lengths[l]};
            if (shape == 1) spec.min_count = 1;
            if (shape == 2) spec.rows = ROWS, spec.span_us = lengths[l] * INT64_C(60000000);
            if (shape == 3) spec.rows = ROWS, spec.period.unit = KL_HOUR, spec.period.n = 3, spec.flags = KL_ROLL_WHOLE;
            const size_t depth = most_of_kinds(&spec);
            if (depth > most) most = depth;
        }
    print_message("at most %zu bytes of stack\n", most);
    assert_true(most > 4096 && most <= PROMISE);
}

int main(void) {
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_stack)};
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__) || !defined(__linux__)
    print_message("SKIPPED: the stack is measured where the build is optimised and has no sanitizer\n");
    (void)tests;
    return 77;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    print_message("SKIPPED: the stack is measured where the build is optimised and has no sanitizer\n");
    (void)tests;
    return 77;
#endif
#endif
    if (getenv("KLINE_EMULATED")) {
        print_message("SKIPPED: an emulator's stack is not the program's\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
