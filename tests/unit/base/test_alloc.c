/* The allocators and the serial executor. */
#include "kline/base.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void check_allocator(const kl_alloc *a) {
    unsigned char *p = (unsigned char *)a->take(a->ctx, 10), *q;
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % 16, 0);
    memset(p, 7, 10);
    q = (unsigned char *)a->grow(a->ctx, p, 10, 1000);
    assert_non_null(q);
    for (int i = 0; i < 10; i++) assert_int_equal(q[i], 7);
    memset(q, 8, 1000);
    q = (unsigned char *)a->grow(a->ctx, q, 1000, 5);
    assert_non_null(q);
    for (int i = 0; i < 5; i++) assert_int_equal(q[i], 8);
    a->give(a->ctx, q, 5);
    a->give(a->ctx, NULL, 0);
    p = (unsigned char *)a->grow(a->ctx, NULL, 0, 3);
    assert_non_null(p);
    a->give(a->ctx, p, 3);
    p = (unsigned char *)a->take(a->ctx, 0);
    assert_non_null(p);
    a->give(a->ctx, p, 0);
}

static void test_libc(void **state) {
    (void)state;
    check_allocator(kl_alloc_libc());
}

static void test_arena(void **state) {
    static unsigned char memory[4096 + 1];
    kl_arena arena;
    kl_alloc a;
    (void)state;
    assert_int_equal(kl_arena_init(&arena, memory + 1, 4096, &a), KL_OK);
    check_allocator(&a);
    assert_int_equal(arena.used, 0); /* the newest block goes back each time */
    assert_true(arena.peak >= 1000);
    unsigned char *p = (unsigned char *)a.take(a.ctx, 100), *q = (unsigned char *)a.take(a.ctx, 100);
    memset(p, 1, 100), memset(q, 2, 100);
    assert_ptr_equal(a.grow(a.ctx, q, 100, 200), q); /* in place */
    assert_ptr_equal(a.grow(a.ctx, p, 100, 50), p);
    size_t used = arena.used;
    a.give(a.ctx, p, 50); /* not the newest: stays */
    assert_int_equal(arena.used, used);
    unsigned char *moved = (unsigned char *)a.grow(a.ctx, p, 100, 300);
    assert_ptr_not_equal(moved, p);
    for (int i = 0; i < 100; i++) assert_int_equal(moved[i], 1);
    for (int i = 0; i < 100; i++) assert_int_equal(q[i], 2);
    used = arena.used;
    assert_null(a.take(a.ctx, 5000));
    assert_null(a.take(a.ctx, SIZE_MAX));
    assert_null(a.take(a.ctx, SIZE_MAX - 3));
    assert_null(a.grow(a.ctx, moved, 300, 5000));
    assert_null(a.grow(a.ctx, moved, 300, SIZE_MAX));
    assert_null(a.grow(a.ctx, q, 200, SIZE_MAX - 1));
    assert_int_equal(arena.used, used);
    for (int i = 0; i < 100; i++) assert_int_equal(moved[i], 1);
    for (size_t n = 0; n < 40; n++) { /* whatever the size and place of the buffer */
        assert_int_equal(kl_arena_init(&arena, memory + n % 17, n, &a), KL_OK);
        unsigned char *all = (unsigned char *)a.take(a.ctx, 1);
        if (all) {
            assert_int_equal((uintptr_t)all % 16, 0);
            assert_true(all >= memory + n % 17 && all + 16 <= memory + n % 17 + n);
        }
    }
    assert_int_equal(kl_arena_init(&arena, NULL, 0, &a), KL_OK);
    assert_null(a.take(a.ctx, 1));
    assert_int_equal(kl_arena_init(&arena, NULL, 1, &a), KL_E_ARG);
    assert_int_equal(kl_arena_init(NULL, memory, 1, &a), KL_E_ARG);
    assert_int_equal(kl_arena_init(&arena, memory, 1, NULL), KL_E_ARG);
}

static void test_counter(void **state) {
    kl_alloc_counter counter;
    kl_alloc a;
    (void)state;
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &a), KL_OK);
    check_allocator(&a);
    assert_int_equal(counter.live_blocks, 0);
    assert_int_equal(counter.live_bytes, 0);
    assert_int_equal(counter.peak_bytes, 1000);
    assert_int_equal(counter.requests, 5);
    assert_int_equal(kl_alloc_counter_init(&counter, kl_alloc_libc(), &a), KL_OK);
    counter.limit = 100;
    void *p = a.take(a.ctx, 60);
    assert_non_null(p);
    assert_null(a.take(a.ctx, 41));
    void *q = a.take(a.ctx, 40);
    assert_non_null(q);
    assert_null(a.grow(a.ctx, p, 60, 61));
    assert_int_equal(counter.live_bytes, 100);
    a.give(a.ctx, q, 40);
    p = a.grow(a.ctx, p, 60, 100);
    assert_non_null(p);
    assert_int_equal(counter.live_bytes, 100);
    a.give(a.ctx, p, 100);
    assert_int_equal(counter.live_bytes, 0);
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &a), KL_OK);
    counter.fail_at = 2;
    p = a.take(a.ctx, 1);
    assert_null(a.take(a.ctx, 1));
    q = a.take(a.ctx, 1);
    assert_non_null(q);
    a.give(a.ctx, q, 1);
    counter.fail_onwards = 1;
    assert_null(a.take(a.ctx, 1));
    assert_null(a.grow(a.ctx, p, 1, 2));
    a.give(a.ctx, p, 1);
    assert_int_equal(counter.live_blocks, 0);
    assert_int_equal(kl_alloc_counter_init(NULL, NULL, &a), KL_E_ARG);
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, NULL), KL_E_ARG);
}

typedef struct {
    size_t seen[8], n;
} tasks;

static kl_status run_task(void *arg, size_t index) {
    tasks *t = (tasks *)arg;
    t->seen[t->n++] = index;
    return index == 3 ? KL_E_CANCEL : index == 5 ? KL_E_IO : index == 1 ? KL_END : KL_OK;
}

static void test_executor(void **state) {
    tasks t;
    const kl_executor *executor = kl_executor_serial();
    (void)state;
    memset(&t, 0, sizeof t);
    assert_int_equal(executor->run(executor->ctx, run_task, &t, 8), KL_E_CANCEL); /* the first by index */
    assert_int_equal(t.n, 8);
    for (size_t i = 0; i < 8; i++) assert_int_equal(t.seen[i], i);
    t.n = 0;
    assert_int_equal(executor->run(executor->ctx, run_task, &t, 3), KL_OK);
    assert_int_equal(executor->run(executor->ctx, run_task, &t, 0), KL_OK);
    assert_int_equal(executor->run(executor->ctx, NULL, &t, 1), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_libc), cmocka_unit_test(test_arena),
                                       cmocka_unit_test(test_counter), cmocka_unit_test(test_executor)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
