/* A file image of any bytes: open, list, scan, verify, write on. Must fail closed. The first byte chooses: 1 trades, 2
 * mend the checksums first, so that what stands behind them is reached. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "kline/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t get32(const uint8_t *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static void put32(uint8_t *p, uint32_t v) {
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (8 * i));
}

/* Makes every checksum right that can be found, in order of the file. */
static void mend(uint8_t *image, size_t size, uint32_t salt) {
    uint32_t chain = salt, sequence = 1;
    for (size_t slot = 0; slot < 8192 && slot + 4096 <= size; slot += 4096)
        if (image[slot] == 'K') put32(image + slot + 4092, kl_crc32c(0, image + slot, 4092));
    for (size_t at = 8192; at + 64 <= size;) {
        uint8_t *h = image + at;
        if (memcmp(h, "KLB\x1a", 4) != 0) break;
        put32(h + 8, (uint32_t)at), put32(h + 12, 0);
        put32(h + 16, sequence++), put32(h + 20, 0);
        uint32_t payload = get32(h + 24), lead = get32(h + 28);
        if (payload > size - at - 64) put32(h + 24, payload = (uint32_t)(size - at - 64));
        if (lead > payload) put32(h + 28, lead = payload);
        uint32_t table = 24 + 24 + (lead > 4 ? 8u * h[64 + 3] : 0u), rows = get32(h + 48);
        if (h[4] == 2 && rows && lead >= table) { /* frames */
            size_t frame = at + 64 + lead, end = at + 64 + payload, row_bytes = (payload - lead) / rows;
            for (uint32_t t = table; t + 16 <= lead && frame < end; t += 16) {
                size_t n = row_bytes * (rows < 256 ? rows : 256);
                if (n > end - frame) n = end - frame;
                put32(h + 64 + t + 12, kl_crc32c(0, image + frame, n));
                frame += n;
                rows -= rows < 256 ? rows : 256;
            }
        }
        put32(h + 52, chain);
        put32(h + 56, kl_crc32c(0, h + 64, lead));
        put32(h + 60, chain = kl_crc32c(salt, h, 60));
        at += 64 + (((size_t)payload + 7) & ~(size_t)7);
    }
}

static kl_status on_key(void *ctx, const kl_series_key *key) {
    (void)ctx;
    return key->symbol[0] ? KL_OK : KL_E_CANCEL;
}

static void use(kl_stored *s, int trades) {
    kl_scan *scan;
    kl_stored_info info;
    kl_error e;
    kl_scale scale = {2, 5, 7, 0};
    size_t n;
    kl_stored_info_get(s, &info, &e);
    if (kl_stored_scan(s, INT64_MIN, INT64_MAX, &scan, &e) == KL_OK) {
        for (int calls = 0; calls < 2000; calls++) {
            const kl_kline *rows;
            const kl_trade *some;
            kl_status status =
                trades ? kl_scan_trades(scan, &some, &n, NULL, &e) : kl_scan_klines(scan, &rows, &n, NULL, &e);
            if (status == KL_END || (status < 0 && status != KL_E_CORRUPT)) break;
        }
        kl_scan_free(scan);
    }
    kl_checkpoint *c;
    if (kl_checkpoint_new(NULL, &c) == KL_OK) {
        kl_stored_checkpoint(s, c, &e);
        kl_checkpoint_free(c);
    }
    kl_stored_verify(s, &e);
    if (kl_stored_begin(s, &e) < 0) return;
    kl_kline row;
    kl_trade trade;
    memset(&row, 0, sizeof row);
    memset(&trade, 0, sizeof trade);
    row.open_time_us = trade.time_us = INT64_C(1672531200000000);
    row.flags = KL_CLOSED;
    trade.id = 5;
    if (trades)
        kl_stored_put_trades(s, &trade, 1, &scale, NULL, &e);
    else
        kl_stored_put_klines(s, &row, 1, &scale, NULL, &e);
    kl_stored_commit(s, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    kl_memory_io *files;
    kl_io io;
    kl_store *store;
    kl_stored *stored;
    void *file;
    kl_error e;
    kl_series_key key;
    if (size < 1) return 0;
    int trades = data[0] & 1;
    uint8_t *image = (uint8_t *)malloc(size);
    if (!image) return 0;
    memcpy(image, data + 1, size - 1);
    memset(&key, 0, sizeof key);
    strcpy(key.symbol, "BTCUSDT");
    if (!trades) kl_interval_parse("1m", 2, &key.interval);
    if (data[0] & 2) {
        uint8_t identity[112] = {0};
        memcpy(identity + 48, key.symbol, 7);
        put32(identity + 96, (uint32_t)key.interval.unit);
        put32(identity + 100, (uint32_t)key.interval.n);
        mend(image, size - 1, kl_crc32c(0, identity, sizeof identity));
    }
    if (kl_memory_io_new(NULL, &files, &io) == KL_OK) {
        io.make_dir(io.ctx, "db");
        if (io.open(io.ctx, trades ? "db/_._.BTCUSDT.trades.kls" : "db/_._.BTCUSDT.1m.kls", KL_OPEN_CREATE, &file) ==
            KL_OK) {
            io.write_at(io.ctx, file, 0, image, size - 1);
            io.close(io.ctx, file);
        }
        for (int mode = KL_STORE_READ; mode <= KL_STORE_WRITE; mode++) {
            if (kl_store_open(&io, "db", mode, NULL, &store, &e) < 0) continue;
            kl_store_list(store, on_key, NULL, &e);
            if (kl_store_series(store, &key, &stored, &e) == KL_OK) {
                use(stored, trades);
                kl_stored_close(stored);
            }
            kl_store_close(store);
        }
        kl_memory_io_free(files);
    }
    free(image);
    return 0;
}
