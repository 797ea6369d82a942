/* Dedup, folds and snapshots of made-up rows as checksums: every platform has to print the same lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kline/clean.h"

static uint64_t seed = 42;
static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static void check(kl_status status) {
    if (status < 0) printf("%s\n", kl_status_name(status)), exit(1);
}

static uint32_t crc;
static void add(uint64_t value) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> 8 * i);
    crc = kl_crc32c(crc, bytes, sizeof bytes);
}
static void add_double(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add(bits);
}
static void add_wide(const kl_i128 *value) { add(value->lo), add((uint64_t)value->hi); }
static void add_row(const kl_kline *row) {
    add((uint64_t)row->open_time_us), add((uint64_t)row->close_time_us), add((uint64_t)row->open), add((uint64_t)row->high);
    add((uint64_t)row->low), add((uint64_t)row->close), add_wide(&row->volume), add_wide(&row->quote_volume);
    add_wide(&row->taker_buy_base), add_wide(&row->taker_buy_quote), add((uint64_t)row->trade_count), add(row->known), add(row->flags);
}
static kl_status add_candle(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    (void)ctx;
    add_row(row), add((uint64_t)scale->price), add((uint64_t)scale->quote), add(info->rows), add(info->missing_ids), add(info->late);
    return KL_OK;
}
static void say(const char *what) {
    printf("%s %08lx\n", what, (unsigned long)crc);
    crc = 0;
}

enum { N = 20000 };
static kl_trade trades[N];
static kl_time times[N];
static double prices[N], quantities[N];
static uint8_t makers[N];

static void make_trades(void) {
    kl_time time = INT64_C(1672531200000000);
    for (int64_t i = 0; i < N; i++) {
        kl_trade *t = &trades[i];
        time += (kl_time)(next() % 900000);
        t->id = t->first_id = i, t->last_id = i;
        t->time_us = time - (kl_time)(next() % 3 ? 0 : next() % 70000000);
        t->price = 2000000 + (int64_t)(next() % 10000);
        t->quantity.lo = next() % UINT64_C(9000000000000000000);
        t->flags = KL_TRADE_MAKER_KNOWN | (next() & KL_TRADE_BUYER_MAKER);
        times[i] = time, prices[i] = (double)t->price / 100, quantities[i] = (double)(next() % 1000000) / 1e6;
        makers[i] = (uint8_t)(next() & 1);
    }
}

static void streaming_fold(const kl_interval *minute) {
    static int64_t memory[8192];
    static uint8_t bytes[65536];
    const kl_scale scale = {2, 8, 0, 0};
    kl_fold_options options;
    kl_fold *fold;
    size_t used;
    kl_fold_options_init(&options);
    options.to = *minute;
    options.lateness_us = 90000000;
    options.sink.candle = add_candle;
    check(kl_fold_init(memory, sizeof memory, &options, &fold));
    for (size_t i = 0; i < N; i += 100) {
        check(kl_fold_trades(fold, trades + i, 100, &scale, NULL));
        check(kl_fold_snapshot(fold, bytes, sizeof bytes, &used));
        crc = kl_crc32c(crc, bytes, used);
        check(kl_fold_restore(fold, bytes, used, NULL));
    }
    check(kl_fold_finish(fold, NULL));
    say("fold of trades, with snapshots");
}

static void columns_fold(const kl_interval *minute) {
    enum { ROOM = 2000 };
    static kl_time open[ROOM];
    static double value[5][ROOM];
    kl_trade_columns in = {N, times, prices, quantities, makers, 0, 0};
    kl_candle_columns out;
    size_t n;
    memset(&out, 0, sizeof out);
    out.capacity = ROOM, out.open_time_us = open;
    out.high = value[0], out.volume = value[1], out.quote_volume = value[2], out.taker_buy_base = value[3], out.taker_buy_quote = value[4];
    check(kl_trade_columns_fold(&in, minute, &out, &n, NULL));
    for (size_t i = 0; i < n; i++) {
        add((uint64_t)open[i]);
        for (int k = 0; k < 5; k++) add_double(value[k][i]);
    }
    say("fold of columns");
}

static void dedup_and_resample(const kl_interval *minute) {
    kl_trades all;
    kl_series minutes, hours;
    const kl_scale scale = {2, 8, 0, 0};
    kl_interval hour;
    check(kl_interval_parse("1h", 2, &hour));
    check(kl_trades_init(&all, NULL)), check(kl_series_init(&minutes, NULL)), check(kl_series_init(&hours, NULL));
    check(kl_trades_append(&all, trades, N, &scale, NULL));
    check(kl_trades_append(&all, trades + N / 3, N / 3, &scale, NULL));
    check(kl_trades_dedup(&all, 0, NULL, NULL));
    check(kl_trades_fold(&all, minute, &minutes, NULL));
    size_t n = minutes.n;
    for (size_t i = 0; i < n; i += 3) {
        kl_kline row = minutes.rows[i];
        row.trade_count += (int64_t)(next() % 5), row.as_of_us = (kl_time)(next() % 2);
        check(kl_series_append(&minutes, &row, 1, &minutes.scale, NULL));
    }
    check(kl_series_dedup(&minutes, KL_DEDUP_RANK, NULL, NULL, NULL));
    for (size_t i = 0; i < minutes.n; i++) add_row(&minutes.rows[i]);
    say("trades, deduped, to minutes, deduped");
    check(kl_series_fold(&minutes, &hour, &hours, NULL));
    for (size_t i = 0; i < hours.n; i++) add_row(&hours.rows[i]);
    say("minutes to hours");
    kl_trades_free(&all), kl_series_free(&minutes), kl_series_free(&hours);
}

int main(void) {
    kl_interval minute;
    check(kl_interval_parse("1m", 2, &minute));
    make_trades();
    streaming_fold(&minute);
    columns_fold(&minute);
    dedup_and_resample(&minute);
    return 0;
}
