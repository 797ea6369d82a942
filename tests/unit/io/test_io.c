#define _DEFAULT_SOURCE 1
/* The three file systems behind kl_io: POSIX and memory pass the same tests, the fault injector fails where it is told. */
#include "kline/io.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include <cmocka.h>

typedef struct {
    kl_io io;
    kl_memory_io *files;
    char root[64], path[4][128];
} place;

static const char *at(place *p, int slot, const char *name) {
    snprintf(p->path[slot], sizeof p->path[slot], "%s/%s", p->root, name);
    return p->path[slot];
}

static void open_posix(place *p) {
    memset(p, 0, sizeof *p);
    p->io = *kl_io_posix();
    snprintf(p->root, sizeof p->root, "/tmp/kline_io_%ld", (long)getpid());
    assert_int_equal(p->io.make_dir(p->io.ctx, p->root), KL_OK);
}

static void open_memory(place *p) {
    memset(p, 0, sizeof *p);
    assert_int_equal(kl_memory_io_new(NULL, &p->files, &p->io), KL_OK);
    snprintf(p->root, sizeof p->root, "store");
    assert_int_equal(p->io.make_dir(p->io.ctx, p->root), KL_OK);
}

static void shut(place *p) {
    assert_int_equal(p->io.remove(p->io.ctx, p->root), KL_OK); /* each test cleans up, so the directory is empty */
    kl_memory_io_free(p->files);
}

static void check_content(place *p, void *file, const char *content) {
    char text[256];
    uint64_t size = 0;
    size_t got = 99, n = strlen(content);
    assert_int_equal(p->io.size(p->io.ctx, file, &size), KL_OK);
    assert_int_equal(size, n);
    assert_int_equal(p->io.read_at(p->io.ctx, file, 0, text, sizeof text, &got), KL_OK);
    assert_int_equal(got, n);
    assert_memory_equal(text, content, n);
}

static void check_files(place *p) {
    kl_io *io = &p->io;
    void *file = NULL, *other = NULL;
    char text[64];
    size_t got = 0;
    assert_int_equal(io->struct_size, sizeof *io);
    assert_int_equal(io->open(io->ctx, at(p, 0, "a"), KL_OPEN_READ, &file), KL_E_NOT_FOUND);
    assert_int_equal(io->open(io->ctx, at(p, 0, "a"), KL_OPEN_WRITE, &file), KL_E_NOT_FOUND);
    assert_int_equal(io->open(io->ctx, at(p, 0, "no/a"), KL_OPEN_CREATE, &file), KL_E_NOT_FOUND);
    assert_int_equal(io->open(io->ctx, p->root, KL_OPEN_READ, &file), KL_E_PATH);
    assert_int_equal(io->open(io->ctx, at(p, 0, "a"), 7, &file), KL_E_ARG);
    assert_int_equal(io->open(io->ctx, NULL, KL_OPEN_READ, &file), KL_E_ARG);
    assert_int_equal(io->open(io->ctx, at(p, 0, "a"), KL_OPEN_CREATE, &file), KL_OK);
    check_content(p, file, "");
    assert_int_equal(io->append(io->ctx, file, "hello", 5), KL_OK);
    assert_int_equal(io->append(io->ctx, file, " world", 6), KL_OK);
    check_content(p, file, "hello world");
    assert_int_equal(io->write_at(io->ctx, file, 0, "J", 1), KL_OK); /* not at the end: append is no mode */
    check_content(p, file, "Jello world");
    assert_int_equal(io->open(io->ctx, at(p, 1, "a"), KL_OPEN_READ, &other), KL_OK);
    check_content(p, other, "Jello world");
    assert_true(io->write_at(io->ctx, other, 0, "X", 1) == KL_E_READ_ONLY);
    assert_true(io->append(io->ctx, other, "X", 1) == KL_E_READ_ONLY);
    assert_true(io->truncate(io->ctx, other, 1) == KL_E_READ_ONLY);
    assert_int_equal(io->read_at(io->ctx, other, 6, text, 3, &got), KL_OK);
    assert_int_equal(got, 3);
    assert_memory_equal(text, "wor", 3);
    assert_int_equal(io->read_at(io->ctx, other, 9, text, 10, &got), KL_OK);
    assert_int_equal(got, 2);
    assert_int_equal(io->read_at(io->ctx, other, 11, text, 10, &got), KL_OK);
    assert_int_equal(got, 0);
    assert_int_equal(io->read_at(io->ctx, other, (uint64_t)1 << 40, text, 10, &got), KL_OK);
    assert_int_equal(got, 0);
    assert_int_equal(io->read_at(io->ctx, other, 0, NULL, 0, &got), KL_OK);
    assert_int_equal(io->sync(io->ctx, file), KL_OK);
    assert_int_equal(io->truncate(io->ctx, file, 5), KL_OK);
    check_content(p, other, "Jello");
    assert_int_equal(io->truncate(io->ctx, file, 7), KL_OK); /* grown with zeros */
    assert_int_equal(io->read_at(io->ctx, other, 0, text, 10, &got), KL_OK);
    assert_int_equal(got, 7);
    assert_memory_equal(text, "Jello\0\0", 7);
    assert_int_equal(io->truncate(io->ctx, file, 2), KL_OK);
    assert_int_equal(io->write_at(io->ctx, file, 4, "z", 1), KL_OK); /* a hole, with nothing of the old bytes */
    assert_int_equal(io->read_at(io->ctx, other, 0, text, 10, &got), KL_OK);
    assert_int_equal(got, 5);
    assert_memory_equal(text, "Je\0\0z", 5);
    assert_int_equal(io->close(io->ctx, other), KL_OK);
    assert_int_equal(io->close(io->ctx, file), KL_OK);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "a")), KL_OK);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "a")), KL_E_NOT_FOUND);
}

static void check_rename(place *p) {
    kl_io *io = &p->io;
    void *old = NULL, *fresh = NULL, *again = NULL;
    assert_int_equal(io->open(io->ctx, at(p, 0, "target"), KL_OPEN_CREATE, &old), KL_OK);
    assert_int_equal(io->append(io->ctx, old, "old", 3), KL_OK);
    assert_int_equal(io->open(io->ctx, at(p, 1, "target.new"), KL_OPEN_CREATE, &fresh), KL_OK);
    assert_int_equal(io->append(io->ctx, fresh, "fresh", 5), KL_OK);
    assert_int_equal(io->rename(io->ctx, at(p, 1, "target.new"), at(p, 0, "target")), KL_OK);
    assert_int_equal(io->sync_dir(io->ctx, p->root), KL_OK);
    check_content(p, old, "old"); /* whoever holds the replaced file open still reads it */
    check_content(p, fresh, "fresh");
    assert_int_equal(io->open(io->ctx, at(p, 0, "target"), KL_OPEN_WRITE, &again), KL_OK);
    check_content(p, again, "fresh");
    assert_int_equal(io->rename(io->ctx, at(p, 0, "target"), at(p, 1, "target")), KL_OK);
    assert_int_equal(io->rename(io->ctx, at(p, 0, "none"), at(p, 1, "target")), KL_E_NOT_FOUND);
    assert_int_equal(io->rename(io->ctx, at(p, 0, "target"), at(p, 1, "no/target")), KL_E_NOT_FOUND);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "target")), KL_OK);
    check_content(p, again, "fresh");
    assert_int_equal(io->append(io->ctx, again, "!", 1), KL_OK);
    check_content(p, fresh, "fresh!");
    assert_int_equal(io->close(io->ctx, again), KL_OK);
    assert_int_equal(io->close(io->ctx, fresh), KL_OK);
    assert_int_equal(io->close(io->ctx, old), KL_OK);
}

static void check_lock(place *p) {
    kl_io *io = &p->io;
    void *one = NULL, *two = NULL;
    assert_int_equal(io->open(io->ctx, at(p, 0, "lock"), KL_OPEN_CREATE, &one), KL_OK);
    assert_int_equal(io->open(io->ctx, at(p, 0, "lock"), KL_OPEN_CREATE, &two), KL_OK);
    assert_int_equal(io->lock(io->ctx, one), KL_OK);
    assert_int_equal(io->lock(io->ctx, one), KL_OK);
    assert_int_equal(io->lock(io->ctx, two), KL_E_LOCKED);
    assert_int_equal(io->close(io->ctx, one), KL_OK);
    assert_int_equal(io->lock(io->ctx, two), KL_OK);
    assert_int_equal(io->close(io->ctx, two), KL_OK);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "lock")), KL_OK);
}

static void check_map(place *p) {
    kl_io *io = &p->io;
    enum { N = 10000 };
    static unsigned char bytes[N];
    void *file = NULL;
    const void *view = NULL;
    for (size_t i = 0; i < N; i++) bytes[i] = (unsigned char)(i * 7 + i / 256);
    assert_int_equal(io->open(io->ctx, at(p, 0, "map"), KL_OPEN_CREATE, &file), KL_OK);
    assert_int_equal(io->append(io->ctx, file, bytes, N), KL_OK);
    static const size_t spans[][2] = {{0, N}, {1, 1}, {4095, 2}, {4096, 100}, {5000, 5000}, {N - 1, 1}};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        assert_int_equal(io->map(io->ctx, file, spans[i][0], spans[i][1], &view), KL_OK);
        assert_memory_equal(view, bytes + spans[i][0], spans[i][1]);
        assert_int_equal(io->unmap(io->ctx, view, spans[i][1]), KL_OK);
    }
    assert_int_equal(io->map(io->ctx, file, 0, N + 1, &view), KL_E_ARG);
    assert_int_equal(io->map(io->ctx, file, N + 1, 1, &view), KL_E_ARG);
    assert_int_equal(io->map(io->ctx, file, 0, 0, &view), KL_E_ARG);
    assert_int_equal(io->close(io->ctx, file), KL_OK);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "map")), KL_OK);
}

typedef struct {
    char text[256];
    int stop_after, seen;
} listing;

static kl_status listing_add(void *ctx, const char *name) {
    listing *l = (listing *)ctx;
    size_t used = strlen(l->text);
    snprintf(l->text + used, sizeof l->text - used, "%s ", name);
    return ++l->seen == l->stop_after ? KL_E_CANCEL : KL_OK;
}

static void check_list(place *p) {
    kl_io *io = &p->io;
    listing l;
    static const char *const made[] = {"b", "sub.x", "c", "a-b", "B", "a"};
    memset(&l, 0, sizeof l);
    assert_int_equal(io->make_dir(io->ctx, at(p, 0, "sub")), KL_OK);
    assert_int_equal(io->make_dir(io->ctx, at(p, 0, "sub")), KL_OK);
    assert_int_equal(io->make_dir(io->ctx, at(p, 0, "no/sub")), KL_E_NOT_FOUND);
    for (size_t i = 0; i < sizeof made / sizeof made[0] + 1; i++) {
        void *file = NULL;
        const char *name = i < sizeof made / sizeof made[0] ? made[i] : "sub/inner";
        assert_int_equal(io->open(io->ctx, at(p, 0, name), KL_OPEN_CREATE, &file), KL_OK);
        assert_int_equal(io->close(io->ctx, file), KL_OK);
    }
    assert_int_equal(io->make_dir(io->ctx, at(p, 0, "a")), KL_E_EXISTS);
    assert_int_equal(io->list(io->ctx, p->root, listing_add, &l), KL_OK);
    assert_string_equal(l.text, "B a a-b b c sub sub.x ");
    memset(&l, 0, sizeof l);
    assert_int_equal(io->list(io->ctx, at(p, 0, "sub"), listing_add, &l), KL_OK);
    assert_string_equal(l.text, "inner ");
    memset(&l, 0, sizeof l);
    l.stop_after = 2;
    assert_int_equal(io->list(io->ctx, p->root, listing_add, &l), KL_E_CANCEL);
    assert_string_equal(l.text, "B a ");
    assert_int_equal(io->list(io->ctx, at(p, 0, "none"), listing_add, &l), KL_E_NOT_FOUND);
    assert_int_equal(io->list(io->ctx, at(p, 0, "a"), listing_add, &l), KL_E_PATH);
    assert_int_equal(io->sync_dir(io->ctx, at(p, 0, "none")), KL_E_NOT_FOUND);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "sub")), KL_E_EXISTS);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "sub/inner")), KL_OK);
    assert_int_equal(io->remove(io->ctx, at(p, 0, "sub")), KL_OK);
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        assert_int_equal(io->remove(io->ctx, at(p, 0, made[i])), KL_OK);
}

static void check_all(place *p) {
    check_files(p);
    check_rename(p);
    check_lock(p);
    check_map(p);
    check_list(p);
}

static void test_posix(void **state) {
    place p;
    (void)state;
    open_posix(&p);
    check_all(&p);
    shut(&p);
}

static void test_memory(void **state) {
    place p;
    (void)state;
    open_memory(&p);
    check_all(&p);
    shut(&p);
}

/* A wrapper that never fails is not to be noticed; calls are counted. */
static void test_fault_passes(void **state) {
    place p;
    kl_fault_io fault;
    kl_io inner;
    (void)state;
    open_memory(&p);
    inner = p.io;
    assert_int_equal(kl_fault_io_init(&fault, &inner, &p.io), KL_OK);
    check_all(&p);
    assert_true(fault.calls > 100);
    shut(&p);
    inner.map = NULL;
    assert_int_equal(kl_fault_io_init(&fault, &inner, &p.io), KL_OK);
    assert_null(p.io.map);
    assert_null(p.io.unmap);
}

/* A lock dies with its process. */
static void test_posix_lock_of_the_dead(void **state) {
    place p;
    int ready[2], go[2], exit_code = 0;
    char byte = 0;
    void *file = NULL;
    (void)state;
    open_posix(&p);
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    pid_t child = fork();
    if (child == 0) {
        int ok = p.io.open(p.io.ctx, at(&p, 0, "lock"), KL_OPEN_CREATE, &file) == KL_OK &&
                 p.io.lock(p.io.ctx, file) == KL_OK;
        if (write(ready[1], "x", 1) != 1 || read(go[0], &byte, 1) != 1) ok = 0;
        _exit(ok ? 0 : 1); /* without closing */
    }
    assert_true(child > 0);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(p.io.open(p.io.ctx, at(&p, 0, "lock"), KL_OPEN_CREATE, &file), KL_OK);
    assert_int_equal(p.io.lock(p.io.ctx, file), KL_E_LOCKED);
    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(waitpid(child, &exit_code, 0), child);
    assert_int_equal(exit_code, 0);
    assert_int_equal(p.io.lock(p.io.ctx, file), KL_OK);
    assert_int_equal(p.io.close(p.io.ctx, file), KL_OK);
    assert_int_equal(p.io.remove(p.io.ctx, at(&p, 0, "lock")), KL_OK);
    for (int i = 0; i < 2; i++) close(ready[i]), close(go[i]);
    shut(&p);
}

static void test_memory_paths(void **state) {
    place p;
    void *file = NULL;
    char long_path[2100];
    (void)state;
    open_memory(&p);
    kl_io *io = &p.io;
    assert_int_equal(io->open(io->ctx, "/store//./a/", KL_OPEN_CREATE, &file), KL_OK);
    assert_int_equal(io->close(io->ctx, file), KL_OK);
    assert_int_equal(io->close(io->ctx, file), KL_E_ARG);
    assert_int_equal(io->open(io->ctx, "store/a", KL_OPEN_WRITE, &file), KL_OK);
    assert_int_equal(io->close(io->ctx, file), KL_OK);
    assert_int_equal(io->open(io->ctx, "store/../a", KL_OPEN_CREATE, &file), KL_E_PATH);
    assert_int_equal(io->open(io->ctx, "store/a/b", KL_OPEN_CREATE, &file), KL_E_PATH);
    assert_int_equal(io->open(io->ctx, "", KL_OPEN_CREATE, &file), KL_E_PATH);
    memset(long_path, 'x', sizeof long_path);
    long_path[sizeof long_path - 1] = 0;
    assert_int_equal(io->open(io->ctx, long_path, KL_OPEN_CREATE, &file), KL_E_PATH);
    assert_int_equal(io->remove(io->ctx, "store/a"), KL_OK);
    shut(&p);
}

/* Every allocation of the memory file system may fail; nothing leaks and nothing is half done. */
static void test_memory_allocations(void **state) {
    (void)state;
    for (uint64_t fail_at = 1; fail_at < 64; fail_at++) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_memory_io *files = NULL;
        kl_io io;
        void *file = NULL;
        uint64_t size = 99;
        int failed = 0;
        assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
        counter.fail_at = fail_at;
        if (kl_memory_io_new(&alloc, &files, &io) == KL_OK) {
            failed |= io.make_dir(io.ctx, "d") < 0;
            kl_status status = io.open(io.ctx, "d/f", KL_OPEN_CREATE, &file);
            failed |= status < 0;
            if (status == KL_OK) {
                if (io.append(io.ctx, file, "0123456789", 10) < 0) {
                    failed = 1;
                    assert_int_equal(io.size(io.ctx, file, &size), KL_OK);
                    assert_int_equal(size, 0);
                }
                failed |= io.rename(io.ctx, "d/f", "d/g") < 0;
                assert_int_equal(io.close(io.ctx, file), KL_OK);
            }
        } else {
            failed = 1;
        }
        kl_memory_io_free(files);
        assert_int_equal(counter.live_blocks, 0);
        assert_int_equal(counter.live_bytes, 0);
        if (counter.requests < fail_at) {
            assert_false(failed);
            return;
        }
        assert_true(failed);
    }
    fail();
}

/* What is open when the file system goes is given back with it. */
static void test_memory_free_with_open_files(void **state) {
    kl_alloc_counter counter;
    kl_alloc alloc;
    kl_memory_io *files = NULL;
    kl_io io;
    void *a = NULL, *b = NULL;
    (void)state;
    assert_int_equal(kl_alloc_counter_init(&counter, NULL, &alloc), KL_OK);
    assert_int_equal(kl_memory_io_new(&alloc, &files, &io), KL_OK);
    assert_int_equal(io.open(io.ctx, "a", KL_OPEN_CREATE, &a), KL_OK);
    assert_int_equal(io.open(io.ctx, "a", KL_OPEN_READ, &b), KL_OK);
    assert_int_equal(io.append(io.ctx, a, "x", 1), KL_OK);
    assert_int_equal(io.remove(io.ctx, "a"), KL_OK);
    kl_memory_io_free(files);
    assert_int_equal(counter.live_bytes, 0);
}

static void test_fault_fails(void **state) {
    kl_memory_io *files = NULL;
    kl_io inner, io;
    kl_fault_io fault;
    void *file = NULL;
    char text[32];
    size_t got = 0;
    uint64_t size = 0;
    (void)state;
    assert_int_equal(kl_memory_io_new(NULL, &files, &inner), KL_OK);
    assert_int_equal(kl_fault_io_init(&fault, &inner, &io), KL_OK);
    fault.fail_at = 3;
    fault.fail_with = KL_E_NO_SPACE;
    fault.short_write = 1;
    assert_int_equal(io.open(io.ctx, "f", KL_OPEN_CREATE, &file), KL_OK);
    assert_int_equal(io.append(io.ctx, file, "0123456789", 10), KL_OK);
    assert_int_equal(io.append(io.ctx, file, "abcdef", 6), KL_E_NO_SPACE); /* the third call: half is left */
    assert_int_equal(io.size(io.ctx, file, &size), KL_OK);
    assert_int_equal(size, 13);
    fault.short_reads = 1;
    assert_int_equal(io.read_at(io.ctx, file, 0, text, sizeof text, &got), KL_OK);
    assert_int_equal(got, 7);
    assert_int_equal(fault.calls, 5);
    fault.fail_at = 6;
    fault.fail_with = KL_E_IO;
    fault.fail_onwards = 1;
    assert_int_equal(io.sync(io.ctx, file), KL_E_IO);
    assert_int_equal(io.append(io.ctx, file, "abcdef", 6), KL_E_IO); /* dead: not even a half */
    assert_int_equal(io.close(io.ctx, file), KL_E_IO);
    assert_int_equal(inner.open(inner.ctx, "f", KL_OPEN_READ, &file), KL_OK);
    assert_int_equal(inner.size(inner.ctx, file, &size), KL_OK);
    assert_int_equal(size, 13);
    kl_memory_io_free(files);
}

static void test_arguments(void **state) {
    kl_io io;
    kl_memory_io *files = NULL;
    kl_fault_io fault;
    (void)state;
    assert_int_equal(kl_memory_io_new(NULL, NULL, &io), KL_E_ARG);
    assert_int_equal(kl_memory_io_new(NULL, &files, NULL), KL_E_ARG);
    assert_int_equal(kl_fault_io_init(&fault, NULL, &io), KL_E_ARG);
    kl_memory_io_free(NULL);
}

static void test_clock(void **state) {
    int64_t now = 0, later = 0;
    const kl_clock *clock = kl_clock_system();
    (void)state;
    assert_int_equal(clock->now_us(clock->ctx, &now), KL_OK);
    assert_true(now > INT64_C(1735689600000000)); /* 2025 */
    assert_int_equal(clock->now_us(clock->ctx, &later), KL_OK);
    assert_true(later - now < 60000000 && now - later < 60000000);
    assert_int_equal(clock->now_us(clock->ctx, NULL), KL_E_ARG);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_posix),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_fault_passes),
        cmocka_unit_test(test_posix_lock_of_the_dead),
        cmocka_unit_test(test_memory_paths),
        cmocka_unit_test(test_memory_allocations),
        cmocka_unit_test(test_memory_free_with_open_files),
        cmocka_unit_test(test_fault_fails),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
