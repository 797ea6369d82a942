/* Checkpoints: dictionary, image, file; killed at every call the old or the new one is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kline/checkpoint.h"
#include "random.h"

#define T0 INT64_C(1672531200000000)

static kl_checkpoint *fresh(void) {
    kl_checkpoint *c;
    assert_int_equal(kl_checkpoint_new(NULL, &c), KL_OK);
    return c;
}

static uint8_t *image_of(const kl_checkpoint *c, size_t *n) {
    size_t size = kl_checkpoint_image_size(c);
    uint8_t *image = (uint8_t *)malloc(size);
    assert_int_equal(kl_checkpoint_encode(c, image, size, n), KL_OK);
    assert_int_equal(*n, size);
    return image;
}

static void test_sections(void **state) {
    (void)state;
    kl_checkpoint *c = fresh();
    const void *bytes;
    const char *name;
    size_t n;
    uint32_t definition;
    char long_name[KL_SECTION_NAME_MAX + 1];
    memset(long_name, 'x', sizeof long_name);
    long_name[KL_SECTION_NAME_MAX] = 0;
    assert_int_equal(kl_checkpoint_set(c, "sma", 2, "abc", 3), KL_OK);
    assert_int_equal(kl_checkpoint_set(c, "ema", 1, NULL, 0), KL_OK);
    assert_int_equal(kl_checkpoint_set(c, "", 1, "a", 1), KL_E_ARG);
    assert_int_equal(kl_checkpoint_set(c, long_name, 1, "a", 1), KL_E_ARG);
    long_name[KL_SECTION_NAME_MAX - 1] = 0;
    assert_int_equal(kl_checkpoint_set(c, long_name, 1, "a", 1), KL_OK);
    assert_int_equal(kl_checkpoint_remove(c, long_name), KL_OK);
    assert_int_equal(kl_checkpoint_get(c, "sma", 2, &bytes, &n), KL_OK);
    assert_true(n == 3 && !memcmp(bytes, "abc", 3));
    assert_int_equal(kl_checkpoint_get(c, "sma", 3, &bytes, &n), KL_E_DEFINITION);
    assert_int_equal(kl_checkpoint_get(c, "rsi", 3, &bytes, &n), KL_E_NOT_FOUND);
    assert_int_equal(kl_checkpoint_set(c, "sma", 4, "defg", 4), KL_OK);
    assert_int_equal(kl_checkpoint_count(c), 2);
    assert_int_equal(kl_checkpoint_raise(c, "BTCUSDT", T0), KL_OK);
    assert_int_equal(kl_checkpoint_at(c, 0, &name, &definition, &bytes, &n), KL_OK);
    assert_string_equal(name, "ema");
    assert_int_equal(kl_checkpoint_at(c, 1, &name, &definition, &bytes, &n), KL_OK);
    assert_true(!strcmp(name, "sma") && definition == 4 && n == 4);
    assert_int_equal(kl_checkpoint_at(c, 2, &name, &definition, &bytes, &n), KL_END);
    assert_int_equal(kl_checkpoint_remove(c, "ema"), KL_OK);
    assert_int_equal(kl_checkpoint_remove(c, "ema"), KL_E_NOT_FOUND);
    kl_checkpoint_free(c);
}

static void test_watermarks(void **state) {
    (void)state;
    kl_checkpoint *c = fresh();
    kl_time t;
    assert_int_equal(kl_checkpoint_watermark_min(c, &t), KL_E_NOT_FOUND);
    assert_int_equal(kl_checkpoint_raise(c, "a", T0 + 5), KL_OK);
    assert_int_equal(kl_checkpoint_raise(c, "b", T0 + 9), KL_OK);
    assert_int_equal(kl_checkpoint_raise(c, "b", T0 + 7), KL_KEPT);
    assert_int_equal(kl_checkpoint_raise(c, "b", T0 + 9), KL_SAME);
    assert_int_equal(kl_checkpoint_watermark(c, "b", &t), KL_OK);
    assert_true(t == T0 + 9);
    assert_int_equal(kl_checkpoint_watermark_min(c, &t), KL_OK);
    assert_true(t == T0 + 5);
    assert_int_equal(kl_checkpoint_force(c, "b", T0), KL_OK);
    assert_int_equal(kl_checkpoint_watermark_min(c, &t), KL_OK);
    assert_true(t == T0);
    assert_int_equal(kl_checkpoint_watermark(c, "c", &t), KL_E_NOT_FOUND);
    assert_int_equal(kl_checkpoint_raise(c, "c", KL_TIME_NONE), KL_E_ARG);
    kl_checkpoint_free(c);
}

/* made by hand from docs/store-format.md: every byte is known on every platform */
static const uint8_t golden[] = {'K',  'L',  'C',  'H',  'K', 'P', 'T', 0x1a, 1,    0,    0,
                                 0,    2,    0,    0,    0, /* magic, 1.0, two entries */
                                 104,  0,    0,    0,    0,   0,   0,   0,    0,    0,    0,
                                 0,    0,    0,    0,    0, /* bytes, flags */
                                 1,    0,    3,    0,    4,   3,   2,   1,    2,    0,    0,
                                 0,    0,    0,    0,    0, /* section, name 3, definition, 2 bytes */
                                 's',  'm',  'a',  0,    0,   0,   0,   0,    0xaa, 0x55, 0,
                                 0,    0,    0,    0,    0,   2,   0,   1,    0,    0,    0,
                                 0,    0,    8,    0,    0,   0,   0,   0,    0,    0, /* watermark, name 1, 8 bytes */
                                 'B',  0,    0,    0,    0,   0,   0,   0,    0x00, 0x40, 0x0d,
                                 0x84, 0x28, 0xf1, 0x05, 0x00}; /* T0; the trailer is appended */

static void test_golden_image(void **state) {
    (void)state;
    kl_checkpoint *c = fresh();
    uint8_t want[sizeof golden + 8] = {0};
    size_t n;
    memcpy(want, golden, sizeof golden);
    uint32_t crc = kl_crc32c(0, want, sizeof golden);
    for (int i = 0; i < 4; i++) want[sizeof golden + (size_t)i] = (uint8_t)(crc >> (8 * i));
    kl_checkpoint_raise(c, "B", T0); /* order of setting does not show */
    kl_checkpoint_set(c, "sma", 0x01020304, "\xaa\x55", 2);
    uint8_t *image = image_of(c, &n);
    assert_int_equal(n, sizeof want);
    assert_memory_equal(image, want, n);
    free(image);
    kl_checkpoint_free(c);
}

static void seal(uint8_t *image, size_t n) {
    uint32_t crc = kl_crc32c(0, image, n - 8);
    for (int i = 0; i < 4; i++) image[n - 8 + (size_t)i] = (uint8_t)(crc >> (8 * i));
}

static void test_round_trip_and_damage(void **state) {
    (void)state;
    kl_checkpoint *c = fresh(), *back = fresh();
    uint64_t seed = 1;
    char name[32];
    size_t n, m;
    kl_error e;
    for (int i = 0; i < 20; i++) {
        uint8_t bytes[100];
        for (size_t k = 0; k < sizeof bytes; k++) bytes[k] = (uint8_t)random_u64(&seed);
        sprintf(name, "section-%d", (i * 7) % 20);
        kl_checkpoint_set(c, name, (uint32_t)i, bytes, (size_t)random_below(&seed, sizeof bytes));
        kl_checkpoint_raise(c, name, T0 + i);
    }
    uint8_t *image = image_of(c, &n);
    assert_int_equal(kl_checkpoint_decode(back, image, n, &e), KL_OK);
    uint8_t *again = image_of(back, &m);
    assert_int_equal(m, n);
    assert_memory_equal(again, image, n);
    for (size_t k = 0; k < n; k++) {
        uint8_t bit = (uint8_t)(1u << (k % 8));
        image[k] ^= bit;
        assert_int_equal(kl_checkpoint_decode(back, image, n, &e), KL_E_CORRUPT);
        image[k] ^= bit;
        uint8_t *cut = (uint8_t *)malloc(k + 1);
        memcpy(cut, image, k);
        assert_int_equal(kl_checkpoint_decode(back, cut, k, &e), KL_E_CORRUPT);
        free(cut);
    }
    assert_int_equal(kl_checkpoint_count(back), 20); /* unchanged by all that */
    image[8] = 2;
    seal(image, n);
    assert_int_equal(kl_checkpoint_decode(back, image, n, &e), KL_E_VERSION);
    image[8] = 1, image[10] = 9, image[24] = 0xff; /* a later minor version, unknown flags */
    seal(image, n);
    assert_int_equal(kl_checkpoint_decode(back, image, n, &e), KL_OK);
    image[32] = 77; /* an entry of unknown kind is skipped, or refused where it says so */
    seal(image, n);
    assert_int_equal(kl_checkpoint_decode(back, image, n, &e), KL_OK);
    assert_int_equal(kl_checkpoint_count(back), 19);
    image[33] = 0x80;
    seal(image, n);
    assert_int_equal(kl_checkpoint_decode(back, image, n, &e), KL_E_VERSION);
    free(image), free(again);
    kl_checkpoint_free(c);
    kl_checkpoint_free(back);
}

static int content(const kl_checkpoint *c) {
    const void *bytes;
    size_t n;
    return kl_checkpoint_get(c, "v", 0, &bytes, &n) == KL_OK && n == 1 ? *(const uint8_t *)bytes : -1;
}

static void test_killed_while_saving(void **state) {
    (void)state;
    for (int failing_once = 0; failing_once < 2; failing_once++)
        for (uint64_t at = 1;; at++) {
            kl_memory_io *files;
            kl_io memory, io;
            kl_fault_io fault;
            kl_error e;
            kl_checkpoint *old = fresh(), *new_one = fresh(), *found = fresh();
            kl_memory_io_new(NULL, &files, &memory);
            memory.make_dir(memory.ctx, "state");
            kl_checkpoint_set(old, "v", 0, "\1", 1);
            kl_checkpoint_set(new_one, "v", 0, "\2", 1);
            kl_checkpoint_raise(new_one, "longer", T0);
            assert_int_equal(kl_checkpoint_load(found, &memory, "state/job", &e), KL_E_NOT_FOUND);
            assert_int_equal(kl_checkpoint_save(old, &memory, "state/job", &e), KL_OK);
            kl_fault_io_init(&fault, &memory, &io);
            fault.fail_at = at, fault.fail_onwards = !failing_once, fault.fail_with = KL_E_NO_SPACE,
            fault.short_write = 1;
            kl_status status = kl_checkpoint_save(new_one, &io, "state/job", &e);
            assert_true(fault.calls < at || status == KL_E_NO_SPACE);
            assert_int_equal(kl_checkpoint_load(found, &memory, "state/job", &e), KL_OK);
            assert_true(content(found) == 2 || (status < 0 && content(found) == 1));
            fault.fail_at = 0;
            assert_int_equal(kl_checkpoint_save(new_one, &io, "state/job", &e), KL_OK);
            fault.short_reads = 1;
            assert_int_equal(kl_checkpoint_load(found, &io, "state/job", &e), KL_OK);
            assert_int_equal(content(found), 2);
            kl_checkpoint_free(old), kl_checkpoint_free(new_one), kl_checkpoint_free(found);
            kl_memory_io_free(files);
            if (status == KL_OK) {
                assert_true(at > 6);
                break;
            }
        }
}

static void test_every_allocation_failing(void **state) {
    (void)state;
    for (uint64_t at = 1;; at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_memory_io *files;
        kl_io memory;
        kl_checkpoint *c = NULL, *back = NULL;
        kl_error e;
        kl_memory_io_new(NULL, &files, &memory);
        kl_alloc_counter_init(&counter, NULL, &alloc);
        counter.fail_at = at;
        kl_status status = kl_checkpoint_new(&alloc, &c);
        if (status >= 0) status = kl_checkpoint_new(&alloc, &back);
        for (int i = 0; i < 20 && status >= 0; i++) {
            char name[32] = {0};
            sprintf(name, "n%d", i % 17);
            status = kl_checkpoint_set(c, name, 0, name, (size_t)i);
            if (status >= 0) status = kl_checkpoint_raise(c, name, T0 + i);
        }
        if (status >= 0) status = kl_checkpoint_save(c, &memory, "job", &e);
        if (status >= 0) status = kl_checkpoint_load(back, &memory, "job", &e);
        assert_true(status >= 0 || status == KL_E_MEMORY);
        kl_checkpoint_free(c), kl_checkpoint_free(back);
        kl_memory_io_free(files);
        assert_int_equal(counter.live_blocks, 0);
        if (counter.requests < at) break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sections),
                                       cmocka_unit_test(test_watermarks),
                                       cmocka_unit_test(test_golden_image),
                                       cmocka_unit_test(test_round_trip_and_damage),
                                       cmocka_unit_test(test_killed_while_saving),
                                       cmocka_unit_test(test_every_allocation_failing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
