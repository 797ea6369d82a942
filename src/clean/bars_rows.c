/* Trades and candles as pieces of bars: what is refused, what is passed over, what they are worth. */
#include "base/wide.h"
#include "clean/bars.h"
#include "clean/filler.h"
#include <string.h>

enum {
    BARS_TRADE_KNOWN = KL_HAS_OHLC | KL_HAS_VOLUME | KL_HAS_QUOTE_VOLUME | KL_HAS_TRADE_COUNT | KL_HAS_TAKER_BASE |
                       KL_HAS_TAKER_QUOTE | KL_HAS_CLOSE_TIME | KL_HAS_TRADE_IDS
};

/* what a candle has to know, by kind */
static const uint32_t bars_needs[] = {
    [KL_BARS_TICKS] = KL_HAS_TRADE_COUNT, [KL_BARS_VOLUME] = KL_HAS_VOLUME, [KL_BARS_DOLLAR] = KL_HAS_QUOTE_VOLUME,
    [KL_BARS_RENKO] = KL_HAS_CLOSE, [KL_BARS_RANGE] = KL_HAS_HIGH | KL_HAS_LOW};

static kl_status bars_batch_scale(kl_bars *b, const kl_scale *scale, kl_error *error) {
    kl_status status = kl__bars_take_scale(b, scale);
    return status < 0 ? kl__fail(error, status, 4, 0, 0, "the scale of the rows does not fit, or not with the size of the bars") : KL_OK;
}

/* ids before the range of a row that no row had; last: highest id before it, -1: unknown. */
static uint64_t bars_hole(int64_t last, int64_t first) { return last >= 0 && first > last ? (uint64_t)(first - last) - 1 : 0; }

static kl_status bars_trade(kl_bars *b, const kl_trade *t, kl_error *error, int64_t row) {
    int ids = t->first_id >= 0 && t->last_id >= t->first_id;
    int taken = (t->flags & (KL_TRADE_BUYER_MAKER | KL_TRADE_MAKER_KNOWN)) == KL_TRADE_MAKER_KNOWN;
    if (t->time_us < KL_TIME_MIN || t->time_us >= KL_TIME_MAX) return kl__fail(error, KL_E_TIME, 2, row, 0, "the time of the trade is out of range");
    if (t->time_us < b->newest && !(ids && b->last_id >= 0)) /* rising ids vouch for the order */
        return kl__fail(error, KL_E_ORDER, 2, row, 0, "the times of the trades step back");
    if (ids && t->first_id <= b->last_id) return kl__fail(error, KL_E_ORDER, 2, row, 0, "the ids of the trades do not rise");
    if (kl__wide_is_negative(t->quantity)) return kl__fail(error, KL_E_VOLUME, 2, row, 0, "the quantity is negative");
    if (t->price < 0 && b->options.kind == KL_BARS_DOLLAR) return kl__fail(error, KL_E_PRICE, 2, row, 0, "the price is negative");
    kl__bars_piece p;
    memset(&p, 0, sizeof p);
    p.open = p.high = p.low = p.close = t->price;
    p.volume = t->quantity;
    if (KL__LIKELY(b->quote_known && kl__wide_fits(t->quantity))) p.quote_volume = kl__wide_mul64(t->price, (int64_t)t->quantity.lo);
    else if (b->quote_known && kl__wide_mul(kl__wide_from(t->price), t->quantity, &p.quote_volume))
        return kl__fail(error, KL_E_OVERFLOW, 2, row, 0, "price * quantity does not fit");
    if (taken) p.taker_buy_base = p.volume, p.taker_buy_quote = p.quote_volume;
    if (ids && t->last_id - t->first_id == INT64_MAX) return kl__fail(error, KL_E_OVERFLOW, 2, row, 0, "the aggregate has too many trades");
    p.trade_count = ids ? t->last_id - t->first_id + 1 : 1;
    p.first_id = ids ? t->first_id : -1;
    p.last_id = ids ? t->last_id : -1;
    p.first_us = p.last_us = t->time_us;
    p.rows = 1;
    p.missing = ids ? bars_hole(b->last_id, t->first_id) : 0;
    p.known = BARS_TRADE_KNOWN;
    if (!(t->flags & KL_TRADE_MAKER_KNOWN)) p.known &= ~(uint32_t)(KL_HAS_TAKER_BASE | KL_HAS_TAKER_QUOTE);
    if (!b->quote_known) p.known &= ~(uint32_t)(KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_QUOTE);
    if (!ids) p.state = BARS_IDS_UNKNOWN;
    kl_status status = kl__bars_take(b, &p);
    if (KL__UNLIKELY(status < 0)) return kl__fail(error, status, 2, row, 0, "the trade cannot be taken");
    if (t->time_us > b->newest) b->newest = t->time_us;
    b->last_id = p.last_id;
    return KL_OK;
}

kl_status kl_bars_trades(kl_bars *bars, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error) {
    kl_bars *b = bars;
    if (!b || (n && !rows) || !scale) return kl__fail(error, KL_E_ARG, b ? n && !rows ? 2 : 4 : 1, 0, 0, "an argument is missing");
    if (b->options.source != KL_BARS_OF_TRADES) return kl__fail(error, KL_E_STATE, 1, 0, 0, "these bars were made for candles");
    int same = b->has_scale && b->scale.price == scale->price && b->scale.volume == scale->volume;
    if (n && !same) {
        KL__TRY(bars_batch_scale(b, scale, error));
        same = b->scale.price == scale->price && b->scale.volume == scale->volume;
    }
    kl_scale to = *scale;
    to.price = b->scale.price, to.volume = b->scale.volume;
    for (size_t i = 0; i < n; i++) {
        kl_trade copy;
        const kl_trade *t = &rows[i];
        if ((t->flags & KL_TRADE_NEUTRALISED) || (t->price == 0 && kl__wide_is_zero(t->quantity))) {
            b->skipped++;
            continue;
        }
        if (KL__UNLIKELY(!same)) {
            copy = *t;
            kl_status status = kl_trade_rescale(&copy, scale, &to);
            if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 0, "the trade does not fit the finer scale");
            t = &copy;
        }
        KL__TRY(bars_trade(b, t, error, (int64_t)i + 1));
    }
    return KL_OK;
}

static int bars_below_zero(const kl_kline *row) {
    return kl__wide_is_negative(row->volume) || (kl__wide_is_negative(row->quote_volume) && (row->known & KL_HAS_QUOTE_VOLUME)) || row->trade_count < 0;
}

static kl_status bars_kline(kl_bars *b, const kl_kline *k, kl_error *error, int64_t row) {
    int ids = (k->known & KL_HAS_TRADE_IDS) && k->first_trade_id >= 0 && k->last_trade_id >= k->first_trade_id, zero_volume;
    if (k->open_time_us < KL_TIME_MIN || k->open_time_us >= KL_TIME_MAX || k->close_time_us > KL_TIME_MAX)
        return kl__fail(error, KL_E_TIME, 2, row, 0, "a time of the candle is out of range");
    if (k->open_time_us <= b->newest) return kl__fail(error, KL_E_ORDER, 2, row, 1, "the open times of the rows do not rise");
    if ((k->flags & KL_SYNTHETIC) || kl__is_filler(k, &zero_volume)) {
        b->skipped++;
        b->newest = k->open_time_us;
        return KL_OK;
    }
    if ((k->known & bars_needs[b->options.kind]) != bars_needs[b->options.kind])
        return kl__fail(error, KL_E_COLUMNS, 2, row, 0, "the candle does not know what ends these bars");
    if (bars_below_zero(k)) return kl__fail(error, KL_E_VOLUME, 2, row, 0, "a volume or count is negative");
    if ((k->known & KL_HAS_HIGH) && (k->known & KL_HAS_LOW) && k->high < k->low)
        return kl__fail(error, KL_E_OHLC, 2, row, 0, "the high is below the low");
    kl__bars_piece p;
    memset(&p, 0, sizeof p);
    p.open = k->open, p.high = k->high, p.low = k->low, p.close = k->close;
    if (b->options.kind == KL_BARS_RENKO) { /* wicks of a candle that does not know them are its close */
        if (!(k->known & KL_HAS_HIGH) || p.high < p.close) p.high = p.close;
        if (!(k->known & KL_HAS_LOW) || p.low > p.close) p.low = p.close;
    }
    p.volume = k->volume, p.quote_volume = k->quote_volume;
    p.taker_buy_base = k->taker_buy_base, p.taker_buy_quote = k->taker_buy_quote;
    p.trade_count = k->trade_count;
    p.first_id = ids ? k->first_trade_id : -1;
    p.last_id = ids ? k->last_trade_id : -1;
    p.first_us = k->open_time_us;
    p.last_us = k->close_time_us > k->open_time_us ? k->close_time_us : k->open_time_us;
    p.rows = 1;
    p.missing = ids ? bars_hole(b->last_id, k->first_trade_id) : 0;
    p.as_of_us = k->as_of_us;
    p.known = k->known & (KL_HAS_ALL | KL_HAS_TRADE_IDS);
    p.flags = k->flags & KL_REPAIRED;
    p.authority = k->authority;
    if (!ids) p.state |= BARS_IDS_UNKNOWN;
    if (!(k->flags & KL_CLOSED)) p.state |= BARS_OPEN_MEMBER;
    if (k->flags & KL_PARTIAL) p.state |= BARS_PARTIAL_MEMBER;
    kl_status status = kl__bars_take(b, &p);
    if (status < 0) return kl__fail(error, status, 2, row, 0, "the candle cannot be taken");
    b->newest = k->open_time_us;
    b->last_id = p.last_id;
    return KL_OK;
}

kl_status kl_bars_klines(kl_bars *bars, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    kl_bars *b = bars;
    if (!b || (n && !rows) || !scale) return kl__fail(error, KL_E_ARG, b ? n && !rows ? 2 : 4 : 1, 0, 0, "an argument is missing");
    if (b->options.source != KL_BARS_OF_KLINES) return kl__fail(error, KL_E_STATE, 1, 0, 0, "these bars were made for trades");
    int same = b->has_scale && !memcmp(&b->scale, scale, sizeof *scale);
    if (n && !same) {
        KL__TRY(bars_batch_scale(b, scale, error));
        same = !memcmp(&b->scale, scale, sizeof *scale);
    }
    for (size_t i = 0; i < n; i++) {
        kl_kline copy;
        const kl_kline *k = &rows[i];
        if (!same) {
            copy = *k;
            kl_status status = kl_kline_rescale(&copy, scale, &b->scale);
            if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 0, "the row does not fit the finer scale");
            k = &copy;
        }
        KL__TRY(bars_kline(b, k, error, (int64_t)i + 1));
    }
    return KL_OK;
}
