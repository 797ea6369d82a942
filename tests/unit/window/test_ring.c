/* The ring against a plain array of everything that was pushed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "kline/window.h"
#include "random.h"

#define PUSHES 700
static double pushed[PUSHES];

static int same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static void check(const kl_ring *ring, size_t capacity, size_t n) {
    size_t count = n < capacity ? n : capacity;
    assert_int_equal(kl_ring_count(ring), count);
    for (size_t age = 0; age < count; age++) assert_true(same_bits(kl_ring_at(ring, age), pushed[n - 1 - age]));
    double beyond = kl_ring_at(ring, count);
    assert_true(beyond != beyond);
    for (size_t k = 1; k <= count; k += 1 + k / 8) {
        const double *window = kl_ring_window(ring, k);
        assert_non_null(window);
        assert_memory_equal(window, pushed + n - k, k * sizeof *window);
    }
    assert_null(kl_ring_window(ring, count + 1));
    assert_null(kl_ring_window(ring, 0));
}

static void test_sizes(void **state) {
    uint64_t seed = 8;
    (void)state;
    for (size_t i = 0; i < PUSHES; i++) { /* any bits, quiet NaNs of any payload too */
        uint64_t bits = random_u64(&seed);
        if (i % 9 == 0) bits = UINT64_C(0x7ff8000000000000) | (bits & 0xffff);
        if (i % 13 == 0) bits = UINT64_C(0x8000000000000000);
        if (((bits >> 52) & 0x7ff) == 0x7ff) bits |= UINT64_C(0x0008000000000000);
        memcpy(&pushed[i], &bits, sizeof bits);
    }
    for (size_t capacity = 1; capacity <= 300; capacity += capacity < 20 ? 1 : 31) {
        size_t bytes = kl_ring_size(capacity);
        void *memory = malloc(bytes), *copy = malloc(bytes);
        kl_ring *ring = NULL;
        assert_int_equal(kl_ring_init(memory, bytes, capacity, &ring), KL_OK);
        check(ring, capacity, 0);
        for (size_t i = 0; i < PUSHES; i++) {
            kl_ring_push(ring, pushed[i]);
            if (i < 30 || i % 17 == 0) check(ring, capacity, i + 1);
        }
        memcpy(copy, memory, bytes); /* a copy of the bytes is a clone */
        check(copy, capacity, PUSHES);
        free(memory), free(copy);
    }
}

static void test_refusals(void **state) {
    uint64_t memory[8] = {1, 2, 3, 4, 5, 6, 7, 8}, before[8];
    kl_ring *ring = (kl_ring *)memory;
    (void)state;
    memcpy(before, memory, sizeof memory);
    assert_int_equal(kl_ring_size(0), 0);
    assert_int_equal(kl_ring_size(SIZE_MAX), 0);
    assert_int_equal(kl_ring_size(SIZE_MAX / 16), 0);
    assert_int_equal(kl_ring_size(1) + 16, kl_ring_size(2));
    assert_int_equal(kl_ring_init(NULL, 64, 1, &ring), KL_E_ARG);
    assert_int_equal(kl_ring_init(memory, 64, 1, NULL), KL_E_ARG);
    assert_int_equal(kl_ring_init(memory, 64, 0, &ring), KL_E_ARG);
    assert_int_equal(kl_ring_init((char *)memory + 4, 56, 1, &ring), KL_E_ARG);
    assert_int_equal(kl_ring_init(memory, kl_ring_size(2) - 1, 2, &ring), KL_E_SIZE);
    assert_true(ring == (kl_ring *)memory);
    assert_memory_equal(before, memory, sizeof memory);
    assert_int_equal(kl_ring_count(NULL), 0);
    assert_null(kl_ring_window(NULL, 1));
    double none = kl_ring_at(NULL, 0);
    assert_true(none != none);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes), cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
