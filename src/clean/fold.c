/* Small candles or trades -> larger candles: the buckets, and when they are handed out. */
#include "clean/fold.h"
#include "base/size.h"
#include "base/wide.h"
#include "clean/options.h"
#include "data/scale.h"
#include <string.h>

enum { FOLD_BUCKETS_MAX = 4096 };

void kl_fold_options_init(kl_fold_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
}

/* open buckets that lateness can ask for, and as many that were handed out. 0: the options are out of range. */
static size_t fold_capacity(const kl_fold_options *options) {
    int64_t length = kl_interval_length_us(&options->to);
    if (length <= 0) length = INT64_C(28) * 86400 * 1000000; /* the shortest month */
    if (options->lateness_us < 0 || options->lateness_us / length >= FOLD_BUCKETS_MAX / 2 - 2) return 0;
    size_t open = 1 + (size_t)((options->lateness_us + length - 1) / length);
    return 2 * open;
}

size_t kl_fold_size(const kl_fold_options *options) {
    kl_fold_options all;
    kl_fold_options_init(&all);
    if (!options || kl__options_take(&all, sizeof all, options) < 0) return 0;
    size_t capacity = fold_capacity(&all);
    return capacity ? sizeof(kl_fold) + capacity * sizeof(kl__fold_bucket) : 0;
}

kl_status kl_fold_init(void *memory, size_t bytes, const kl_fold_options *options, kl_fold **fold) {
    if (!memory || !options || !fold) return KL_E_ARG;
    kl_fold_options all;
    kl_fold_options_init(&all);
    KL__TRY(kl__options_take(&all, sizeof all, options));
    kl_time open;
    if (!all.sink.candle) return KL_E_ARG;
    KL__TRY(kl_interval_floor(&all.to, KL_TIME_MIN, &open));
    if (all.from.unit) {
        KL__TRY(kl_interval_floor(&all.from, KL_TIME_MIN, &open));
        if (!kl_interval_divides(&all.from, &all.to)) return KL_E_INTERVAL;
    }
    size_t capacity = fold_capacity(&all);
    if (!capacity) return KL_E_ARG;
    if (bytes < sizeof(kl_fold) + capacity * sizeof(kl__fold_bucket)) return KL_E_SIZE;
    kl_fold *f = (kl_fold *)memory;
    memset(f, 0, sizeof *f);
    f->options = all;
    f->capacity = capacity;
    kl__bucket_init(&f->from, &all.from);
    kl__bucket_init(&f->to, &all.to);
    f->newest = KL_TIME_NONE;
    f->gone_id = f->coming_id = -1;
    *fold = f;
    return KL_OK;
}

uint64_t kl__fold_missing_ids(const kl__fold_bucket *b) {
    if ((b->state & FOLD_IDS_UNKNOWN) || b->first_id < 0 || !(b->known & KL_HAS_TRADE_COUNT)) return 0;
    uint64_t span = (uint64_t)b->last_id - (uint64_t)b->first_id + 1;
    return span > (uint64_t)b->trade_count ? span - (uint64_t)b->trade_count : 0;
}

/* a bucket as candle; ended: its end has passed, as a later row showed. */
static void fold_candle(const kl__fold_bucket *b, int ended, kl_kline *row, kl_fold_info *info) {
    memset(row, 0, sizeof *row);
    row->open_time_us = b->open_time;
    row->close_time_us = b->next - 1;
    row->known = b->known;
    if (b->known & KL_HAS_OPEN) row->open = b->open;
    if (b->known & KL_HAS_HIGH) row->high = b->high;
    if (b->known & KL_HAS_LOW) row->low = b->low;
    if (b->known & KL_HAS_CLOSE) row->close = b->close;
    if (b->known & KL_HAS_VOLUME) row->volume = b->volume;
    if (b->known & KL_HAS_QUOTE_VOLUME) row->quote_volume = b->quote_volume;
    if (b->known & KL_HAS_TAKER_BASE) row->taker_buy_base = b->taker_buy_base;
    if (b->known & KL_HAS_TAKER_QUOTE) row->taker_buy_quote = b->taker_buy_quote;
    if (b->known & KL_HAS_TRADE_COUNT) row->trade_count = b->trade_count;
    int ids = !(b->state & FOLD_IDS_UNKNOWN) && b->first_id >= 0;
    row->first_trade_id = ids ? b->first_id : -1;
    row->last_trade_id = ids ? b->last_id : -1;
    if (!ids) row->known &= ~(uint32_t)KL_HAS_TRADE_IDS;
    row->as_of_us = b->as_of_us;
    row->authority = b->authority;
    row->flags = b->flags;
    if (b->kind == FOLD_FILLER) row->flags |= KL_FILLER;
    if (b->kind == FOLD_SYNTHETIC) row->flags |= KL_SYNTHETIC;
    memset(info, 0, sizeof *info);
    info->rows = b->rows;
    info->expected = b->expected;
    info->missing_ids = kl__fold_missing_ids(b);
    info->neutralised = b->neutralised;
    info->late = b->late;
    info->first_us = b->first_us;
    info->last_us = b->last_us;
    int complete = b->expected && b->rows - b->unaligned >= b->expected;
    if ((ended || (b->state & FOLD_ENDED)) && !(b->state & FOLD_OPEN_MEMBER)) row->flags |= KL_CLOSED;
    if (b->expected ? !complete : !ended || info->missing_ids) row->flags |= KL_PARTIAL;
    if (b->state & FOLD_PARTIAL_MEMBER) row->flags |= KL_PARTIAL;
}

static kl_scale fold_scale(const kl_fold *f) {
    kl_scale scale = f->scale;
    if (!f->options.from.unit) scale.quote = f->quote_known ? scale.price + scale.volume : 0;
    return scale;
}

/* 1: ids are absent between this bucket of trades and its neighbours; they may belong to either side. */
static int fold_edge_hole(const kl_fold *f, const kl__fold_bucket *b) {
    if (f->options.from.unit || (b->state & FOLD_IDS_UNKNOWN) || b->first_id < 0) return 0;
    int64_t before = b > f->bucket ? b[-1].last_id : f->gone_id;
    int64_t after = b + 1 < f->bucket + f->n ? b[1].first_id : f->coming_id;
    return (before >= 0 && b->first_id > before && b->first_id - before > 1) || (after > b->last_id && after - b->last_id > 1);
}

static kl_status fold_hand_out(kl_fold *f, kl__fold_bucket *b, int ended) {
    if (b->rows) {
        kl_kline row;
        kl_fold_info info;
        fold_candle(b, ended, &row, &info);
        if (fold_edge_hole(f, b)) row.flags |= KL_PARTIAL;
        if (b->state & (FOLD_HANDED_OUT | FOLD_LATE)) row.flags |= KL_REVISED;
        kl_scale scale = fold_scale(f);
        KL__TRY(f->options.sink.candle(f->options.sink.ctx, &row, &scale, &info));
    }
    b->state |= FOLD_HANDED_OUT;
    return KL_OK;
}

/* time at which a bucket is handed out. */
static kl_time fold_due(const kl_fold *f, const kl__fold_bucket *b) { return b->next + f->options.lateness_us; }

/* hands out every bucket that is due now that rows have come up to `time`. */
static kl_status fold_advance(kl_fold *f, kl_time time) {
    for (size_t i = 0; i < f->n; i++) {
        kl__fold_bucket *b = &f->bucket[i];
        if (!(b->state & FOLD_HANDED_OUT) && fold_due(f, b) <= time) KL__TRY(fold_hand_out(f, b, 1));
    }
    return KL_OK;
}

/* rows that the last bucket takes at once, until a bucket is due. */
void kl__fold_set_stay(kl_fold *f) {
    f->stay_from = f->stay_until = 0;
    if (!f->n) return;
    const kl__fold_bucket *last = &f->bucket[f->n - 1];
    f->stay_from = last->open_time;
    f->stay_until = last->state & FOLD_HANDED_OUT ? last->open_time : last->next;
    for (size_t i = 0; i < f->n; i++) {
        const kl__fold_bucket *b = &f->bucket[i];
        if (!(b->state & FOLD_HANDED_OUT) && fold_due(f, b) < f->stay_until) f->stay_until = fold_due(f, b);
    }
}

static void fold_make_bucket(kl_fold *f, kl__fold_bucket *b) {
    memset(b, 0, sizeof *b);
    b->open_time = f->to.open;
    b->next = f->to.next;
    b->first_id = b->last_id = -1;
    if (f->options.from.unit) {
        int64_t expected = 0;
        (void)kl_interval_count(&f->options.from, b->open_time, b->next, &expected);
        b->expected = (uint64_t)expected;
    }
    b->neutralised = f->neutralised;
    b->late = f->late;
    f->neutralised = f->late = 0;
}

/* makes room for one bucket at place `at`; *at moves when the oldest one goes. KL_END: no room. */
static kl_status fold_insert(kl_fold *f, size_t *at) {
    if (f->n == f->capacity) {
        if (*at == 0) return KL_END;
        if (!(f->bucket[0].state & FOLD_HANDED_OUT)) KL__TRY(fold_hand_out(f, &f->bucket[0], 1));
        if (f->bucket[0].last_id > f->gone_id) f->gone_id = f->bucket[0].last_id;
        memmove(f->bucket, f->bucket + 1, (f->n - 1) * sizeof *f->bucket);
        f->n--;
        --*at;
    }
    memmove(f->bucket + *at + 1, f->bucket + *at, (f->n - *at) * sizeof *f->bucket);
    f->n++;
    return KL_OK;
}

kl_status kl__fold_find(kl_fold *f, kl_time time, int64_t first_id, kl__fold_bucket **bucket) {
    *bucket = NULL;
    KL__TRY(kl__bucket_at(&f->to, time));
    size_t at = f->n;
    while (at > 0 && f->bucket[at - 1].open_time > f->to.open) at--;
    int known = at > 0 && f->bucket[at - 1].open_time == f->to.open;
    int newest = at == f->n;
    if (time > f->newest) {
        f->coming_id = newest && !known ? first_id : -1;
        kl_status status = fold_advance(f, time);
        f->coming_id = -1;
        KL__TRY(status);
    }
    if (!known) {
        int gone = !newest && f->to.next + f->options.lateness_us <= f->newest;
        if (at == 0 && gone) {
            f->late++;
            return KL_OK;
        }
        kl_status status = fold_insert(f, &at);
        if (status < 0) return status;
        if (status == KL_END) {
            f->late++;
            return KL_OK;
        }
        fold_make_bucket(f, &f->bucket[at]);
        if (gone) f->bucket[at].state |= FOLD_LATE;
        at++;
    }
    if (time > f->newest) f->newest = time;
    *bucket = &f->bucket[at - 1];
    kl__fold_set_stay(f);
    return KL_OK;
}

kl_status kl__fold_settle(kl_fold *f, kl__fold_bucket *b) {
    if (b->state & (FOLD_HANDED_OUT | FOLD_LATE)) {
        b->late++;
        return fold_hand_out(f, b, 1);
    }
    if ((b->state & FOLD_ENDED) && !(b->state & FOLD_OPEN_MEMBER)) {
        KL__TRY(fold_hand_out(f, b, 1));
        kl__fold_set_stay(f);
    }
    return KL_OK;
}

static int32_t fold_max(int32_t a, int32_t b) { return a > b ? a : b; }

static kl_status fold_rescale_bucket(kl__fold_bucket *b, const kl_scale *from, const kl_scale *to, int trades) {
    kl_kline row;
    memset(&row, 0, sizeof row);
    row.known = KL_HAS_ALL;
    row.open = b->open, row.high = b->high, row.low = b->low, row.close = b->close;
    row.volume = b->volume, row.taker_buy_base = b->taker_buy_base;
    row.quote_volume = b->quote_volume, row.taker_buy_quote = b->taker_buy_quote;
    kl_scale a = *from, c = *to;
    if (trades) a.quote = c.quote = 0;
    KL__TRY(kl_kline_rescale(&row, &a, &c));
    if (trades && to->price + to->volume > KL_SCALE_MAX) { /* price * quantity has too many decimals from here on */
        memset(&row.quote_volume, 0, sizeof row.quote_volume);
        memset(&row.taker_buy_quote, 0, sizeof row.taker_buy_quote);
        b->known &= ~(uint32_t)(KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_QUOTE);
    } else if (trades) {
        int32_t step = to->price + to->volume - from->price - from->volume;
        KL__TRY(kl__scale_wide(&row.quote_volume, step));
        KL__TRY(kl__scale_wide(&row.taker_buy_quote, step));
    }
    b->open = row.open, b->high = row.high, b->low = row.low, b->close = row.close;
    b->volume = row.volume, b->taker_buy_base = row.taker_buy_base;
    b->quote_volume = row.quote_volume, b->taker_buy_quote = row.taker_buy_quote;
    return KL_OK;
}

/* the state takes the finer of its own and the given scale, column by column. */
kl_status kl__fold_take_scale(kl_fold *f, const kl_scale *scale, int trades) {
    if (scale->price < 0 || scale->price > KL_SCALE_MAX || scale->volume < 0 || scale->volume > KL_SCALE_MAX ||
        (!trades && (scale->quote < 0 || scale->quote > KL_SCALE_MAX)))
        return KL_E_SCALE;
    kl_scale common = *scale;
    if (trades) common.quote = 0;
    common.reserved = 0;
    if (f->has_scale) {
        common.price = fold_max(common.price, f->scale.price);
        common.volume = fold_max(common.volume, f->scale.volume);
        common.quote = fold_max(common.quote, f->scale.quote);
        for (int pass = 0; pass < 2; pass++) /* first on copies: nothing is half done */
            for (size_t i = 0; i < f->n; i++) {
                kl__fold_bucket copy = f->bucket[i];
                KL__TRY(fold_rescale_bucket(&copy, &f->scale, &common, trades));
                if (pass) f->bucket[i] = copy;
            }
    }
    f->scale = common;
    f->has_scale = 1;
    f->quote_known = !trades || common.price + common.volume <= KL_SCALE_MAX;
    return KL_OK;
}

kl_status kl_fold_peek(const kl_fold *fold, kl_kline *forming, kl_scale *scale, kl_fold_info *info) {
    if (!fold || !forming) return KL_E_ARG;
    if (!fold->n) return KL_END;
    const kl__fold_bucket *last = &fold->bucket[fold->n - 1];
    if (last->state & FOLD_HANDED_OUT) return KL_END;
    kl_fold_info all;
    fold_candle(last, 1, forming, info ? info : &all);
    forming->flags &= ~(uint32_t)(KL_CLOSED | KL_PARTIAL);
    if (scale) *scale = fold_scale(fold);
    return KL_OK;
}

kl_status kl_fold_finish(kl_fold *fold, kl_error *error) {
    if (!fold) return kl__fail(error, KL_E_ARG, 1, 0, 0, "fold is missing");
    for (size_t i = 0; i < fold->n; i++) {
        kl__fold_bucket *b = &fold->bucket[i];
        if (!(b->state & FOLD_HANDED_OUT)) KL__TRY(fold_hand_out(fold, b, b->next <= fold->newest));
    }
    if (fold->n) kl__fold_set_stay(fold);
    return KL_OK;
}
