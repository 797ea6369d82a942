/* Trades to minutes to quarters of an hour, exactly, as they come in: what a bot does with a stream. */
#include <kline.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct chain {
    kl_fold *larger; /* where the minutes go */
    int candles;
} chain;

static kl_status quarter(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    char time[KL_TIME_TEXT_MAX], volume[KL_DECIMAL_TEXT_MAX];
    (void)ctx;
    kl_time_print(row->open_time_us, time);
    kl_decimal_print(&row->volume, scale->volume, volume);
    printf("%s volume %s from %llu minutes%s\n", time, volume, (unsigned long long)info->rows, row->flags & KL_PARTIAL ? ", not complete" : "");
    return KL_OK;
}

static kl_status minute(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    chain *c = ctx;
    (void)info;
    c->candles++;
    return kl_fold_klines(c->larger, row, 1, scale, NULL);
}

static kl_fold *make(const char *from, const char *to, kl_fold_sink sink) {
    kl_fold_options options;
    kl_fold *fold = NULL;
    size_t bytes;
    void *memory;
    kl_fold_options_init(&options);
    if (from) kl_interval_parse(from, 2, &options.from); /* left out: trades */
    kl_interval_parse(to, from ? 3 : 2, &options.to);
    options.sink = sink;
    bytes = kl_fold_size(&options);
    memory = malloc(bytes);
    return memory && kl_fold_init(memory, bytes, &options, &fold) >= 0 ? fold : NULL;
}

int main(void) {
    chain c = {NULL, 0};
    kl_fold_sink quarters, minutes;
    kl_scale scale = {2, 3, 5, 0}; /* prices in cents, quantities in thousandths */
    kl_fold *smaller;
    kl_status status = KL_OK;
    quarters.ctx = NULL;
    quarters.candle = quarter;
    minutes.ctx = &c;
    minutes.candle = minute;
    c.larger = make("1m", "15m", quarters);
    smaller = make(NULL, "1m", minutes);
    if (!c.larger || !smaller) return 1;
    for (int64_t i = 0; i < 40 * 60 && status >= 0; i++) { /* a trade a second for forty minutes */
        kl_trade trade = {0};
        trade.id = trade.first_id = trade.last_id = i + 1;
        trade.time_us = INT64_C(1704067200000000) + i * 1000000;
        trade.price = 4250000 + (i * 37) % 211;
        trade.quantity.lo = (uint64_t)(1 + i % 7);
        status = kl_fold_trades(smaller, &trade, 1, &scale, NULL);
    }
    if (status >= 0) status = kl_fold_finish(smaller, NULL);
    if (status >= 0) status = kl_fold_finish(c.larger, NULL);
    printf("%d minutes\n", c.candles);
    free(smaller);
    free(c.larger);
    return status < 0;
}
