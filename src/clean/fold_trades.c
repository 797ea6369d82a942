/* Trades into a bucket, exact: volumes and price * quantity as 128-bit sums, open and close by time, then id, then arrival. */
#include "base/size.h"
#include "base/wide.h"
#include "clean/fold.h"
#include <string.h>

enum {
    FOLD_TRADE_KNOWN = KL_HAS_OHLC | KL_HAS_VOLUME | KL_HAS_QUOTE_VOLUME | KL_HAS_TRADE_COUNT | KL_HAS_TAKER_BASE |
                       KL_HAS_TAKER_QUOTE | KL_HAS_CLOSE_TIME | KL_HAS_TRADE_IDS
};

KL__INLINE int fold_trade_is_neutral(const kl_trade *t) {
    return (t->flags & KL_TRADE_NEUTRALISED) || (t->price == 0 && kl__wide_is_zero(t->quantity));
}

KL__INLINE int fold_amount(const kl_trade *t, kl_i128 *amount) {
    if (KL__LIKELY(kl__wide_fits(t->quantity))) {
        *amount = kl__wide_mul64(t->price, (int64_t)t->quantity.lo);
        return 0;
    }
    return kl__wide_mul(kl__wide_from(t->price), t->quantity, amount);
}

/* open and close prices: the trade with the lowest and highest (time, id); equal or unknown ids go by arrival. */
KL__INLINE void fold_trade_prices(kl__fold_bucket *b, const kl_trade *t) {
    if (KL__UNLIKELY(b->rows == 0)) {
        b->open = b->high = b->low = b->close = t->price;
        b->open_us = b->close_us = b->first_us = b->last_us = t->time_us;
        b->open_id = b->close_id = t->id;
        b->known = FOLD_TRADE_KNOWN;
        b->kind = FOLD_TRADED;
        return;
    }
    if (t->price > b->high) b->high = t->price;
    if (t->price < b->low) b->low = t->price;
    int ids = t->id >= 0;
    if (KL__LIKELY(t->time_us > b->close_us || (t->time_us == b->close_us && (!ids || t->id >= b->close_id)))) {
        b->close = t->price;
        b->close_us = b->last_us = t->time_us;
        b->close_id = t->id;
    }
    if (KL__UNLIKELY(t->time_us < b->open_us || (t->time_us == b->open_us && ids && b->open_id >= 0 && t->id < b->open_id))) {
        b->open = t->price;
        b->open_us = b->first_us = t->time_us;
        b->open_id = t->id;
    }
}

KL__INLINE int fold_trade_has_ids(const kl_trade *t) { return t->first_id >= 0 && t->last_id >= t->first_id; }

KL__INLINE void fold_trade_ids(kl__fold_bucket *b, const kl_trade *t) {
    if (KL__LIKELY(fold_trade_has_ids(t))) {
        if (b->first_id < 0 || t->first_id < b->first_id) b->first_id = t->first_id;
        if (t->last_id > b->last_id) b->last_id = t->last_id;
    } else {
        b->state |= FOLD_IDS_UNKNOWN;
    }
}

/* 1: a sum does not fit; the bucket is unchanged then. */
KL__INLINE int fold_trade(kl__fold_bucket *b, const kl_trade *t, int quote_known) {
    kl_i128 amount, volume, quote = b->quote_volume, base = b->taker_buy_base, taker = b->taker_buy_quote;
    int taken = (t->flags & (KL_TRADE_BUYER_MAKER | KL_TRADE_MAKER_KNOWN)) == KL_TRADE_MAKER_KNOWN;
    if (KL__UNLIKELY(kl__wide_add(b->volume, t->quantity, &volume))) return 1;
    if (taken && KL__UNLIKELY(kl__wide_add(base, t->quantity, &base))) return 1;
    if (KL__LIKELY(quote_known)) {
        if (KL__UNLIKELY(fold_amount(t, &amount) || kl__wide_add(quote, amount, &quote))) return 1;
        if (taken && KL__UNLIKELY(kl__wide_add(taker, amount, &taker))) return 1;
    }
    int64_t more = fold_trade_has_ids(t) ? t->last_id - t->first_id : 0, count;
    if (KL__UNLIKELY(kl__add_i64(b->trade_count, more, &count) || count == INT64_MAX)) return 1;
    fold_trade_prices(b, t);
    fold_trade_ids(b, t);
    b->trade_count = count + 1;
    b->volume = volume, b->quote_volume = quote;
    b->taker_buy_base = base, b->taker_buy_quote = taker;
    if (!(t->flags & KL_TRADE_MAKER_KNOWN)) b->known &= ~(uint32_t)(KL_HAS_TAKER_BASE | KL_HAS_TAKER_QUOTE);
    if (KL__UNLIKELY(!quote_known)) b->known &= ~(uint32_t)(KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_QUOTE);
    b->rows++;
    return 0;
}

/* the row that does not simply belong to the newest bucket. */
static kl_status fold_trade_slow(kl_fold *f, const kl_trade *t) {
    kl__fold_bucket *bucket;
    KL__TRY(kl__fold_find(f, t->time_us, t->first_id, &bucket));
    if (!bucket) return KL_OK;
    if (fold_trade(bucket, t, f->quote_known)) return KL_E_OVERFLOW;
    return kl__fold_settle(f, bucket);
}

static void fold_neutral(kl_fold *f, const kl_trade *t) {
    for (size_t i = f->n; i > 0; i--) {
        kl__fold_bucket *b = &f->bucket[i - 1];
        if (t->time_us >= b->open_time && t->time_us < b->next && !(b->state & FOLD_HANDED_OUT)) {
            b->neutralised++;
            return;
        }
    }
    f->neutralised++;
}

kl_status kl_fold_trades(kl_fold *fold, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error) {
    kl_fold *f = fold;
    if (!f || (n && !rows) || !scale) return kl__fail(error, KL_E_ARG, f ? rows ? 4 : 2 : 1, 0, 0, "an argument is missing");
    if (f->options.from.unit) return kl__fail(error, KL_E_STATE, 1, 0, 0, "this fold was made for candles");
    int same = f->has_scale && f->scale.price == scale->price && f->scale.volume == scale->volume;
    if (n && !same) {
        kl_status status = kl__fold_take_scale(f, scale, 1);
        if (status < 0) return kl__fail(error, status, 4, 0, 0, "the trades' scale does not fit");
        same = f->scale.price == scale->price && f->scale.volume == scale->volume;
    }
    for (size_t i = 0; i < n; i++) {
        kl_trade copy;
        const kl_trade *t = &rows[i];
        if (KL__UNLIKELY(fold_trade_is_neutral(t))) {
            fold_neutral(f, t);
            continue;
        }
        if (KL__UNLIKELY(!same)) {
            copy = *t;
            kl_scale to = *scale;
            to.price = f->scale.price, to.volume = f->scale.volume;
            kl_status status = kl_trade_rescale(&copy, scale, &to);
            if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 0, "the trade does not fit the finer scale");
            t = &copy;
        }
        kl_status status = KL_OK;
        if (KL__LIKELY(t->time_us >= f->stay_from && t->time_us < f->stay_until)) {
            if (t->time_us > f->newest) f->newest = t->time_us;
            if (KL__UNLIKELY(fold_trade(&f->bucket[f->n - 1], t, f->quote_known))) status = KL_E_OVERFLOW;
        } else {
            status = fold_trade_slow(f, t);
        }
        if (KL__UNLIKELY(status < 0)) return kl__fail(error, status, 2, (int64_t)i + 1, 0, "the trade cannot be folded");
    }
    return KL_OK;
}
