/* Speed of the stages of clean that follow the parser: min of runs, one line per case. Built alone:
 * cc -O3 -Iinclude -Isrc tests/bench/bench_fold.c libkline.a -lm */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "kline/clean.h"

enum { BENCH_TRADES = 1000000, BENCH_ROWS = 200000, BENCH_BATCH = 256, BENCH_RUNS = 15 };
static uint64_t seed = 1;

static uint64_t next(void) {
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
static void check(kl_status status) {
    if (status < 0) fprintf(stderr, "bench: %s\n", kl_status_name(status)), exit(1);
}

static kl_trades trades;
static kl_time *times;
static double *prices, *quantities;
static uint8_t *makers;
static kl_interval minute, day;

static void make_trades(void) {
    const kl_scale scale = {2, 8, 0, 0};
    kl_time time = INT64_C(1672531200000000);
    check(kl_trades_init(&trades, NULL));
    times = malloc(BENCH_TRADES * sizeof *times), makers = malloc(BENCH_TRADES);
    prices = malloc(BENCH_TRADES * sizeof *prices), quantities = malloc(BENCH_TRADES * sizeof *quantities);
    if (!times || !makers || !prices || !quantities) exit(1);
    for (int64_t i = 0; i < BENCH_TRADES; i++) {
        kl_trade t;
        memset(&t, 0, sizeof t);
        time += (kl_time)(next() % 200000);
        t.id = t.first_id = t.last_id = i;
        t.time_us = time;
        t.price = 2000000 + (int64_t)(next() % 10000);
        t.quantity.lo = 1 + next() % 100000000;
        t.flags = KL_TRADE_MAKER_KNOWN | (next() & KL_TRADE_BUYER_MAKER);
        check(kl_trades_append(&trades, &t, 1, &scale, NULL));
        times[i] = time, prices[i] = (double)t.price / 100, quantities[i] = (double)t.quantity.lo / 1e8;
        makers[i] = t.flags & KL_TRADE_BUYER_MAKER;
    }
}

static kl_status count_rows(void *ctx, kl_kline_batch *batch) {
    *(size_t *)ctx += batch->n;
    return KL_OK;
}

static double pass_exact(void) {
    kl_series out;
    check(kl_series_init(&out, NULL));
    double start = now();
    check(kl_trades_fold(&trades, &minute, &out, NULL));
    start = now() - start;
    kl_series_free(&out);
    return start / BENCH_TRADES;
}

static double pass_columns(void) {
    enum { ROOM = 10000 };
    static kl_time open[ROOM];
    static double value[5][ROOM];
    kl_candle_columns out;
    memset(&out, 0, sizeof out);
    out.capacity = ROOM;
    out.open_time_us = open, out.open = value[0], out.high = value[1], out.low = value[2], out.close = value[3], out.volume = value[4];
    kl_trade_columns in = {BENCH_TRADES, times, prices, quantities, makers, 0, 0};
    size_t n;
    double start = now();
    check(kl_trade_columns_fold(&in, &minute, &out, &n, NULL));
    return (now() - start) / BENCH_TRADES;
}

static kl_kline *rows, *copy;

static void make_rows(void) {
    rows = calloc(BENCH_ROWS, sizeof *rows), copy = malloc(BENCH_BATCH * sizeof *copy);
    if (!rows || !copy) exit(1);
    for (int64_t i = 0; i < BENCH_ROWS; i++) {
        kl_kline *r = &rows[i];
        r->open_time_us = INT64_C(1672531200000000) + i * 60000000;
        r->close_time_us = r->open_time_us + 59999000;
        r->open = 2000000 + (int64_t)(next() % 1000), r->close = 2000000 + (int64_t)(next() % 1000);
        r->high = 2001000 + (int64_t)(next() % 100), r->low = 1999000 - (int64_t)(next() % 100);
        r->volume.lo = 1000 + next() % 1000000, r->taker_buy_base.lo = r->volume.lo / 2;
        r->quote_volume.lo = r->volume.lo * 20000, r->taker_buy_quote.lo = r->quote_volume.lo / 2;
        r->trade_count = 1 + (int64_t)(next() % 1000);
        r->first_trade_id = r->last_trade_id = -1;
        r->known = KL_HAS_ALL, r->flags = KL_CLOSED;
    }
}

static double pass_clean(void) {
    static int64_t validator_memory[128], dedup_memory[128];
    const kl_scale scale = {2, 8, 8, 0};
    size_t handed_on = 0;
    kl_validate_options options;
    kl_validator *validator;
    kl_dedup *dedup;
    kl_kline_sink sink = {&handed_on, count_rows};
    kl_validate_options_init(&options);
    options.interval = minute;
    check(kl_validator_init(validator_memory, sizeof validator_memory, &options, &validator));
    check(kl_dedup_init(dedup_memory, sizeof dedup_memory, KL_DEDUP_RANK, &sink, NULL, &dedup));
    double spent = 0;
    for (size_t i = 0; i < BENCH_ROWS; i += BENCH_BATCH) {
        kl_kline_batch batch = {copy, NULL, BENCH_ROWS - i < BENCH_BATCH ? BENCH_ROWS - i : BENCH_BATCH, scale};
        memcpy(copy, rows + i, batch.n * sizeof *copy); /* as a parser would have left them: in the cache */
        double start = now();
        check(kl_validator_push(validator, &batch, NULL));
        check(kl_dedup_push(dedup, &batch, NULL));
        spent += now() - start;
    }
    check(kl_dedup_finish(dedup, NULL));
    if (handed_on != BENCH_ROWS) exit(1);
    return spent / BENCH_ROWS;
}

static double pass_fold_klines(void) {
    kl_series series, out;
    check(kl_series_init(&series, NULL));
    check(kl_series_init(&out, NULL));
    series.rows = rows, series.n = series.capacity = BENCH_ROWS, series.scale.price = 2, series.scale.volume = series.scale.quote = 8;
    series.key.interval = minute;
    double start = now();
    check(kl_series_fold(&series, &day, &out, NULL));
    start = now() - start;
    kl_series_free(&out);
    return start / BENCH_ROWS;
}

static void measure(const char *name, const char *unit, double (*pass)(void)) {
    double best = 1e300;
    for (int i = 0; i < BENCH_RUNS; i++) {
        double took = pass();
        if (took < best) best = took;
    }
    printf("%-34s %7.2f ns/%s\n", name, best, unit);
}

int main(void) {
    check(kl_interval_parse("1m", 2, &minute));
    check(kl_interval_parse("1d", 2, &day));
    make_trades();
    make_rows();
    measure("validate and dedup", "row", pass_clean);
    measure("candles 1m -> 1d, exact", "row", pass_fold_klines);
    measure("trades -> 1m, exact", "trade", pass_exact);
    measure("trades -> 1m, columns of doubles", "trade", pass_columns);
    return 0;
}
