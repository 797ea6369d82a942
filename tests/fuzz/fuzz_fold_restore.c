/* Any bytes as the snapshot of a fold: refused, or a state that goes on, ends, and is written out as it was read. */
#include <stdlib.h>
#include <string.h>
#include "kline/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static kl_status take(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_fold_info *info) {
    (void)row, (void)scale;
    *(uint64_t *)ctx += info->rows;
    return KL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int64_t memory[4096];
    static uint8_t again[16384];
    uint64_t rows = 0;
    if (size < 1) return 0;
    kl_fold_options options;
    kl_fold_options_init(&options);
    (void)kl_interval_parse("1m", 2, &options.to);
    if (data[0] & 1) options.from.unit = KL_SECOND, options.from.n = 1;
    options.lateness_us = (data[0] >> 1 & 3) * INT64_C(60000000);
    options.sink.ctx = &rows, options.sink.candle = take;
    kl_fold *fold;
    size_t used;
    if (kl_fold_size(&options) > sizeof memory || kl_fold_init(memory, sizeof memory, &options, &fold) < 0) abort();
    if (kl_fold_restore(fold, data + 1, size - 1, NULL) < 0) return 0;
    if (kl_fold_snapshot(fold, again, sizeof again, &used) < 0 || used != size - 1) abort();
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = INT64_C(1672531200000000), row.open = row.high = row.low = row.close = 5, row.known = 15, row.flags = KL_CLOSED;
    kl_trade trade;
    memset(&trade, 0, sizeof trade);
    trade.time_us = row.open_time_us, trade.price = 5, trade.quantity.lo = 7, trade.id = trade.first_id = trade.last_id = 3;
    const kl_scale scale = {4, 8, 8, 0};
    if (data[0] & 1)
        (void)kl_fold_klines(fold, &row, 1, &scale, NULL);
    else
        (void)kl_fold_trades(fold, &trade, 1, &scale, NULL);
    (void)kl_fold_finish(fold, NULL);
    return 0;
}
