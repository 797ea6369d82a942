/* Nothing lost, nothing twice: killed or failing at every call, every allocation failing, every truncation, every bit.
 */
#include "support_store.h"

enum { TXNS = 9, CHUNK = 40 };

/* What transaction k does: new rows, better versions of old ones, coverage, checkpoint. */
static kl_status txn_run(kl_stored *s, int k, kl_checkpoint *c) {
    kl_kline rows[CHUNK + 1];
    uint64_t seed = (uint64_t)k;
    int n = k % 3 == 1 ? 1 : CHUNK;
    uint8_t cursor = (uint8_t)k;
    for (int i = 0; i < n; i++) rows[i] = test_kline(k * CHUNK + (n - 1 - i), 0);
    rows[n] = test_kline((int64_t)random_below(&seed, (uint64_t)k * CHUNK + 1), (uint64_t)k);
    rows[n].flags = KL_CLOSED, rows[n].authority = k;
    kl_status status = kl_stored_begin(s, NULL);
    if (status >= 0) status = kl_stored_put_klines(s, rows, (size_t)n + 1, &test_scale, NULL, NULL);
    if (status >= 0) status = kl_stored_cover(s, T0 + k * CHUNK * MINUTE, T0 + (k * CHUNK + n) * MINUTE, NULL);
    if (status >= 0) status = kl_checkpoint_set(c, "cursor", 1, &cursor, 1);
    if (status >= 0) status = kl_stored_set_checkpoint(s, c, NULL);
    if (status >= 0) status = kl_stored_commit(s, NULL);
    return status;
}

/* Rows, coverage and cursor as one text. */
static char *describe(kl_stored *s) {
    char *rows = test_dump_klines(s, KL_TIME_MIN, KL_TIME_MAX);
    size_t used = strlen(rows), n;
    const void *bytes;
    kl_coverage coverage;
    kl_checkpoint *c;
    kl_coverage_init(&coverage, NULL);
    kl_checkpoint_new(NULL, &c);
    assert_int_equal(kl_stored_coverage(s, &coverage, NULL), KL_OK);
    char *text = (char *)malloc(used + 4096);
    memcpy(text, rows, used + 1);
    for (size_t i = 0; i < coverage.n; i++)
        used += (size_t)sprintf(text + used, "[%lld %lld) ", (long long)coverage.ranges[i].from,
                                (long long)coverage.ranges[i].to);
    if (kl_stored_checkpoint(s, c, NULL) == KL_OK && kl_checkpoint_get(c, "cursor", 1, &bytes, &n) == KL_OK)
        sprintf(text + used, "cursor %d", *(const uint8_t *)bytes);
    kl_coverage_free(&coverage);
    kl_checkpoint_free(c);
    free(rows);
    return text;
}

static char *expected[TXNS + 1];

static int setup(void **state) {
    (void)state;
    test_store t = {0};
    kl_checkpoint *c;
    kl_checkpoint_new(NULL, &c);
    test_open(&t, "1m", KL_STORE_WRITE);
    expected[0] = describe(t.stored);
    for (int k = 0; k < TXNS; k++) {
        assert_int_equal(txn_run(t.stored, k, c), KL_OK);
        expected[k + 1] = describe(t.stored);
        char cursor[16];
        sprintf(cursor, "cursor %d", k);
        assert_non_null(strstr(expected[k + 1], cursor));
    }
    kl_checkpoint_free(c);
    test_drop(&t);
    return 0;
}
static int teardown(void **state) {
    (void)state;
    for (int k = 0; k <= TXNS; k++) free(expected[k]);
    return 0;
}

typedef struct session {
    kl_store *store;
    kl_stored *stored;
} session;
static kl_status session_open(session *s, const kl_io *io, const kl_alloc *alloc, kl_error *error) {
    kl_series_key key = test_key("1m");
    s->store = NULL, s->stored = NULL;
    kl_status status = kl_store_open(io, "db", KL_STORE_WRITE, alloc, &s->store, error);
    if (status >= 0) status = kl_store_series(s->store, &key, &s->stored, error);
    return status;
}
static void session_close(session *s) {
    kl_stored_close(s->stored);
    kl_store_close(s->store);
    s->stored = NULL, s->store = NULL;
}

/* Dies at the first failure. *done: transactions whose commit came back; *trying: one was under way. */
static kl_status life(const kl_io *io, int *done, int *trying) {
    session s;
    kl_checkpoint *c;
    kl_checkpoint_new(NULL, &c);
    *done = *trying = 0;
    kl_status status = session_open(&s, io, NULL, NULL);
    for (int k = 0; k < TXNS && status >= 0; k++) {
        if (k == 3 || k == 6) {
            session_close(&s);
            status = session_open(&s, io, NULL, NULL);
            if (status < 0) break;
        }
        *trying = 1;
        status = txn_run(s.stored, k, c);
        if (status >= 0) ++*done, *trying = 0;
    }
    session_close(&s);
    kl_checkpoint_free(c);
    return status;
}

static void test_killed_at_every_call(void **state) {
    (void)state;
    int quick = getenv("KLINE_QUICK") != NULL, cut = 0;
    for (uint64_t at = 1;; at += quick ? 7 : 1) {
        for (uint32_t half = 0; half < 2; half++) {
            kl_fault_io fault;
            kl_memory_io *files;
            kl_io memory, io;
            session s;
            kl_error e;
            int done, trying, present = -1;
            kl_memory_io_new(NULL, &files, &memory);
            kl_fault_io_init(&fault, &memory, &io);
            fault.fail_at = at, fault.fail_onwards = 1, fault.fail_with = KL_E_IO, fault.short_write = half;
            kl_status status = life(&io, &done, &trying);
            uint64_t calls = fault.calls;
            memset(&e, 0, sizeof e);
            if (session_open(&s, &memory, NULL, &e) != KL_OK) fail_msg("call %d: %s", (int)at, e.message);
            char *text = describe(s.stored);
            for (int k = done; k <= done + trying; k++)
                if (!strcmp(text, expected[k])) present = k;
            if (present < 0) fail_msg("killed at call %d: neither %d nor the next transaction is there", (int)at, done);
            kl_stored_info info;
            kl_stored_info_get(s.stored, &info, NULL);
            cut += info.torn_bytes > 0;
            assert_int_equal(info.damaged_blocks, 0);
            /* and it goes on from there */
            kl_checkpoint *c;
            kl_checkpoint_new(NULL, &c);
            for (int k = present; k < TXNS; k++) assert_int_equal(txn_run(s.stored, k, c), KL_OK);
            kl_checkpoint_free(c);
            free(text);
            text = describe(s.stored);
            assert_string_equal(text, expected[TXNS]);
            free(text);
            assert_int_equal(kl_stored_verify(s.stored, NULL), KL_OK);
            session_close(&s);
            kl_memory_io_free(files);
            if (status >= 0 && calls < at) {
                assert_true(at > 60 && cut > 0);
                return;
            }
        }
    }
}

/* What another process reads, whose files do not fail. */
static char *describe_apart(const kl_io *clean) {
    test_store t = {0};
    t.io = *clean;
    kl_series_key key = test_key("1m");
    kl_error e;
    if (kl_store_open(clean, "db", KL_STORE_READ, NULL, &t.store, &e) != KL_OK) fail_msg("%s", e.message);
    if (kl_store_series(t.store, &key, &t.stored, &e) != KL_OK) fail_msg("%s", e.message);
    char *text = describe(t.stored);
    kl_stored_close(t.stored);
    kl_store_close(t.store);
    return text;
}

/* Whatever fails is tried again until all is in. */
static void stubborn(const kl_io *io, const kl_io *clean, const kl_alloc *alloc, const char *what, uint64_t at) {
    session s;
    kl_checkpoint *c = NULL;
    kl_error e;
    kl_checkpoint_new(NULL, &c);
    int tries = 0;
    while (session_open(&s, io, alloc, &e) < 0) {
        session_close(&s);
        if (++tries > 3) fail_msg("%s %d: cannot open: %s", what, (int)at, e.message);
    }
    for (int k = 0; k < TXNS;) {
        if (tries++ > 60) fail_msg("%s %d: no progress", what, (int)at);
        if (k == 3 || k == 6) {
            session_close(&s);
            while (session_open(&s, io, alloc, &e) < 0) {
                session_close(&s);
                if (tries++ > 60) fail_msg("%s %d: cannot open: %s", what, (int)at, e.message);
            }
        }
        kl_status status = txn_run(s.stored, k, c);
        if (status >= 0) {
            k++;
            continue;
        }
        (void)kl_stored_rollback(s.stored, NULL);
        char *text = describe_apart(clean);
        if (strcmp(text, expected[k]) != 0) fail_msg("%s %d: a failed transaction left traces", what, (int)at);
        free(text);
    }
    for (int closed = 0; closed < 2; closed++) {
        char *text = describe_apart(clean);
        if (strcmp(text, expected[TXNS]) != 0) fail_msg("%s %d: something is lost", what, (int)at);
        free(text);
        if (closed) break;
        session_close(&s);
        if (session_open(&s, io, alloc, &e) < 0) {
            session_close(&s);
            if (session_open(&s, io, alloc, &e) < 0) fail_msg("%s %d: cannot reopen: %s", what, (int)at, e.message);
        }
        if (kl_stored_verify(s.stored, &e) < 0 && kl_stored_verify(s.stored, &e) < 0)
            fail_msg("%s %d: %s", what, (int)at, e.message);
    }
    session_close(&s);
    kl_checkpoint_free(c);
}

static void test_failing_at_every_call(void **state) {
    (void)state;
    int quick = getenv("KLINE_QUICK") != NULL;
    for (uint64_t at = 1;; at += quick ? 7 : 1) {
        kl_fault_io fault;
        kl_memory_io *files;
        kl_io memory, io;
        kl_memory_io_new(NULL, &files, &memory);
        kl_fault_io_init(&fault, &memory, &io);
        fault.fail_at = at, fault.fail_with = at & 1 ? KL_E_NO_SPACE : KL_E_IO, fault.short_write = (uint32_t)(at & 2);
        stubborn(&io, &memory, NULL, "call", at);
        uint64_t calls = fault.calls;
        kl_memory_io_free(files);
        if (calls < at) return;
    }
}

static void test_every_allocation_failing(void **state) {
    (void)state;
    int quick = getenv("KLINE_QUICK") != NULL;
    for (uint64_t at = 1;; at += quick ? 7 : 1) {
        kl_alloc_counter counter;
        kl_alloc alloc;
        kl_memory_io *files;
        kl_io memory;
        kl_memory_io_new(NULL, &files, &memory);
        kl_alloc_counter_init(&counter, NULL, &alloc);
        counter.fail_at = at;
        stubborn(&memory, &memory, &alloc, "allocation", at);
        assert_int_equal(counter.live_blocks, 0);
        assert_int_equal(counter.live_bytes, 0);
        uint64_t requests = counter.requests;
        kl_memory_io_free(files);
        if (requests < at) return;
    }
}

static void test_short_reads(void **state) {
    (void)state;
    kl_fault_io fault;
    kl_memory_io *files;
    kl_io memory, io;
    kl_memory_io_new(NULL, &files, &memory);
    kl_fault_io_init(&fault, &memory, &io);
    fault.short_reads = 1;
    stubborn(&io, &memory, NULL, "short reads", 0);
    kl_memory_io_free(files);
}

/* ------------------------------------------------------------------------------------------------ broken files --- */

static const char *const image_path = "db/binance.spot.BTCUSDT.1m.kls";

/* A small store's file, malloc'd. vouched: closed properly. */
static uint8_t *image_of(int txns, int vouched, size_t *size) {
    test_store t = {0};
    kl_checkpoint *c;
    void *file;
    uint64_t bytes;
    kl_checkpoint_new(NULL, &c);
    test_open(&t, "1m", KL_STORE_WRITE);
    for (int k = 0; k < txns; k++) assert_int_equal(txn_run(t.stored, k, c), KL_OK);
    if (vouched) test_close(&t);
    assert_int_equal(t.io.open(t.io.ctx, image_path, KL_OPEN_READ, &file), KL_OK);
    t.io.size(t.io.ctx, file, &bytes);
    uint8_t *image = (uint8_t *)malloc((size_t)bytes);
    t.io.read_at(t.io.ctx, file, 0, image, (size_t)bytes, size);
    assert_int_equal(*size, bytes);
    t.io.close(t.io.ctx, file);
    kl_checkpoint_free(c);
    test_drop(&t);
    return image;
}

static kl_status open_image(test_store *t, const uint8_t *image, size_t size, int32_t mode) {
    void *file;
    kl_series_key key = test_key("1m");
    if (!t->files) {
        kl_memory_io_new(NULL, &t->files, &t->io);
        t->io.make_dir(t->io.ctx, "db");
    }
    assert_int_equal(t->io.open(t->io.ctx, image_path, KL_OPEN_CREATE, &file), KL_OK);
    t->io.truncate(t->io.ctx, file, 0);
    t->io.write_at(t->io.ctx, file, 0, image, size);
    t->io.close(t->io.ctx, file);
    assert_int_equal(kl_store_open(&t->io, "db", mode, NULL, &t->store, NULL), KL_OK);
    return kl_store_series(t->store, &key, &t->stored, NULL);
}

static void close_image(test_store *t, kl_status status) {
    if (status >= 0) kl_stored_close(t->stored);
    kl_store_close(t->store);
    t->stored = NULL, t->store = NULL;
}

static void test_every_truncation(void **state) {
    (void)state;
    enum { N = 5 };
    test_tolerant = 1; /* bytes that a slot vouches for are missing: scans say so */
    for (int vouched = 0; vouched < 2; vouched++) {
        size_t size, least = 0;
        uint8_t *image = image_of(N, vouched, &size);
        test_store t = {0};
        int last = N, step = getenv("KLINE_QUICK") ? 61 : 1;
        for (size_t n = size;; n -= (size_t)step) {
            kl_status status = open_image(&t, image, n, n % 16 == 3 ? KL_STORE_WRITE : KL_STORE_READ);
            if (status >= 0) {
                char *text = describe(t.stored);
                while (last >= 0 && strcmp(text, expected[last]) != 0) last--; /* never more than with a longer file */
                if (last < 0) fail_msg("cut to %d bytes: no committed prefix", (int)n);
                free(text);
                least = n;
            } else {
                assert_int_equal(status, KL_E_CORRUPT);
            }
            close_image(&t, status);
            if (n < (size_t)step) break;
        }
        assert_true(least > 8192 && least < 8192 + 1024 && last == 0);
        free(image);
        test_drop(&t);
    }
    test_tolerant = 0;
}

/* Every row that is given is right; every row that is not is not covered either. */
static void check_damaged(kl_stored *s, int txns, size_t byte, int bit) {
    kl_scan *scan;
    const kl_kline *rows;
    size_t n;
    kl_scale scale;
    kl_status status;
    static uint8_t seen[TXNS * CHUNK];
    kl_error e;
    memset(seen, 0, sizeof seen);
    status = kl_stored_scan(s, KL_TIME_MIN, KL_TIME_MAX, &scan, &e);
    if (status >= 0) {
        int told = 0;
        while ((status = kl_scan_klines(scan, &rows, &n, &scale, &e)) != KL_END) {
            if (status == KL_E_CORRUPT && told++ < 20) continue;
            assert_int_equal(status, KL_OK);
            for (size_t i = 0; i < n; i++) {
                int64_t bar = (rows[i].open_time_us - T0) / MINUTE;
                assert_true(bar >= 0 && bar < TXNS * CHUNK && !seen[bar]);
                kl_kline first = test_kline(bar, 0);
                int good = rows[i].authority >= 2 || kl_kline_same(&first, &rows[i]);
                for (int k = 0; !good && k < txns; k++) {
                    kl_kline better = test_kline(bar, (uint64_t)k);
                    good = kl_kline_same(&better, &rows[i]);
                }
                if (!good) fail_msg("byte %d bit %d: a wrong row", (int)byte, bit);
                seen[bar] = 1;
            }
        }
        kl_scan_free(scan);
    }
    kl_coverage coverage;
    kl_coverage_init(&coverage, NULL);
    assert_int_equal(kl_stored_coverage(s, &coverage, NULL), KL_OK);
    for (int k = 0; k < txns; k++)
        for (int i = 0; i < (k % 3 == 1 ? 1 : CHUNK); i++) {
            kl_time open = T0 + (k * CHUNK + i) * MINUTE;
            if (!seen[k * CHUNK + i] && kl_coverage_has(&coverage, open, open + MINUTE))
                fail_msg("byte %d bit %d: bar %d is lost, but covered", (int)byte, bit, k * CHUNK + i);
        }
    kl_coverage_free(&coverage);
}

static void test_every_bit_flip(void **state) {
    (void)state;
    enum { N = 4 };
    int quick = getenv("KLINE_QUICK") != NULL, found = 0;
    for (int vouched = 0; vouched < 2; vouched++) {
        size_t size;
        uint8_t *image = image_of(N, vouched, &size);
        test_store t = {0};
        for (size_t byte = 0; byte < size; byte += quick ? 29 : 1) {
            if (byte < 8192 && byte % 4096 > 160 && byte % 4096 < 4090 && byte % 97) continue; /* zeros of the slots */
            for (int bit = 0; bit < 8; bit += quick ? 3 : 1) {
                image[byte] ^= (uint8_t)(1u << bit);
                kl_status status = open_image(&t, image, size, byte % 5 ? KL_STORE_READ : KL_STORE_WRITE);
                if (status < 0) fail_msg("byte %d bit %d: does not open: %d", (int)byte, bit, (int)status);
                check_damaged(t.stored, N, byte, bit);
                kl_stored_info info;
                kl_stored_info_get(t.stored, &info, NULL);
                found += info.damaged_blocks > 0;
                close_image(&t, status);
                image[byte] ^= (uint8_t)(1u << bit);
            }
        }
        free(image);
        test_drop(&t);
    }
    assert_true(found > 100);
}

/* Damage is recorded by the next commit; what is fetched again is covered again, in every later session. */
static void test_damage_is_healed(void **state) {
    (void)state;
    size_t size;
    uint8_t *image = image_of(TXNS, 1, &size);
    test_store t = {0};
    kl_error e;
    int healed = 0;
    for (size_t byte = 8192 + 700; byte < size; byte += 501) {
        image[byte] ^= 4;
        kl_status status = open_image(&t, image, size, KL_STORE_WRITE);
        assert_int_equal(status, KL_OK);
        kl_status verified = kl_stored_verify(t.stored, &e);
        kl_stored_info info;
        kl_stored_info_get(t.stored, &info, NULL);
        if (verified == KL_E_CORRUPT && info.damaged_blocks > 0) {
            kl_checkpoint *c;
            kl_checkpoint_new(NULL, &c);
            for (int k = 0; k < TXNS; k++) assert_int_equal(txn_run(t.stored, k, c), KL_OK);
            kl_checkpoint_free(c);
            healed++;
            for (int round = 0; round < 2; round++) {
                char *text = describe(t.stored);
                assert_string_equal(text, expected[TXNS]);
                free(text);
                close_image(&t, KL_OK);
                test_open(&t, "1m", KL_STORE_READ);
            }
            kl_stored_info_get(t.stored, &info, NULL);
            assert_true(info.damaged_blocks > 0);
        }
        close_image(&t, status);
        image[byte] ^= 4;
    }
    assert_true(healed > 5);
    free(image);
    test_drop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_at_every_call),     cmocka_unit_test(test_failing_at_every_call),
        cmocka_unit_test(test_every_allocation_failing), cmocka_unit_test(test_short_reads),
        cmocka_unit_test(test_every_truncation),         cmocka_unit_test(test_every_bit_flip),
        cmocka_unit_test(test_damage_is_healed)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
