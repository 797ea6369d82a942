/* What the tests of bars share: a receiver, options in units of the rows, trades with holes and trades taken back, kinds and sizes. */
#ifndef BARS_SUPPORT_H
#define BARS_SUPPORT_H
#include "clean_rows.h"
#include "random.h"

enum { BARS_ROOM = 20000, BARS_TRADES = 1500, BARS_MEMORY = 128 };
typedef struct bars_list {
    kl_kline rows[BARS_ROOM];
    kl_bars_info info[BARS_ROOM];
    kl_scale scale;
    size_t n;
    size_t stop_at; /* 0: never; else the receiver fails at this bar, once */
} bars_list;
static bars_list out, other;
static kl_trade trades[BARS_TRADES];
static kl_kline candles[BARS_TRADES];

static inline kl_status take(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_bars_info *info) {
    bars_list *list = ctx;
    if (list->n == BARS_ROOM) return KL_E_CANCEL;
    if (list->stop_at && list->n + 1 == list->stop_at) {
        list->stop_at = 0;
        return KL_E_CANCEL;
    }
    list->rows[list->n] = *row;
    list->info[list->n++] = *info;
    list->scale = *scale;
    return KL_OK;
}

/* clean_scale is 2 decimals of prices, 8 of volumes: sizes here are in units of those. */
static inline kl_bars_options options_of(int32_t kind, int64_t units, bars_list *into) {
    kl_bars_options options;
    kl_bars_options_init(&options);
    options.kind = kind;
    options.size = clean_wide(units);
    options.size_scale = kind == KL_BARS_TICKS ? 0 : kind == KL_BARS_VOLUME ? 8 : kind == KL_BARS_DOLLAR ? 10 : 2;
    options.sink.ctx = into;
    options.sink.bar = take;
    memset(into, 0, sizeof *into);
    return options;
}

static inline kl_bars *bars_of(int64_t *memory, const kl_bars_options *options) {
    kl_bars *bars;
    assert_true(kl_bars_size() <= BARS_MEMORY * 8);
    assert_int_equal(kl_bars_init(memory, BARS_MEMORY * 8, options, &bars), KL_OK);
    return bars;
}

static inline void put(kl_bars *bars, const void *rows, size_t from, size_t n) {
    kl_error error;
    kl_status status = bars == NULL ? KL_E_ARG : KL_OK;
    if (rows == (const void *)trades) status = kl_bars_trades(bars, trades + from, n, &clean_scale, &error);
    if (rows == (const void *)candles) status = kl_bars_klines(bars, candles + from, n, &clean_scale, &error);
    if (status < 0) print_error("row %lld: %s\n", (long long)error.row, error.message);
    assert_int_equal(status, KL_OK);
}

static inline void make_trades(uint64_t *seed, int64_t step) {
    int64_t price = 10000 + (int64_t)random_below(seed, 1000), id = 100;
    kl_time time = CLEAN_T0;
    for (size_t i = 0; i < BARS_TRADES; i++) {
        kl_trade *t = &trades[i];
        memset(t, 0, sizeof *t);
        if (random_below(seed, 3) == 0) time += (int64_t)random_below(seed, 4);
        price += (int64_t)random_below(seed, 2 * (uint64_t)step + 1) - step;
        if (random_below(seed, 50) == 0) price += (int64_t)random_below(seed, 40 * (uint64_t)step + 1) - 20 * step;
        if (price < 1) price = 1;
        if (random_below(seed, 100) == 0) id += 3; /* a hole */
        int64_t singles = random_below(seed, 8) == 0 ? 1 + (int64_t)random_below(seed, 4) : 1;
        t->time_us = random_below(seed, 30) ? time : time - 3; /* ids vouch for the order */
        t->price = price;
        t->quantity = clean_wide((int64_t)random_below(seed, random_below(seed, 20) == 0 ? 200 : 12));
        t->id = (int64_t)i, t->first_id = id, t->last_id = id + singles - 1;
        t->flags = KL_TRADE_MAKER_KNOWN | (uint32_t)random_below(seed, 2);
        id += singles;
        if (random_below(seed, 60) == 0) { /* taken back */
            t->flags = KL_TRADE_NEUTRALISED;
            t->price = 0, t->quantity = clean_wide(0), t->id = t->first_id = t->last_id = -1;
            id -= singles;
        }
    }
}

typedef struct bars_case {
    int32_t kind;
    int64_t size;
    int32_t split, wicks, first;
} bars_case;
static const bars_case cases[] = {
    {KL_BARS_TICKS, 1, 0, 0, 0},       {KL_BARS_TICKS, 7, 0, 0, 0},        {KL_BARS_TICKS, 5000, 0, 0, 0}, {KL_BARS_VOLUME, 1, 0, 0, 0},
    {KL_BARS_VOLUME, 40, 0, 0, 0},     {KL_BARS_VOLUME, 3, 1, 0, 0},       {KL_BARS_VOLUME, 40, 1, 0, 0},  {KL_BARS_DOLLAR, 300000, 0, 0, 0},
    {KL_BARS_DOLLAR, 300000, 1, 0, 0}, {KL_BARS_DOLLAR, 27001, 1, 0, 0},   {KL_BARS_RENKO, 10, 0, 0, 0},   {KL_BARS_RENKO, 10, 0, 1, 0},
    {KL_BARS_RENKO, 73, 0, 1, 0},      {KL_BARS_RENKO, 73, 0, 0, 1},       {KL_BARS_RENKO, 1, 0, 1, 1},    {KL_BARS_RANGE, 20, 0, 0, 0},
    {KL_BARS_RANGE, 1, 0, 0, 0},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static inline kl_bars_options case_of(const bars_case *c, bars_list *into) {
    kl_bars_options o = options_of(c->kind, c->size, into);
    o.split = c->split, o.wicks = c->wicks, o.from_first_price = c->first;
    return o;
}

#endif
