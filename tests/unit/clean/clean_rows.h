/* Rows for the tests of clean, in few words. */
#ifndef CLEAN_ROWS_H
#define CLEAN_ROWS_H
#include "kline/clean.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define CLEAN_T0 INT64_C(1672531200000000) /* 2023-01-01T00:00:00Z, a Sunday */
#define CLEAN_MINUTE INT64_C(60000000)
#define CLEAN_HOUR (60 * CLEAN_MINUTE)
#define CLEAN_DAY (24 * CLEAN_HOUR)

static const kl_scale clean_scale = {2, 8, 8, 0};

static inline kl_i128 clean_wide(int64_t v) {
    kl_i128 r = {(uint64_t)v, v < 0 ? -1 : 0};
    return r;
}

/* a closed one-minute bar that keeps every rule; its content depends on i and salt. */
static inline kl_kline clean_bar(int64_t i, int64_t salt) {
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = CLEAN_T0 + i * CLEAN_MINUTE;
    row.close_time_us = row.open_time_us + CLEAN_MINUTE - 1;
    row.open = 10000 + (i * 7 + salt * 3) % 50;
    row.close = 10000 + (i * 11 + salt * 5) % 50;
    row.high = (row.open > row.close ? row.open : row.close) + (i + salt) % 5;
    row.low = (row.open < row.close ? row.open : row.close) - (i + salt) % 7;
    row.volume = clean_wide(1000 + i % 13 + salt);
    row.quote_volume = clean_wide(100000 + i % 17 + salt);
    row.taker_buy_base = clean_wide(400 + i % 5);
    row.taker_buy_quote = clean_wide(40000 + i % 7);
    row.trade_count = 1 + (i + salt) % 9;
    row.first_trade_id = row.last_trade_id = -1;
    row.known = KL_HAS_ALL;
    row.flags = KL_CLOSED;
    return row;
}

static inline kl_interval clean_interval(const char *text) {
    kl_interval interval;
    assert_int_equal(kl_interval_parse(text, strlen(text), &interval), KL_OK);
    return interval;
}

/* collects what a stage hands on. */
typedef struct clean_out {
    kl_kline rows[4096];
    kl_fold_info info[4096];
    int64_t line[4096];
    kl_scale scale;
    size_t n, changes;
    kl_status stop; /* returned instead of KL_OK when set */
} clean_out;

static inline kl_status clean_take_klines(void *ctx, kl_kline_batch *batch) {
    clean_out *out = (clean_out *)ctx;
    if (out->stop) return out->stop;
    for (size_t i = 0; i < batch->n; i++) {
        assert_true(out->n < 4096);
        out->line[out->n] = batch->source_row ? batch->source_row[i] : 0;
        out->rows[out->n++] = batch->rows[i];
    }
    out->scale = batch->scale;
    return KL_OK;
}
static inline kl_status clean_take_candle(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    clean_out *out = (clean_out *)ctx;
    if (out->stop) return out->stop;
    assert_true(out->n < 4096);
    out->info[out->n] = *info;
    out->rows[out->n++] = *row;
    out->scale = *scale;
    return KL_OK;
}
static inline kl_status clean_take_change(void *ctx, const kl_kline *winner, const kl_kline *loser, const kl_scale *scale) {
    clean_out *out = (clean_out *)ctx;
    (void)scale;
    assert_int_equal(winner->open_time_us, loser->open_time_us);
    assert_false(kl_kline_same(winner, loser));
    out->changes++;
    return KL_OK;
}

#endif
