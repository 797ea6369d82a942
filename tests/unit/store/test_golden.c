/* A small store whose bytes are fixed: made anywhere, read anywhere. The image is rebuilt here from the same commits
 * and compared by its hash; some bytes were written down by hand from docs/store-format.md. */
#include "support_store.h"

static const char *const golden_sha256 = "d3ebec69a1133d3946853cc7a5d7a19254adfc77b60ec7d84f7a3c3bd02ada4e";

/* Of slot A, META, the first COMMIT and the first ROWS block. */
typedef struct piece {
    size_t at, n;
    uint8_t bytes[32];
} piece;
static const piece pieces[] = {{0, 12, {'K', 'L', 'S', 'E', 'R', 'I', 'E', 0x1a, 1, 0, 0, 0}},
                               {32, 8, {'b', 'i', 'n', 'a', 'n', 'c', 'e', 0}},
                               {80, 8, {'B', 'T', 'C', 'U', 'S', 'D', 'T', 0}},
                               {8192, 8, {'K', 'L', 'B', 0x1a, 1, 1, 0, 1}},
                               {8200, 8, {0, 0x20, 0, 0, 0, 0, 0, 0}},
                               {8216, 8, {128, 0, 0, 0, 128, 0, 0, 0}},
                               {8384, 8, {'K', 'L', 'B', 0x1a, 6, 1, 0, 1}},
                               {8680, 8, {'K', 'L', 'B', 0x1a, 2, 1, 0, 1}},
                               {8680 + 32, 8, {0x00, 0x40, 0x0d, 0x84, 0x28, 0xf1, 0x05, 0x00}},
                               {8680 + 48, 4, {3, 0, 0, 0}},
                               {8680 + 64, 8, {2, 5, 7, 17, 0, 1, 1, 0}}};

static uint8_t *golden_image(size_t *size) {
    test_store t = {0};
    kl_checkpoint *c;
    void *file;
    uint64_t bytes;
    test_open(&t, "1m", KL_STORE_WRITE);
    kl_checkpoint_new(NULL, &c);
    for (int k = 0; k < 3; k++) {
        kl_kline rows[3];
        for (int i = 0; i < 3; i++) {
            rows[i] = test_kline(2 * k + i, (uint64_t)k);
            rows[i].flags = KL_CLOSED;
            rows[i].authority = k - 1;
            rows[i].quote_volume.hi = k == 1 ? -5 : 0;
        }
        kl_checkpoint_raise(c, "k", T0 + k);
        kl_checkpoint_set(c, "s", (uint32_t)k, &"abc"[k], 1);
        assert_int_equal(kl_stored_begin(t.stored, NULL), KL_OK);
        assert_int_equal(kl_stored_put_klines(t.stored, rows, 3, &test_scale, NULL, NULL), KL_OK);
        assert_int_equal(kl_stored_cover(t.stored, T0, T0 + (2 * k + 3) * MINUTE, NULL), KL_OK);
        assert_int_equal(kl_stored_set_checkpoint(t.stored, c, NULL), KL_OK);
        assert_int_equal(kl_stored_commit(t.stored, NULL), KL_OK);
    }
    test_close(&t);
    assert_int_equal(t.io.open(t.io.ctx, "db/binance.spot.BTCUSDT.1m.kls", KL_OPEN_READ, &file), KL_OK);
    t.io.size(t.io.ctx, file, &bytes);
    uint8_t *image = (uint8_t *)malloc((size_t)bytes);
    t.io.read_at(t.io.ctx, file, 0, image, (size_t)bytes, size);
    t.io.close(t.io.ctx, file);
    kl_checkpoint_free(c);
    test_drop(&t);
    return image;
}

static void test_same_bytes_everywhere(void **state) {
    (void)state;
    size_t size;
    uint8_t *image = golden_image(&size), digest[32];
    char text[65];
    kl_sha256 hash;
    kl_sha256_init(&hash);
    kl_sha256_update(&hash, image, size);
    kl_sha256_final(&hash, digest);
    for (int i = 0; i < 32; i++) sprintf(text + 2 * i, "%02x", digest[i]);
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (memcmp(image + pieces[i].at, pieces[i].bytes, pieces[i].n) != 0)
            fail_msg("bytes at %d differ", (int)pieces[i].at);
    assert_string_equal(text, golden_sha256);
    free(image);
}

#include "golden_image.h"

/* The file as it was written once, on a little-endian 64-bit machine. */
static void test_old_file_opens(void **state) {
    (void)state;
    size_t n = strlen(golden_hex) / 2, size;
    uint8_t *made = golden_image(&size), *image = (uint8_t *)calloc(1, size);
    void *file;
    kl_series_key key = test_key("1m");
    test_store t = {0};
    kl_error e;
    assert_int_equal(n + 8192, size);
    for (size_t i = 0; i < n; i++) {
        unsigned byte;
        assert_int_equal(sscanf(golden_hex + 2 * i, "%2x", &byte), 1);
        image[8192 + i] = (uint8_t)byte; /* without slots: the blocks are enough */
    }
    kl_memory_io_new(NULL, &t.files, &t.io);
    t.io.make_dir(t.io.ctx, "db");
    t.io.open(t.io.ctx, "db/binance.spot.BTCUSDT.1m.kls", KL_OPEN_CREATE, &file);
    t.io.write_at(t.io.ctx, file, 0, image, size);
    t.io.close(t.io.ctx, file);
    assert_int_equal(kl_store_open(&t.io, "db", KL_STORE_READ, NULL, &t.store, &e), KL_OK);
    if (kl_store_series(t.store, &key, &t.stored, &e) != KL_OK) fail_msg("%s", e.message);
    assert_int_equal(kl_stored_verify(t.stored, &e), KL_OK);
    kl_series series;
    kl_series_init(&series, NULL);
    assert_int_equal(kl_stored_read(t.stored, KL_TIME_MIN, KL_TIME_MAX, &series, &e), KL_OK);
    assert_int_equal(series.n, 7);
    for (int i = 0; i < 7; i++) {
        int k = i / 2 < 2 ? i / 2 : 2;
        kl_kline want = test_kline(i, (uint64_t)k);
        want.flags = KL_CLOSED | (i == 2 || i == 4 ? KL_REVISED : 0);
        want.authority = k - 1;
        want.quote_volume.hi = k == 1 ? -5 : 0;
        assert_memory_equal(&series.rows[i], &want, sizeof want);
    }
    kl_checkpoint *c;
    const void *bytes;
    kl_checkpoint_new(NULL, &c);
    assert_int_equal(kl_stored_checkpoint(t.stored, c, &e), KL_OK);
    assert_int_equal(kl_checkpoint_get(c, "s", 2, &bytes, &n), KL_OK);
    assert_true(n == 1 && *(const char *)bytes == 'c');
    kl_checkpoint_free(c);
    kl_series_free(&series);
    free(made), free(image);
    test_drop(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_bytes_everywhere),
                                       cmocka_unit_test(test_old_file_opens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
