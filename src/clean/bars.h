/* The state of bars that time does not make. Trades and candles come as pieces, so that both go one way. Pointer-free but for the sink. */
#ifndef KL__BARS_H
#define KL__BARS_H
#include "base/check.h"
#include "kline/clean.h"

enum { BARS_OPEN_MEMBER = 1, BARS_PARTIAL_MEMBER = 2, BARS_IDS_UNKNOWN = 4, BARS_CONTINUED = 8, BARS_STATES = 16 };

/* what a bar is made of: a trade, a part of one, or a candle; and the bar itself, as their sum. */
typedef struct kl__bars_piece {
    int64_t open, high, low, close;
    kl_i128 volume, quote_volume, taker_buy_base, taker_buy_quote;
    int64_t trade_count;
    int64_t first_id, last_id; /* -1: unknown */
    kl_time first_us, last_us;
    uint64_t rows, missing;    /* missing: ids absent before and in it */
    kl_time as_of_us;
    uint32_t known, flags;     /* flags to pass on to the bar */
    uint32_t state;
    int32_t authority;
} kl__bars_piece;

struct kl_bars {
    kl_bars_options options;
    kl_scale scale;        /* of the sums, as handed out */
    int32_t has_scale, quote_known;
    kl_i128 limit;         /* the size at that scale */
    kl_time newest;        /* of the rows taken */
    kl_time last_open;     /* key of the last bar; KL_TIME_NONE: none */
    uint64_t sequence, skipped;
    int64_t last_id;       /* of all rows; -1 */
    int64_t top, bottom;   /* of the last brick; equal: none yet */
    int64_t price, up_to, down_to; /* last price; extremes since the last brick */
    int32_t has_price, reserved;
    kl__bars_piece bar;    /* rows 0: nothing in it yet */
};

/* the piece goes into the bars; those that it ends are handed out. On failure the state is as before. */
kl_status kl__bars_take(kl_bars *bars, const kl__bars_piece *piece);
/* the state takes the finer of its own and the given scale, column by column, and never one that the size does not fit. */
kl_status kl__bars_take_scale(kl_bars *bars, const kl_scale *scale);
/* sets quote_known and limit by the scale. */
kl_status kl__bars_set_limit(kl_bars *bars);
/* 1: a bar of these sums has ended. */
int kl__bars_reached(const kl_bars *bars, const kl__bars_piece *sum);

#endif
