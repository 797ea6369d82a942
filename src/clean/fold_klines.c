/* Candles into a bucket. Only rows of the highest kind vote on prices: bars with trades, else fillers of the venue, else ours. */
#include "base/size.h"
#include "base/wide.h"
#include "clean/filler.h"
#include "clean/fold.h"
#include <string.h>

static uint32_t fold_kind(const kl_kline *row) {
    int zero_volume;
    if (row->flags & KL_SYNTHETIC) return FOLD_SYNTHETIC;
    return kl__is_filler(row, &zero_volume) ? FOLD_FILLER : FOLD_TRADED;
}

static void fold_prices(kl__fold_bucket *b, const kl_kline *row, uint32_t kind) {
    if (kind < b->kind) return;
    if (kind > b->kind) { /* what lesser rows said is forgotten */
        b->kind = kind;
        b->known = row->known;
        b->open = row->open, b->high = row->high, b->low = row->low, b->close = row->close;
        b->as_of_us = row->as_of_us;
        b->authority = row->authority;
        return;
    }
    b->known &= row->known;
    if (row->high > b->high) b->high = row->high;
    if (row->low < b->low) b->low = row->low;
    b->close = row->close;
    if (row->as_of_us > b->as_of_us) b->as_of_us = row->as_of_us;
    if (row->authority < b->authority) b->authority = row->authority;
}

static void fold_ids(kl__fold_bucket *b, const kl_kline *row, uint32_t kind) {
    if (!(row->known & KL_HAS_TRADE_IDS) || row->first_trade_id < 0) {
        if (kind == FOLD_TRADED) b->state |= FOLD_IDS_UNKNOWN;
        return;
    }
    if (b->first_id < 0 || row->first_trade_id < b->first_id) b->first_id = row->first_trade_id;
    if (row->last_trade_id > b->last_id) b->last_id = row->last_trade_id;
}

static kl_status fold_kline(kl__fold_bucket *b, const kl_kline *row) {
    kl_i128 volume, quote, taker_base, taker_quote;
    int64_t count;
    if (kl__wide_add(b->volume, row->volume, &volume) || kl__wide_add(b->quote_volume, row->quote_volume, &quote) ||
        kl__wide_add(b->taker_buy_base, row->taker_buy_base, &taker_base) ||
        kl__wide_add(b->taker_buy_quote, row->taker_buy_quote, &taker_quote) ||
        kl__add_i64(b->trade_count, row->trade_count, &count))
        return KL_E_OVERFLOW;
    b->volume = volume, b->quote_volume = quote;
    b->taker_buy_base = taker_base, b->taker_buy_quote = taker_quote;
    b->trade_count = count;
    uint32_t kind = fold_kind(row);
    fold_prices(b, row, kind);
    fold_ids(b, row, kind);
    if (b->rows == 0) b->first_us = row->open_time_us;
    b->last_us = row->open_time_us;
    b->rows++;
    b->flags |= row->flags & KL_REPAIRED;
    if (!(row->flags & KL_CLOSED)) b->state |= FOLD_OPEN_MEMBER;
    if (row->flags & KL_PARTIAL) b->state |= FOLD_PARTIAL_MEMBER;
    return KL_OK;
}

kl_status kl_fold_klines(kl_fold *fold, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    if (!fold || (n && !rows) || !scale) return kl__fail(error, KL_E_ARG, fold ? rows ? 4 : 2 : 1, 0, 0, "an argument is missing");
    if (!fold->options.from.unit) return kl__fail(error, KL_E_STATE, 1, 0, 0, "this fold was made for trades");
    int same = fold->has_scale && !memcmp(&fold->scale, scale, sizeof *scale);
    if (n && !same) {
        kl_status status = kl__fold_take_scale(fold, scale, 0);
        if (status < 0) return kl__fail(error, status, 4, 0, 0, "the rows' scale does not fit");
        same = !memcmp(&fold->scale, scale, sizeof *scale);
    }
    for (size_t i = 0; i < n; i++) {
        kl_kline copy;
        const kl_kline *row = &rows[i];
        if (row->open_time_us <= fold->newest)
            return kl__fail(error, KL_E_ORDER, 2, (int64_t)i + 1, 1, "the open times of the rows do not rise");
        if (!same) {
            copy = *row;
            kl_status status = kl_kline_rescale(&copy, scale, &fold->scale);
            if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 0, "the row does not fit the finer scale");
            row = &copy;
        }
        kl__fold_bucket *bucket;
        kl_status status = kl__fold_find(fold, row->open_time_us, -1, &bucket);
        if (status >= 0) status = kl__bucket_at(&fold->from, row->open_time_us);
        if (status >= 0) status = fold_kline(bucket, row);
        if (status >= 0 && row->open_time_us != fold->from.open && bucket->unaligned < UINT32_MAX) bucket->unaligned++;
        if (status >= 0 && fold->from.next >= bucket->next) bucket->state |= FOLD_ENDED;
        if (status >= 0) status = kl__fold_settle(fold, bucket);
        if (status < 0) return kl__fail(error, status, 2, (int64_t)i + 1, 0, "the row cannot be folded");
    }
    return KL_OK;
}
