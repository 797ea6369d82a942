/* Damage: told, counted, uncovered, and healed by putting the same rows again. And what scans make of rows that lack
 * proof, and of trades of two kinds of id. */
#include "support_store.h"

static const char *path_of(const char *interval) {
    return interval[0] ? "db/binance.spot.BTCUSDT.1m.kls" : "db/binance.spot.BTCUSDT.trades.kls";
}

static uint8_t *file_get(const kl_io *io, const char *path, size_t *size) {
    void *file;
    uint64_t bytes;
    assert_int_equal(io->open(io->ctx, path, KL_OPEN_READ, &file), KL_OK);
    io->size(io->ctx, file, &bytes);
    uint8_t *image = (uint8_t *)malloc((size_t)bytes);
    io->read_at(io->ctx, file, 0, image, (size_t)bytes, size);
    assert_int_equal(*size, bytes);
    io->close(io->ctx, file);
    return image;
}

static void file_set(const kl_io *io, const char *path, const uint8_t *image, size_t size) {
    void *file;
    assert_int_equal(io->open(io->ctx, path, KL_OPEN_CREATE, &file), KL_OK);
    io->truncate(io->ctx, file, 0);
    io->write_at(io->ctx, file, 0, image, size);
    io->close(io->ctx, file);
}

static void flip(test_store *t, const char *interval, size_t at, uint8_t mask) {
    size_t size;
    uint8_t *image = file_get(&t->io, path_of(interval), &size);
    assert_true(at < size);
    image[at] ^= mask;
    file_set(&t->io, path_of(interval), image, size);
    free(image);
}

/* ------------------------------------------------------------------------------------------------------ content --- */

enum { KLINES, TRADES, BARE_TRADES, KINDS, IMPORTS = 3, PER_IMPORT = 1000, ALL = IMPORTS * PER_IMPORT };
static const int64_t steps[KINDS] = {MINUTE, 1000, 500}; /* from row to row */
static const char *const intervals[KINDS] = {"1m", "", ""};

/* One import: a transaction of its own, in batches, covering what it brings. Some candles are better versions of
 * those of the import before. */
static kl_status import(kl_stored *s, int kind, int which, size_t batch, kl_put_counts *counts) {
    static kl_kline klines[PER_IMPORT + 50];
    static kl_trade trades[PER_IMPORT];
    size_t n = PER_IMPORT;
    for (int i = 0; i < PER_IMPORT; i++) {
        klines[i] = test_kline(which * PER_IMPORT + i, 0);
        trades[i] = test_trade(which * PER_IMPORT + i, 0);
        if (kind == BARE_TRADES) {
            trades[i] = test_trade((which * PER_IMPORT + i) / 2, 0); /* each twice */
            trades[i].id = trades[i].first_id = trades[i].last_id = -1;
        }
    }
    for (int i = 0; which && i < 50; i++) {
        klines[n] = test_kline((which - 1) * PER_IMPORT + 19 * i, 7);
        klines[n].flags = KL_CLOSED, klines[n++].authority = 5;
    }
    if (kind != KLINES) n = PER_IMPORT;
    kl_status status = kl_stored_begin(s, NULL);
    for (size_t i = 0; i < n && status >= 0; i += batch) {
        size_t m = batch < n - i ? batch : n - i;
        status = kind == KLINES ? kl_stored_put_klines(s, klines + i, m, &test_scale, counts, NULL)
                                : kl_stored_put_trades(s, trades + i, m, &test_scale, counts, NULL);
    }
    kl_time from = T0 + which * PER_IMPORT * steps[kind];
    if (status >= 0) status = kl_stored_cover(s, from, from + PER_IMPORT * steps[kind], NULL);
    if (status >= 0) status = kl_stored_commit(s, NULL);
    if (status < 0) (void)kl_stored_rollback(s, NULL);
    return status;
}

static char *dump(kl_stored *s, int kind) {
    return kind == KLINES ? test_dump_klines(s, KL_TIME_MIN, KL_TIME_MAX)
                          : test_dump_trades(s, KL_TIME_MIN, KL_TIME_MAX);
}

static size_t lines(const char *text) {
    size_t n = 0;
    for (; *text; text++) n += *text == '\n';
    return n;
}

/* one: all imports in one session; otherwise each in its own */
static char *build(test_store *t, int kind, int one) {
    test_open(t, intervals[kind], KL_STORE_WRITE);
    for (int i = 0; i < IMPORTS; i++) {
        assert_int_equal(import(t->stored, kind, i, 512, NULL), KL_OK);
        if (one) continue;
        test_close(t);
        test_open(t, intervals[kind], KL_STORE_WRITE);
    }
    char *text = dump(t->stored, kind);
    assert_int_equal(lines(text), ALL);
    test_close(t);
    return text;
}

/* ------------------------------------------------------------------------------------------------------- healing ---
 */

static void test_same_rows_again_heal(void **state) {
    (void)state;
    enum { N = 3000 };
    static kl_kline rows[N];
    test_store t = {0};
    for (int i = 0; i < N; i++) rows[i] = test_kline(i, 0);
    char *want = NULL;
    for (int round = 0; round < 2; round++) {
        kl_put_counts c = {0};
        test_open(&t, "1m", KL_STORE_WRITE);
        assert_int_equal(kl_stored_begin(t.stored, NULL), KL_OK);
        for (size_t i = 0; i < N; i += 256)
            assert_int_equal(kl_stored_put_klines(t.stored, rows + i, N - i < 256 ? N - i : 256, &test_scale, &c, NULL),
                             KL_OK);
        assert_int_equal(kl_stored_cover(t.stored, T0, T0 + N * MINUTE, NULL), KL_OK);
        assert_int_equal(kl_stored_commit(t.stored, NULL), KL_OK);
        assert_int_equal(c.inserted, N);
        char *got = dump(t.stored, KLINES);
        kl_stored_info info;
        assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
        assert_int_equal(info.rows, N);
        assert_int_equal(info.damaged_blocks, round);
        test_close(&t);
        if (round) assert_string_equal(got, want);
        if (round)
            free(got);
        else
            want = got;
        if (!round) flip(&t, "1m", 100000, 0xff); /* late in the one block */
    }
    test_open(&t, "1m", KL_STORE_READ);
    char *got = dump(t.stored, KLINES);
    assert_string_equal(got, want);
    kl_stored_info info;
    assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
    assert_true(info.rows == N && info.covered_ranges == 1 && info.covered_from == T0 &&
                info.covered_to == T0 + N * MINUTE);
    free(got), free(want);
    test_drop(&t);
}

/* Any byte, then everything again: all is there, or the import says that it failed, and the next one heals. */
static void test_any_flip_then_again(void **state) {
    (void)state;
    uint64_t seed = 2026;
    int rounds = getenv("KLINE_QUICK") ? 16 : getenv("KLINE_LONG") ? 1000 : 150;
    for (int kind = 0; kind < KINDS; kind++)
        for (int one = 0; one < 2; one++) {
            test_store t = {0};
            size_t size;
            char *want = build(&t, kind, one);
            uint8_t *image = file_get(&t.io, path_of(intervals[kind]), &size);
            for (int round = 0; round < rounds; round++) {
                size_t at = 8192 + (size_t)random_below(&seed, size - 8192);
                if (round % 16 == 0) at = (size_t)random_below(&seed, size);
                uint8_t mask = (uint8_t)(1 + random_below(&seed, 255));
                image[at] ^= mask;
                file_set(&t.io, path_of(intervals[kind]), image, size);
                image[at] ^= mask;
                test_open(&t, intervals[kind], KL_STORE_WRITE);
                size_t batch = 1 + (size_t)random_below(&seed, 1500);
                for (int i = 0; i < IMPORTS; i++)
                    if (import(t.stored, kind, i, batch, NULL) < 0)
                        assert_int_equal(import(t.stored, kind, i, batch, NULL), KL_OK);
                for (int again = 0; again < 2; again++) {
                    kl_coverage coverage;
                    kl_stored_info info;
                    char *got = dump(t.stored, kind);
                    if (strcmp(got, want) != 0)
                        fail_msg("kind %d, one %d, byte %d ^ %d: %d of %d rows", kind, one, (int)at, mask,
                                 (int)lines(got), ALL);
                    assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
                    if (info.rows != ALL)
                        fail_msg("kind %d, one %d, byte %d ^ %d: counts %d rows", kind, one, (int)at, mask,
                                 (int)info.rows);
                    kl_coverage_init(&coverage, NULL);
                    assert_int_equal(kl_stored_coverage(t.stored, &coverage, NULL), KL_OK);
                    if (!kl_coverage_has(&coverage, T0, T0 + ALL * steps[kind]))
                        fail_msg("kind %d, one %d, byte %d ^ %d: uncovered", kind, one, (int)at, mask);
                    kl_coverage_free(&coverage);
                    free(got);
                    assert_int_equal(kl_stored_verify(t.stored, NULL), KL_OK); /* healed */
                    test_close(&t);
                    test_open(&t, intervals[kind], KL_STORE_READ);
                }
                test_close(&t);
            }
            free(image), free(want);
            test_drop(&t);
        }
}

/* ------------------------------------------------------------------------------------------------------- readers ---
 */

typedef struct reading {
    uint8_t seen[ALL];
    int told, rows;
} reading;

static void read_all(kl_stored *s, reading *r) {
    kl_scan *scan;
    const kl_kline *rows;
    size_t n;
    kl_status status;
    memset(r, 0, sizeof *r);
    assert_int_equal(kl_stored_scan(s, KL_TIME_MIN, KL_TIME_MAX, &scan, NULL), KL_OK);
    while ((status = kl_scan_klines(scan, &rows, &n, NULL, NULL)) != KL_END) {
        if (status == KL_E_CORRUPT)
            r->told++;
        else
            assert_int_equal(status, KL_OK);
        assert_true(r->told < 10);
        for (size_t i = 0; i < n; i++, r->rows++) r->seen[(rows[i].open_time_us - T0) / MINUTE] = 1;
    }
    kl_scan_free(scan);
}

/* What is missing is told, counted and uncovered, whatever the byte. */
static void test_nothing_is_skipped_in_silence(void **state) {
    (void)state;
    uint64_t seed = 8;
    int rounds = getenv("KLINE_QUICK") ? 50 : 600, lost = 0, last_commit = 0;
    for (int one = 0; one < 2; one++) {
        test_store t = {0};
        static reading r;
        size_t size;
        free(build(&t, KLINES, one));
        uint8_t *image = file_get(&t.io, path_of("1m"), &size);
        for (int round = 0; round < rounds; round++) {
            size_t at = 8192 + (size_t)random_below(&seed, size - 8192);
            if (round == 0) at = 8805;
            if (round % 10 == 1) at = size - 1 - (size_t)random_below(&seed, 296 - 40); /* the last COMMIT */
            if (round % 10 == 2) at = 8192 + (size_t)random_below(&seed, 1000);
            image[at] ^= 16;
            file_set(&t.io, path_of("1m"), image, size);
            image[at] ^= 16;
            kl_coverage coverage;
            kl_stored_info info;
            test_open(&t, "1m", KL_STORE_READ);
            read_all(t.stored, &r);
            kl_coverage_init(&coverage, NULL);
            assert_int_equal(kl_stored_coverage(t.stored, &coverage, NULL), KL_OK);
            assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
            if (r.rows < ALL && (!r.told || !info.damaged_blocks))
                fail_msg("byte %d: %d rows and not a word", (int)at, r.rows);
            if (info.rows > (uint64_t)r.rows) fail_msg("byte %d: %d of %d rows", (int)at, r.rows, (int)info.rows);
            for (int i = 0; i < ALL; i++)
                if (!r.seen[i] && kl_coverage_has(&coverage, T0 + i * MINUTE, T0 + (i + 1) * MINUTE))
                    fail_msg("byte %d: bar %d is lost, but covered", (int)at, i);
            lost += r.rows < ALL, last_commit += round % 10 == 1 && r.rows < ALL;
            /* the same without reading rows */
            test_close(&t);
            test_open(&t, "1m", KL_STORE_READ);
            kl_status verified = kl_stored_verify(t.stored, NULL);
            assert_int_equal(verified, info.damaged_blocks ? KL_E_CORRUPT : KL_OK);
            kl_stored_info after;
            assert_int_equal(kl_stored_info_get(t.stored, &after, NULL), KL_OK);
            assert_true(after.damaged_blocks == info.damaged_blocks && after.rows == info.rows &&
                        after.covered_ranges == info.covered_ranges && after.first_us == info.first_us &&
                        after.last_us == info.last_us);
            kl_coverage_free(&coverage);
            test_close(&t);
        }
        free(image);
        test_drop(&t);
    }
    assert_true(lost > rounds / 2 && last_commit > 0);
}

static void test_rows_behind_the_damage(void **state) {
    (void)state;
    test_store t = {0};
    static reading r;
    kl_stored_info info;
    kl_coverage coverage;
    size_t size;
    free(build(&t, KLINES, 1));
    uint8_t *image = file_get(&t.io, path_of("1m"), &size);
    free(image);
    flip(&t, "1m", size / 2, 1); /* in a frame of the second import */
    test_open(&t, "1m", KL_STORE_READ);
    assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
    assert_true(info.damaged_blocks == 0 && info.rows == ALL); /* nobody has looked yet */
    read_all(t.stored, &r);
    assert_int_equal(r.told, 1);
    assert_true(r.seen[0] && r.seen[ALL - 1] && r.seen[2 * PER_IMPORT] && r.rows >= 2 * PER_IMPORT && r.rows < ALL);
    kl_coverage_init(&coverage, NULL);
    assert_int_equal(kl_stored_coverage(t.stored, &coverage, NULL), KL_OK);
    assert_true(coverage.ranges[coverage.n - 1].from == T0 + 2 * PER_IMPORT * MINUTE);
    kl_coverage_free(&coverage);
    assert_int_equal(kl_stored_info_get(t.stored, &info, NULL), KL_OK);
    assert_true(info.damaged_blocks == 1 && info.rows == 2 * PER_IMPORT + 50); /* 50: by a later block */
    read_all(t.stored, &r);                                                    /* a second scan says so as well */
    assert_true(r.told == 1 && r.rows == 2 * PER_IMPORT + 50);
    test_drop(&t);
}

/* ---------------------------------------------------------------------------------------- proof by later rows --- */

static void test_a_later_row_is_proof(void **state) {
    (void)state;
    for (int order = 0; order < 2; order++) {
        test_store t = {0};
        kl_series series;
        kl_put_counts c = {0};
        kl_kline files[2][3];
        for (int f = 0; f < 2; f++)
            for (int i = 0; i < 3; i++)
                files[f][i] = test_kline(3 * f + i, 0), files[f][i].flags = i == 2 ? KL_SUSPECT : KL_CLOSED;
        test_open(&t, "1m", KL_STORE_WRITE);
        for (int pass = 0; pass < 4; pass++) {
            assert_int_equal(kl_stored_begin(t.stored, NULL), KL_OK);
            assert_int_equal(kl_stored_put_klines(t.stored, files[(pass + order) % 2], 3, &test_scale, &c, NULL),
                             KL_OK);
            assert_int_equal(kl_stored_commit(t.stored, NULL), KL_OK);
        }
        assert_true(c.inserted == 6 && c.same == 6);
        kl_series_init(&series, NULL);
        /* the range does not matter, the series does */
        assert_int_equal(kl_stored_read(t.stored, T0, T0 + 3 * MINUTE, &series, NULL), KL_OK);
        assert_int_equal(kl_stored_read(t.stored, T0 + 3 * MINUTE, KL_TIME_MAX, &series, NULL), KL_OK);
        assert_int_equal(series.n, 6);
        for (int i = 0; i < 6; i++) assert_int_equal(series.rows[i].flags, i == 5 ? KL_SUSPECT : KL_CLOSED);
        kl_series_free(&series);
        test_drop(&t);
    }
}

/* ------------------------------------------------------------------------------------------ aggregates of trades ---
 */

static void test_aggregates_apart(void **state) {
    (void)state;
    for (int first = 0; first < 4; first++) {
        test_store t = {0};
        kl_error e;
        kl_trade rows[4];
        uint32_t flag = first & 1 ? KL_TRADE_AGGREGATE : 0;
        for (int i = 0; i < 4; i++) {
            rows[i] = test_trade(i, 0);
            rows[i].flags |= flag;
            if (first & 2) rows[i].id = -1;
        }
        test_open(&t, "", KL_STORE_WRITE);
        assert_int_equal(kl_stored_begin(t.stored, NULL), KL_OK);
        rows[3].flags ^= KL_TRADE_AGGREGATE; /* mixed within a call: nothing is taken */
        assert_int_equal(kl_stored_put_trades(t.stored, rows, 4, &test_scale, NULL, &e), KL_E_MISMATCH);
        assert_int_equal(e.row, 4);
        assert_int_equal(kl_stored_put_trades(t.stored, rows, 3, &test_scale, NULL, &e), KL_OK);
        assert_int_equal(kl_stored_commit(t.stored, NULL), KL_OK);
        for (int again = 0; again < 2; again++) { /* known after reopening too */
            assert_int_equal(kl_stored_begin(t.stored, NULL), KL_OK);
            assert_int_equal(kl_stored_put_trades(t.stored, rows + 3, 1, &test_scale, NULL, &e), KL_E_MISMATCH);
            assert_true(strstr(e.message, "aggregate") != NULL);
            assert_int_equal(kl_stored_commit(t.stored, NULL), KL_OK);
            kl_trades back;
            kl_trades_init(&back, NULL);
            assert_int_equal(kl_stored_read_trades(t.stored, KL_TIME_MIN, KL_TIME_MAX, &back, NULL), KL_OK);
            assert_int_equal(back.n, 3);
            for (int i = 0; i < 3; i++) assert_int_equal(back.rows[i].flags & KL_TRADE_AGGREGATE, flag);
            kl_trades_free(&back);
            test_close(&t);
            test_open(&t, "", KL_STORE_WRITE);
        }
        test_drop(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_rows_again_heal),          cmocka_unit_test(test_any_flip_then_again),
        cmocka_unit_test(test_nothing_is_skipped_in_silence), cmocka_unit_test(test_rows_behind_the_damage),
        cmocka_unit_test(test_a_later_row_is_proof),          cmocka_unit_test(test_aggregates_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
