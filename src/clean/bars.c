/* Bars that time does not make: options, scale and size, and how a bar is handed out. */
#include "clean/bars.h"
#include "base/number.h"
#include "clean/options.h"
#include "data/scale.h"
#include <string.h>

static const struct {
    const char *name;
    int32_t kind;
} bars_kinds[] = {{"ticks", KL_BARS_TICKS}, {"volume", KL_BARS_VOLUME}, {"dollar", KL_BARS_DOLLAR}, {"renko", KL_BARS_RENKO}, {"range", KL_BARS_RANGE}};

void kl_bars_options_init(kl_bars_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = sizeof *options;
}

size_t kl_bars_size(void) { return sizeof(kl_bars); }

/* takes the zeros behind the size away, so that 50 and 50.00 are one; KL_E_ARG where it is none. */
static kl_status bars_size_take(int32_t kind, kl_i128 *size, int32_t *scale) {
    if (*scale < 0 || *scale > KL_SCALE_MAX || kl__wide_is_negative(*size) || kl__wide_is_zero(*size)) return KL_E_ARG;
    for (kl_i128 tenth = *size; *scale > 0 && kl__wide_divide(&tenth, 10) == 0; --*scale) *size = tenth;
    return kind == KL_BARS_TICKS && (*scale > 0 || !kl__wide_fits(*size)) ? KL_E_ARG : KL_OK;
}

kl_status kl_bars_parse(const char *text, size_t length, kl_bars_options *options) {
    if (!text || !options) return KL_E_ARG;
    for (size_t i = 0; i < sizeof bars_kinds / sizeof bars_kinds[0]; i++) {
        size_t name = strlen(bars_kinds[i].name), used;
        kl_i128 size;
        int32_t scale;
        if (length <= name || memcmp(text, bars_kinds[i].name, name) || text[name] != ':') continue;
        KL__TRY(kl_decimal_parse(text + name + 1, length - name - 1, &size, &scale, &used));
        if (used != length - name - 1) return KL_E_NUMBER;
        KL__TRY(bars_size_take(bars_kinds[i].kind, &size, &scale));
        options->kind = bars_kinds[i].kind;
        options->size = size;
        options->size_scale = scale;
        return KL_OK;
    }
    return KL_E_UNKNOWN_NAME;
}

static int bars_switch(int32_t value, int allowed) { return value == 0 || (value == 1 && allowed); }

kl_status kl_bars_init(void *memory, size_t bytes, const kl_bars_options *options, kl_bars **bars) {
    if (!memory || !options || !bars) return KL_E_ARG;
    kl_bars_options all;
    kl_bars_options_init(&all);
    KL__TRY(kl__options_take(&all, sizeof all, options));
    int sums = all.kind == KL_BARS_VOLUME || all.kind == KL_BARS_DOLLAR, bricks = all.kind == KL_BARS_RENKO;
    if (!all.sink.bar || all.kind < KL_BARS_TICKS || all.kind > KL_BARS_RANGE || !bars_switch(all.source, 1) ||
        !bars_switch(all.split, sums && all.source == KL_BARS_OF_TRADES) || !bars_switch(all.wicks, bricks) ||
        !bars_switch(all.from_first_price, bricks))
        return KL_E_ARG;
    KL__TRY(bars_size_take(all.kind, &all.size, &all.size_scale));
    if (bytes < sizeof(kl_bars)) return KL_E_SIZE;
    kl_bars *b = (kl_bars *)memory;
    memset(b, 0, sizeof *b);
    b->options = all;
    b->newest = b->last_open = KL_TIME_NONE;
    b->last_id = -1;
    *bars = b;
    return KL_OK;
}

/* ----------------------------------------------------------------------------------------------------- scale --- */

kl_status kl__bars_set_limit(kl_bars *b) {
    const kl_bars_options *o = &b->options;
    int32_t scale = 0;
    b->quote_known = o->source == KL_BARS_OF_KLINES || b->scale.price + b->scale.volume <= KL_SCALE_MAX;
    if (o->kind == KL_BARS_VOLUME) scale = b->scale.volume;
    if (o->kind == KL_BARS_DOLLAR) scale = b->scale.quote;
    if (o->kind == KL_BARS_RENKO || o->kind == KL_BARS_RANGE) scale = b->scale.price;
    if (o->kind == KL_BARS_DOLLAR && !b->quote_known) return KL_E_SCALE;
    b->limit = o->size;
    KL__TRY(kl__scale_wide(&b->limit, scale - o->size_scale));
    if ((o->kind == KL_BARS_RENKO || o->kind == KL_BARS_RANGE) && !kl__wide_fits(b->limit)) return KL_E_OVERFLOW;
    return KL_OK;
}

/* all values of the state, from its scale to another; the quote columns are forgotten where they are not known there. */
static kl_status bars_rescale(kl_bars *b, const kl_scale *to, int quote_known) {
    int64_t *const prices[] = {&b->bar.open, &b->bar.high, &b->bar.low, &b->bar.close, &b->top, &b->bottom, &b->price, &b->up_to, &b->down_to};
    kl_i128 *const base[] = {&b->bar.volume, &b->bar.taker_buy_base}, *const quote[] = {&b->bar.quote_volume, &b->bar.taker_buy_quote};
    for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) KL__TRY(kl__scale_i64(prices[i], to->price - b->scale.price));
    for (size_t i = 0; i < 2; i++) {
        KL__TRY(kl__scale_wide(base[i], to->volume - b->scale.volume));
        if (quote_known) KL__TRY(kl__scale_wide(quote[i], to->quote - b->scale.quote));
        else memset(quote[i], 0, sizeof *quote[i]);
    }
    if (!quote_known) b->bar.known &= ~(uint32_t)(KL_HAS_QUOTE_VOLUME | KL_HAS_TAKER_QUOTE);
    return KL_OK;
}

static int32_t bars_max(int32_t a, int32_t b) { return a > b ? a : b; }

kl_status kl__bars_take_scale(kl_bars *bars, const kl_scale *scale) {
    const kl_bars_options *o = &bars->options;
    kl_bars next = *bars; /* nothing is half done */
    kl_scale common = *scale;
    common.reserved = 0;
    if (o->source == KL_BARS_OF_TRADES) common.quote = 0;
    if (!kl__scale_valid(&common)) return KL_E_SCALE;
    if (bars->has_scale) {
        common.price = bars_max(common.price, bars->scale.price);
        common.volume = bars_max(common.volume, bars->scale.volume);
        common.quote = bars_max(common.quote, bars->scale.quote);
    }
    if (o->kind == KL_BARS_RENKO || o->kind == KL_BARS_RANGE) common.price = bars_max(common.price, o->size_scale);
    if (o->kind == KL_BARS_VOLUME) common.volume = bars_max(common.volume, o->size_scale);
    if (o->source == KL_BARS_OF_TRADES) {
        if (o->kind == KL_BARS_DOLLAR) common.volume = bars_max(common.volume, o->size_scale - common.price);
        common.quote = common.price + common.volume;
        if (common.quote > KL_SCALE_MAX) common.quote = 0;
    } else if (o->kind == KL_BARS_DOLLAR) {
        common.quote = bars_max(common.quote, o->size_scale);
    }
    next.scale = common;
    KL__TRY(kl__bars_set_limit(&next));
    next.scale = bars->has_scale ? bars->scale : common;
    KL__TRY(bars_rescale(&next, &common, next.quote_known));
    next.scale = common;
    next.has_scale = 1;
    *bars = next;
    return KL_OK;
}

/* ---------------------------------------------------------------------------------------------- handing out --- */

/* of a brick: what stands for the prices of its trades. */
typedef struct bars_edges {
    int64_t open, high, low, close;
} bars_edges;

static kl_status bars_row(const kl_bars *b, const kl__bars_piece *bar, const bars_edges *edges, kl_kline *row, kl_bars_info *info) {
    memset(row, 0, sizeof *row);
    memset(info, 0, sizeof *info);
    row->open_time_us = b->last_open != KL_TIME_NONE && bar->first_us <= b->last_open ? b->last_open + 1 : bar->first_us;
    row->close_time_us = bar->last_us < row->open_time_us ? row->open_time_us : bar->last_us;
    if (row->open_time_us >= KL_TIME_MAX) return KL_E_TIME;
    int ids = !(bar->state & BARS_IDS_UNKNOWN) && bar->first_id >= 0;
    row->known = bar->known | (edges ? (uint32_t)KL_HAS_OHLC : 0u);
    if (!ids) row->known &= ~(uint32_t)KL_HAS_TRADE_IDS;
    if (row->known & KL_HAS_OPEN) row->open = edges ? edges->open : bar->open;
    if (row->known & KL_HAS_HIGH) row->high = edges ? edges->high : bar->high;
    if (row->known & KL_HAS_LOW) row->low = edges ? edges->low : bar->low;
    if (row->known & KL_HAS_CLOSE) row->close = edges ? edges->close : bar->close;
    if (row->known & KL_HAS_VOLUME) row->volume = bar->volume;
    if (row->known & KL_HAS_QUOTE_VOLUME) row->quote_volume = bar->quote_volume;
    if (row->known & KL_HAS_TAKER_BASE) row->taker_buy_base = bar->taker_buy_base;
    if (row->known & KL_HAS_TAKER_QUOTE) row->taker_buy_quote = bar->taker_buy_quote;
    if (row->known & KL_HAS_TRADE_COUNT) row->trade_count = bar->trade_count;
    row->first_trade_id = ids ? bar->first_id : -1;
    row->last_trade_id = ids ? bar->last_id : -1;
    row->as_of_us = bar->as_of_us;
    row->authority = bar->authority;
    row->flags = bar->flags;
    if (!(bar->state & BARS_OPEN_MEMBER)) row->flags |= KL_CLOSED;
    if ((bar->state & BARS_PARTIAL_MEMBER) || bar->missing) row->flags |= KL_PARTIAL;
    info->sequence = b->sequence;
    info->rows = bar->rows;
    info->missing_ids = bar->missing;
    info->skipped = b->skipped;
    info->first_us = bar->first_us;
    info->last_us = bar->last_us;
    info->direction = edges ? (edges->close > edges->open) - (edges->close < edges->open) : 0;
    info->continued = bar->state & BARS_CONTINUED ? 1 : 0;
    return KL_OK;
}

/* the present bar, or a brick without trades; cut: the data end here. The caller puts the state back where this fails. */
static kl_status bars_hand_out(kl_bars *b, const kl__bars_piece *bar, const bars_edges *edges, int cut) {
    kl_kline row;
    kl_bars_info info;
    KL__TRY(bars_row(b, bar, edges, &row, &info));
    if (cut) row.flags = (row.flags & ~(uint32_t)KL_CLOSED) | KL_PARTIAL;
    kl_scale scale = b->scale;
    KL__TRY(b->options.sink.bar(b->options.sink.ctx, &row, &scale, &info));
    b->last_open = row.open_time_us;
    b->sequence++;
    b->skipped = 0;
    memset(&b->bar, 0, sizeof b->bar);
    return KL_OK;
}

/* of a brick that forms: from the edge that the price has passed, or from where it is. */
static const bars_edges *bars_forming(const kl_bars *b, bars_edges *e) {
    if (b->options.kind != KL_BARS_RENKO) return NULL;
    e->close = b->price;
    e->open = b->price > b->top ? b->top : b->price < b->bottom ? b->bottom : b->price;
    e->high = e->open > e->close ? e->open : e->close;
    e->low = e->open < e->close ? e->open : e->close;
    if (b->options.wicks && b->up_to > e->high) e->high = b->up_to;
    if (b->options.wicks && b->down_to < e->low) e->low = b->down_to;
    return e;
}

kl_status kl_bars_peek(const kl_bars *bars, kl_kline *forming, kl_scale *scale, kl_bars_info *info) {
    if (!bars || !forming) return KL_E_ARG;
    if (!bars->bar.rows) return KL_END;
    bars_edges edges;
    kl_kline row;
    kl_bars_info all;
    KL__TRY(bars_row(bars, &bars->bar, bars_forming(bars, &edges), &row, &all));
    row.flags &= ~(uint32_t)(KL_CLOSED | KL_PARTIAL);
    *forming = row;
    if (scale) *scale = bars->scale;
    if (info) *info = all;
    return KL_OK;
}

kl_status kl_bars_finish(kl_bars *bars, kl_error *error) {
    if (!bars) return kl__fail(error, KL_E_ARG, 1, 0, 0, "bars is missing");
    if (!bars->bar.rows) return KL_OK;
    bars_edges edges;
    kl_status status = bars_hand_out(bars, &bars->bar, bars_forming(bars, &edges), 1);
    return status < 0 ? kl__fail(error, status, 1, 0, 0, "the last bar cannot be handed out") : KL_OK;
}

/* ---------------------------------------------------------------------------------------------------- pieces --- */

/* 1: a sum does not fit. */
KL__INLINE int bars_add(const kl__bars_piece *bar, const kl__bars_piece *p, kl__bars_piece *sum) {
    if (!bar->rows) {
        *sum = *p;
        return 0;
    }
    *sum = *bar;
    if (kl__wide_add(bar->volume, p->volume, &sum->volume) || kl__wide_add(bar->quote_volume, p->quote_volume, &sum->quote_volume) ||
        kl__wide_add(bar->taker_buy_base, p->taker_buy_base, &sum->taker_buy_base) ||
        kl__wide_add(bar->taker_buy_quote, p->taker_buy_quote, &sum->taker_buy_quote) || p->trade_count > INT64_MAX - bar->trade_count)
        return 1;
    sum->trade_count += p->trade_count;
    if (p->high > sum->high) sum->high = p->high;
    if (p->low < sum->low) sum->low = p->low;
    sum->close = p->close;
    if (p->last_us > sum->last_us) sum->last_us = p->last_us;
    if (p->last_id > sum->last_id) sum->last_id = p->last_id;
    sum->rows++;
    sum->missing += p->missing;
    if (p->as_of_us > sum->as_of_us) sum->as_of_us = p->as_of_us;
    if (p->authority < sum->authority) sum->authority = p->authority;
    sum->known &= p->known;
    sum->flags |= p->flags;
    sum->state |= p->state;
    return 0;
}

/* how far `to` lies above `from`, to >= from. */
static uint64_t bars_distance(int64_t from, int64_t to) { return (uint64_t)to - (uint64_t)from; }

int kl__bars_reached(const kl_bars *b, const kl__bars_piece *sum) {
    switch (b->options.kind) {
    case KL_BARS_TICKS: return sum->trade_count >= (int64_t)b->limit.lo;
    case KL_BARS_VOLUME: return kl__wide_compare(sum->volume, b->limit) >= 0;
    case KL_BARS_DOLLAR: return kl__wide_compare(sum->quote_volume, b->limit) >= 0;
    default: return bars_distance(sum->low, sum->high) >= b->limit.lo; /* range */
    }
}

/* the part of a trade that fills the bar: the least quantity with which it has its size. */
static kl_i128 bars_part(const kl_bars *b, const kl__bars_piece *rest) {
    int dollar = b->options.kind == KL_BARS_DOLLAR;
    kl_i128 part;
    (void)kl__wide_sub(b->limit, dollar ? b->bar.quote_volume : b->bar.volume, &part);
    if (dollar && kl__wide_divide(&part, (uint64_t)rest->close)) (void)kl__wide_add(part, kl__wide_from(1), &part);
    return part;
}

/* quantity and value of a piece of a trade; the value of a part is no larger than that of the whole, which has fit. */
static void bars_set_quantity(const kl_bars *b, kl__bars_piece *p, kl_i128 quantity, int taken) {
    p->volume = quantity;
    if (b->quote_known) (void)kl__wide_mul(kl__wide_from(p->close), quantity, &p->quote_volume);
    if (taken) p->taker_buy_base = quantity, p->taker_buy_quote = p->quote_volume;
}

static kl_status bars_split(kl_bars *b, const kl__bars_piece *p) {
    kl__bars_piece rest = *p, part;
    int taken = !kl__wide_is_zero(p->taker_buy_base);
    for (;;) {
        kl_i128 quantity = bars_part(b, &rest), left;
        int enough = kl__wide_compare(quantity, rest.volume);
        part = rest;
        if (enough < 0) bars_set_quantity(b, &part, quantity, taken);
        kl__bars_piece sum;
        if (bars_add(&b->bar, &part, &sum)) return KL_E_OVERFLOW;
        b->bar = sum;
        if (enough <= 0) KL__TRY(bars_hand_out(b, &b->bar, NULL, 0));
        if (enough >= 0) return KL_OK;
        (void)kl__wide_sub(rest.volume, quantity, &left);
        bars_set_quantity(b, &rest, left, taken);
        rest.trade_count = 1;
        rest.missing = 0;
        rest.state |= BARS_CONTINUED;
    }
}

/* 1: more bars at once than are handed out for one row. */
static int bars_too_many(const kl_bars *b, const kl__bars_piece *sum) {
    kl_i128 most;
    if (kl__wide_mul(b->limit, kl__wide_from(KL_BARS_AT_ONCE), &most)) return 0;
    return kl__wide_compare(b->options.kind == KL_BARS_DOLLAR ? sum->quote_volume : sum->volume, most) > 0;
}

/* the edge to begin with: the multiple of the size at or below the price, or the price. 1: it does not fit. */
static int bars_first_edge(const kl_bars *b, int64_t price, int64_t *edge) {
    int64_t size = (int64_t)b->limit.lo, over = b->options.from_first_price ? 0 : price % size;
    if (over < 0) over += size;
    if (price < INT64_MIN + over) return 1;
    *edge = price - over;
    return 0;
}

static kl_status bars_bricks(kl_bars *b, const kl__bars_piece *p, int up, uint64_t n) {
    int64_t size = (int64_t)b->limit.lo;
    kl__bars_piece empty = *p;
    const kl_i128 zero = {0, 0};
    empty.volume = empty.quote_volume = empty.taker_buy_base = empty.taker_buy_quote = zero;
    empty.first_id = empty.last_id = -1;
    empty.trade_count = 0;
    empty.rows = empty.missing = 0;
    for (uint64_t i = 0; i < n; i++) {
        bars_edges e;
        e.open = up ? b->top : b->bottom;
        e.close = up ? e.open + size : e.open - size;
        e.high = b->top = up ? e.close : e.open;
        e.low = b->bottom = up ? e.open : e.close;
        if (i == 0 && b->options.wicks && up && b->down_to < e.low) e.low = b->down_to;
        if (i == 0 && b->options.wicks && !up && b->up_to > e.high) e.high = b->up_to;
        KL__TRY(bars_hand_out(b, i ? &empty : &b->bar, &e, 0));
    }
    b->up_to = b->down_to = p->close;
    return KL_OK;
}

static kl_status bars_take_price(kl_bars *b, const kl__bars_piece *p, const kl__bars_piece *sum) {
    int64_t first = 0;
    if (KL__UNLIKELY(!b->has_price) && bars_first_edge(b, p->close, &first)) return KL_E_OVERFLOW;
    int64_t top = b->has_price ? b->top : first, bottom = b->has_price ? b->bottom : first;
    int up = p->close > top;
    uint64_t n = up ? bars_distance(top, p->close) : p->close < bottom ? bars_distance(p->close, bottom) : 0;
    n = n < b->limit.lo ? 0 : n / b->limit.lo;
    if (n > KL_BARS_AT_ONCE) return KL_E_OVERFLOW;
    kl_bars before;
    if (n) before = *b;
    b->top = top, b->bottom = bottom;
    if (!b->has_price || p->high > b->up_to) b->up_to = p->high;
    if (!b->has_price || p->low < b->down_to) b->down_to = p->low;
    b->price = p->close;
    b->has_price = 1;
    b->bar = *sum;
    if (!n) return KL_OK;
    kl_status status = bars_bricks(b, p, up, n);
    if (status < 0) *b = before;
    return status;
}

kl_status kl__bars_take(kl_bars *b, const kl__bars_piece *p) {
    kl__bars_piece sum;
    if (KL__UNLIKELY(bars_add(&b->bar, p, &sum))) return KL_E_OVERFLOW;
    if (b->options.kind == KL_BARS_RENKO) return bars_take_price(b, p, &sum);
    if (KL__LIKELY(!kl__bars_reached(b, &sum))) {
        b->bar = sum;
        return KL_OK;
    }
    if (b->options.split && bars_too_many(b, &sum)) return KL_E_OVERFLOW;
    kl_bars before = *b;
    if (!b->options.split) b->bar = sum;
    kl_status status = b->options.split ? bars_split(b, p) : bars_hand_out(b, &b->bar, NULL, 0);
    if (status < 0) *b = before;
    return status;
}
