/* Candles: order of versions, equality, scales, closing. */
#include "data/civil.h"
#include "data/scale.h"
#include <stddef.h>

#define CANDLE_COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

static int32_t candle_finality(const kl_kline *row) {
    return row->flags & KL_CLOSED ? 2 : row->flags & KL_SUSPECT ? 1 : 0;
}

static int32_t candle_known_count(uint32_t known) {
    int32_t count = 0;
    for (known &= KL_HAS_ALL | KL_HAS_TRADE_IDS; known != 0; known &= known - 1) count++;
    return count;
}

static int32_t candle_compare_content(const kl_kline *a, const kl_kline *b) {
    /* in the order in which they decide, after trade count and quote volume */
    static const size_t candle_narrow[] = {offsetof(kl_kline, open), offsetof(kl_kline, high), offsetof(kl_kline, low),
                                           offsetof(kl_kline, close), offsetof(kl_kline, close_time_us),
                                           offsetof(kl_kline, first_trade_id), offsetof(kl_kline, last_trade_id)};
    static const size_t candle_wide[] = {offsetof(kl_kline, volume), offsetof(kl_kline, taker_buy_base),
                                         offsetof(kl_kline, taker_buy_quote)};
    const char *bytes_a = (const char *)a, *bytes_b = (const char *)b;
    int32_t order = CANDLE_COMPARE(a->trade_count, b->trade_count);
    if (order == 0) order = kl__wide_compare(a->quote_volume, b->quote_volume);
    for (size_t i = 0; order == 0 && i < sizeof candle_wide / sizeof candle_wide[0]; i++)
        order = kl__wide_compare(*(const kl_i128 *)(const void *)(bytes_a + candle_wide[i]),
                                 *(const kl_i128 *)(const void *)(bytes_b + candle_wide[i]));
    for (size_t i = 0; order == 0 && i < sizeof candle_narrow / sizeof candle_narrow[0]; i++) {
        int64_t x = *(const int64_t *)(const void *)(bytes_a + candle_narrow[i]);
        int64_t y = *(const int64_t *)(const void *)(bytes_b + candle_narrow[i]);
        order = CANDLE_COMPARE(x, y);
    }
    return order;
}

int32_t kl_kline_rank(const kl_kline *a, const kl_kline *b) {
    /* marks that tell something about the content; the one with fewer doubts wins. KL_REVISED tells of history only. */
    const uint32_t marks = KL_FILLER | KL_REPAIRED | KL_UNALIGNED | KL_PARTIAL | KL_OUTLIER;
    int32_t real_a = !(a->flags & KL_SYNTHETIC), real_b = !(b->flags & KL_SYNTHETIC);
    int32_t final_a = candle_finality(a), final_b = candle_finality(b);
    if (real_a != real_b) return real_a - real_b;
    if (final_a != final_b) return final_a - final_b;
    if (a->authority != b->authority) return CANDLE_COMPARE(a->authority, b->authority);
    if (a->as_of_us != b->as_of_us) return CANDLE_COMPARE(a->as_of_us, b->as_of_us);
    int32_t count_a = candle_known_count(a->known), count_b = candle_known_count(b->known);
    if (count_a != count_b) return count_a - count_b;
    int32_t order = candle_compare_content(a, b);
    if (order == 0) order = CANDLE_COMPARE(a->known, b->known);
    if (order == 0) order = CANDLE_COMPARE(b->flags & marks, a->flags & marks);
    return order;
}

int32_t kl_kline_same(const kl_kline *a, const kl_kline *b) {
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close &&
           a->trade_count == b->trade_count && a->close_time_us == b->close_time_us && a->known == b->known &&
           kl__wide_compare(a->volume, b->volume) == 0 && kl__wide_compare(a->quote_volume, b->quote_volume) == 0 &&
           kl__wide_compare(a->taker_buy_base, b->taker_buy_base) == 0 &&
           kl__wide_compare(a->taker_buy_quote, b->taker_buy_quote) == 0;
}

kl_status kl_kline_rescale(kl_kline *row, const kl_scale *from, const kl_scale *to) {
    if (!row || !kl__scale_valid(from) || !kl__scale_valid(to)) return KL_E_ARG;
    int32_t price = to->price - from->price, volume = to->volume - from->volume, quote = to->quote - from->quote;
    if ((price | volume | quote) == 0) return KL_OK;
    kl_kline scaled = *row;
    KL__TRY(kl__scale_i64(&scaled.open, price));
    KL__TRY(kl__scale_i64(&scaled.high, price));
    KL__TRY(kl__scale_i64(&scaled.low, price));
    KL__TRY(kl__scale_i64(&scaled.close, price));
    KL__TRY(kl__scale_wide(&scaled.volume, volume));
    KL__TRY(kl__scale_wide(&scaled.taker_buy_base, volume));
    KL__TRY(kl__scale_wide(&scaled.quote_volume, quote));
    KL__TRY(kl__scale_wide(&scaled.taker_buy_quote, quote));
    *row = scaled;
    return KL_OK;
}

kl_status kl_kline_nominal_close(const kl_interval *interval, kl_time open, kl_time *close) {
    kl_time next;
    if (!close) return KL_E_ARG;
    KL__TRY(kl_interval_next(interval, open, &next));
    *close = next - 1;
    return KL_OK;
}

int32_t kl_kline_is_closed(const kl_kline *row, const kl_interval *interval, kl_time now) {
    kl_time next;
    if (!row) return 0;
    if (row->flags & KL_CLOSED) return 1;
    if (now == KL_TIME_NONE || kl_interval_next(interval, row->open_time_us, &next) < 0) return 0;
    return next <= now;
}
