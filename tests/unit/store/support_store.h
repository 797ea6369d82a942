/* What the store's tests share: a store in memory, random rows, and the text of all that a series says. */
#ifndef KL_TEST_STORE_H
#define KL_TEST_STORE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kline/store.h"
#include "random.h"

#define T0 INT64_C(1672531200000000)
#define MINUTE INT64_C(60000000)

static inline kl_series_key test_key(const char *interval) {
    kl_series_key key;
    memset(&key, 0, sizeof key);
    strcpy(key.venue, "binance");
    strcpy(key.market, "spot");
    strcpy(key.symbol, "BTCUSDT");
    if (interval[0]) assert_int_equal(kl_interval_parse(interval, strlen(interval), &key.interval), KL_OK);
    return key;
}

static inline kl_i128 test_wide(int64_t v) {
    kl_i128 w;
    w.lo = (uint64_t)v, w.hi = v < 0 ? -1 : 0;
    return w;
}

/* A candle whose content follows from (bar, version). */
static inline kl_kline test_kline(int64_t bar, uint64_t version) {
    uint64_t seed = (uint64_t)bar * 1000003 + version;
    kl_kline r;
    memset(&r, 0, sizeof r);
    r.open_time_us = T0 + bar * MINUTE;
    r.close_time_us = r.open_time_us + MINUTE - 1;
    r.open = 100000 + (int64_t)random_below(&seed, 1000);
    r.close = 100000 + (int64_t)random_below(&seed, 1000);
    r.high = 102000, r.low = 99000;
    r.volume = test_wide((int64_t)random_below(&seed, 1u << 20));
    r.quote_volume = test_wide((int64_t)random_below(&seed, UINT64_C(1) << 50));
    r.taker_buy_base = test_wide((int64_t)random_below(&seed, 1u << 18));
    r.taker_buy_quote = test_wide((int64_t)random_below(&seed, UINT64_C(1) << 48));
    if (random_below(&seed, 50) == 0) r.quote_volume.hi = 7;
    r.trade_count = (int64_t)random_below(&seed, 5000);
    r.first_trade_id = r.last_trade_id = -1;
    r.known = KL_HAS_ALL;
    r.flags = random_below(&seed, 4) ? KL_CLOSED : 0;
    r.authority = (int32_t)random_below(&seed, 2);
    if (random_below(&seed, 9) == 0) r.close_time_us -= 1000;
    return r;
}

static inline kl_trade test_trade(int64_t id, uint64_t version) {
    uint64_t seed = (uint64_t)id * 7919 + version;
    kl_trade t;
    memset(&t, 0, sizeof t);
    t.id = t.first_id = t.last_id = id;
    t.time_us = T0 + id * 1000 + (int64_t)random_below(&seed, 900);
    t.price = 100000 + (int64_t)random_below(&seed, 500);
    t.quantity = test_wide((int64_t)random_below(&seed, 100000));
    t.flags = KL_TRADE_MAKER_KNOWN | (uint32_t)random_below(&seed, 2);
    return t;
}

static const kl_scale test_scale = {2, 5, 7, 0};

/* 1: damage that a scan tells of is passed over */
static int test_tolerant;

/* Text of everything a scan gives, malloc'd. */
static inline char *test_dump_klines(kl_stored *stored, kl_time from, kl_time to) {
    kl_scan *scan;
    const kl_kline *rows;
    size_t n, used = 0, room = 1 << 16;
    kl_scale scale;
    kl_error error;
    char *text = (char *)malloc(room);
    memset(&error, 0, sizeof error);
    if (kl_stored_scan(stored, from, to, &scan, &error) != KL_OK) fail_msg("%s", error.message);
    kl_status status;
    while ((status = kl_scan_klines(scan, &rows, &n, &scale, &error)) == KL_OK ||
           (test_tolerant && status == KL_E_CORRUPT)) {
        for (size_t i = 0; i < n; i++) {
            const kl_kline *r = &rows[i];
            if (room - used < 1024) text = (char *)realloc(text, room *= 2);
            used += (size_t)snprintf(text + used, room - used,
                                     "%lld %lld | %lld %lld %lld %lld | %llx:%llx %llx:%llx %llx:%llx %llx:%llx | %lld "
                                     "%lld %lld %lld %x %x %d @%d,%d,%d\n",
                                     (long long)r->open_time_us, (long long)r->close_time_us, (long long)r->open,
                                     (long long)r->high, (long long)r->low, (long long)r->close,
                                     (unsigned long long)r->volume.hi, (unsigned long long)r->volume.lo,
                                     (unsigned long long)r->quote_volume.hi, (unsigned long long)r->quote_volume.lo,
                                     (unsigned long long)r->taker_buy_base.hi, (unsigned long long)r->taker_buy_base.lo,
                                     (unsigned long long)r->taker_buy_quote.hi,
                                     (unsigned long long)r->taker_buy_quote.lo, (long long)r->trade_count,
                                     (long long)r->first_trade_id, (long long)r->last_trade_id, (long long)r->as_of_us,
                                     r->known, r->flags, r->authority, scale.price, scale.volume, scale.quote);
        }
    }
    if (status != KL_END) fail_msg("scan: %d %s", (int)status, error.message);
    kl_scan_free(scan);
    text[used] = 0;
    return text;
}

static inline char *test_dump_trades(kl_stored *stored, kl_time from, kl_time to) {
    kl_scan *scan;
    const kl_trade *rows;
    size_t n, used = 0, room = 1 << 16;
    kl_scale scale;
    kl_error error;
    char *text = (char *)malloc(room);
    if (kl_stored_scan(stored, from, to, &scan, &error) != KL_OK) fail_msg("%s", error.message);
    kl_status status;
    while ((status = kl_scan_trades(scan, &rows, &n, &scale, &error)) == KL_OK ||
           (test_tolerant && status == KL_E_CORRUPT)) {
        for (size_t i = 0; i < n; i++) {
            const kl_trade *r = &rows[i];
            if (room - used < 1024) text = (char *)realloc(text, room *= 2);
            assert_int_equal(r->reserved, 0);
            used += (size_t)snprintf(text + used, room - used, "%lld %lld %lld %lld %lld %llx:%llx %x @%d,%d\n",
                                     (long long)r->id, (long long)r->first_id, (long long)r->last_id,
                                     (long long)r->time_us, (long long)r->price, (unsigned long long)r->quantity.hi,
                                     (unsigned long long)r->quantity.lo, r->flags, scale.price, scale.volume);
        }
    }
    if (status != KL_END) fail_msg("scan: %d %s", (int)status, error.message);
    kl_scan_free(scan);
    text[used] = 0;
    return text;
}

typedef struct test_store {
    kl_memory_io *files;
    kl_io io;
    kl_store *store;
    kl_stored *stored;
} test_store;

static inline void test_open(test_store *t, const char *interval, int32_t mode) {
    kl_error error;
    kl_series_key key = test_key(interval);
    if (!t->files) assert_int_equal(kl_memory_io_new(NULL, &t->files, &t->io), KL_OK);
    if (kl_store_open(&t->io, "db", mode, NULL, &t->store, &error) != KL_OK) fail_msg("%s", error.message);
    if (kl_store_series(t->store, &key, &t->stored, &error) != KL_OK) fail_msg("%s", error.message);
}
static inline void test_close(test_store *t) {
    kl_stored_close(t->stored);
    kl_store_close(t->store);
    t->stored = NULL, t->store = NULL;
}
static inline void test_drop(test_store *t) {
    if (t->stored) test_close(t);
    kl_store_close(t->store);
    kl_memory_io_free(t->files);
    memset(t, 0, sizeof *t);
}

#endif
