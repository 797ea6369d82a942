/* Bars that time does not make, with snapshots, as checksums: every platform has to print the same lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kline/clean.h"

static uint64_t seed = 43;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static void check(kl_status status) {
    if (status < 0) printf("%s\n", kl_status_name(status)), exit(1);
}

static uint32_t crc, bars_made;
static void add(uint64_t value) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> 8 * i);
    crc = kl_crc32c(crc, bytes, sizeof bytes);
}
static void add_wide(const kl_i128 *value) { add(value->lo), add((uint64_t)value->hi); }
static kl_status add_bar(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_bars_info *info) {
    (void)ctx;
    bars_made++;
    add((uint64_t)row->open_time_us), add((uint64_t)row->close_time_us), add((uint64_t)row->open), add((uint64_t)row->high);
    add((uint64_t)row->low), add((uint64_t)row->close), add_wide(&row->volume), add_wide(&row->quote_volume);
    add_wide(&row->taker_buy_base), add_wide(&row->taker_buy_quote), add((uint64_t)row->trade_count), add(row->known), add(row->flags);
    add((uint64_t)scale->quote), add(info->rows), add(info->missing_ids), add((uint64_t)info->first_us), add((uint64_t)info->direction);
    return KL_OK;
}

enum { N = 5000 };
static kl_trade trades[N];

static void make_trades(void) {
    kl_time time = INT64_C(1672531200000000);
    int64_t price = 2000000;
    for (int64_t i = 0; i < N; i++) {
        kl_trade *t = &trades[i];
        time += (kl_time)(next() % 3 ? 0 : next() % 900000);
        price += (int64_t)(next() % 401) - 200;
        t->id = t->first_id = t->last_id = i + i / 700;
        t->time_us = time;
        t->price = price;
        t->quantity.lo = next() % UINT64_C(9000000000000000000);
        t->flags = KL_TRADE_MAKER_KNOWN | (next() & KL_TRADE_BUYER_MAKER);
    }
}

static void bars_of(const char *text, int32_t split, int32_t wicks) {
    int64_t memory[128];
    uint8_t bytes[1024];
    const kl_scale scale = {2, 8, 0, 0};
    kl_bars_options options;
    kl_bars *bars;
    size_t used;
    kl_bars_options_init(&options);
    check(kl_bars_parse(text, strlen(text), &options));
    options.split = split, options.wicks = wicks;
    options.sink.bar = add_bar;
    check(kl_bars_init(memory, sizeof memory, &options, &bars));
    crc = bars_made = 0;
    for (size_t i = 0; i < N; i += 50) {
        check(kl_bars_trades(bars, trades + i, 50, &scale, NULL));
        check(kl_bars_snapshot(bars, bytes, sizeof bytes, &used));
        crc = kl_crc32c(crc, bytes, used);
        check(kl_bars_restore(bars, bytes, used, NULL));
    }
    check(kl_bars_finish(bars, NULL));
    printf("%s%s%s: %lu bars %08lx\n", text, split ? " split" : "", wicks ? " wicks" : "", (unsigned long)bars_made, (unsigned long)crc);
}

int main(void) {
    make_trades();
    bars_of("ticks:17", 0, 0);
    bars_of("volume:123456789012.5", 0, 0);
    bars_of("volume:12345678901.5", 1, 0);
    bars_of("dollar:1e15", 0, 0);
    bars_of("dollar:1.23456789e14", 1, 0);
    bars_of("renko:2.50", 0, 0);
    bars_of("renko:12.5", 0, 1);
    bars_of("range:7", 0, 0);
    return 0;
}
