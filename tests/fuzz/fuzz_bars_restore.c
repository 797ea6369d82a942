/* Any bytes as the snapshot of bars: refused, or a state that goes on, ends, and is written out as it was read. */
#include <stdlib.h>
#include <string.h>
#include "kline/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static kl_status take(void *ctx, const kl_kline *row, const kl_scale *scale, const kl_bars_info *info) {
    uint64_t *left = (uint64_t *)ctx;
    (void)scale;
    if (row->close_time_us < row->open_time_us || (info->rows == 0 && row->trade_count)) abort();
    return (*left)-- ? KL_OK : KL_E_CANCEL; /* no million bricks in a row */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int64_t memory[128];
    static uint8_t again[1024];
    uint64_t left = 300;
    size_t used;
    if (size < 2) return 0;
    kl_bars_options options;
    kl_bars_options_init(&options);
    options.kind = KL_BARS_TICKS + data[0] % 5;
    options.size.lo = 1 + data[1] % 7;
    options.size_scale = options.kind == KL_BARS_TICKS ? 0 : data[1] >> 3 & 7;
    options.source = data[0] >> 3 & 1;
    if (options.kind == KL_BARS_RENKO) options.wicks = data[0] >> 4 & 1, options.from_first_price = data[0] >> 5 & 1;
    if ((options.kind == KL_BARS_VOLUME || options.kind == KL_BARS_DOLLAR) && !options.source) options.split = data[0] >> 4 & 1;
    options.sink.ctx = &left, options.sink.bar = take;
    kl_bars *bars;
    if (kl_bars_size() > sizeof memory || kl_bars_init(memory, sizeof memory, &options, &bars) < 0) abort();
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.open_time_us = INT64_C(1672531200000000), row.open = row.high = row.low = row.close = 5, row.known = KL_HAS_ALL, row.flags = KL_CLOSED;
    row.trade_count = 2, row.volume.lo = row.quote_volume.lo = 9;
    kl_trade trade;
    memset(&trade, 0, sizeof trade);
    trade.time_us = row.open_time_us, trade.price = 5, trade.quantity.lo = 7, trade.id = trade.first_id = trade.last_id = -1;
    const kl_scale scale = {4, 5, 8, 0};
    if (kl_bars_restore(bars, data + 2, size - 2, NULL) >= 0) {
        if (kl_bars_snapshot(bars, again, sizeof again, &used) < 0 || used != size - 2 || memcmp(again, data + 2, used) != 0) abort();
        (void)kl_bars_peek(bars, &row, NULL, NULL);
        row.open_time_us = trade.time_us, row.open = row.high = row.low = row.close = 5, row.known = KL_HAS_ALL, row.flags = KL_CLOSED;
        row.trade_count = 2, row.volume.lo = row.quote_volume.lo = 9, row.volume.hi = row.quote_volume.hi = 0;
    }
    for (int i = 0; i < 20; i++) {
        trade.time_us++, row.open_time_us += 60000000, row.close_time_us = row.open_time_us + 59999999;
        trade.price += i * 3, row.high = row.close = trade.price;
        if (options.source) (void)kl_bars_klines(bars, &row, 1, &scale, NULL);
        else (void)kl_bars_trades(bars, &trade, 1, &scale, NULL);
    }
    if (kl_bars_snapshot(bars, again, sizeof again, &used) < 0 || kl_bars_restore(bars, again, used, NULL) < 0) abort(); /* own states are taken */
    (void)kl_bars_finish(bars, NULL);
    return 0;
}
