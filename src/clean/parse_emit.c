/* Cells -> klines and trades: one scale for a source that only grows, known fields, closedness, batches for the sinks.
 *
 * A kline whose source does not say whether it is closed is closed when a row with a later open time follows. So the row with the
 * highest open time so far is held in the batch ("unsettled", marked in `reserved`) until a later one comes or the text ends. */
#include "base/wide.h"
#include "clean/parse.h"
#include <string.h>

enum { PARSE_EMIT_UNSETTLED = 1 };

/* ---- handing on */

static kl_status parse_emit_hand_on(kl_parser *p, size_t first, size_t n, kl_error *error) {
    kl_status status = KL_OK;
    if (n == 0) return KL_OK;
    if (p->content == KL_CONTENT_TRADES) {
        kl_trade_batch batch = {kl__parse_trades(p) + first, kl__parse_sources(p) + first, n, p->scale};
        if (p->trade_sink.trades) status = p->trade_sink.trades(p->trade_sink.ctx, &batch);
    } else {
        kl_kline *rows = kl__parse_klines(p) + first;
        kl_kline_batch batch = {rows, kl__parse_sources(p) + first, n, p->scale};
        if (p->kline_sink.klines) status = p->kline_sink.klines(p->kline_sink.ctx, &batch);
    }
    if (status >= 0) return KL_OK;
    p->failed = status, p->receiver_stopped = 1;
    return kl__fail(error, status, 0, p->line, 0, "the receiver of rows stopped: %s", kl_status_text(status));
}

static void parse_emit_drop(kl_parser *p, size_t first, size_t n) {
    size_t after = p->n - first - n;
    memmove(kl__parse_klines(p) + first, kl__parse_klines(p) + first + n, after * sizeof(kl_kline));
    memmove(kl__parse_sources(p) + first, kl__parse_sources(p) + first + n, after * sizeof(int64_t));
    p->n -= n;
}

static void parse_emit_settle(kl_parser *p, uint32_t flag) {
    kl_kline *rows = kl__parse_klines(p);
    for (size_t i = p->held < 0 ? p->n : (size_t)p->held; i < p->n; i++)
        if (rows[i].reserved == PARSE_EMIT_UNSETTLED) rows[i].flags |= flag, rows[i].reserved = 0;
    p->held = -1;
}

kl_status kl__parse_flush(kl_parser *p, int finish, kl_error *error) {
    if (finish && p->held >= 0) parse_emit_settle(p, KL_SUSPECT);
    size_t n = p->held < 0 ? p->n : (size_t)p->held;
    if (n == 0) return KL_OK;
    KL__TRY(parse_emit_hand_on(p, 0, n, error));
    if (n == p->n) return p->n = 0, KL_OK;
    parse_emit_drop(p, 0, n); /* only klines are ever held */
    p->held = 0;
    return KL_OK;
}

kl_status kl__parse_set_content(kl_parser *p, int32_t content, kl_error *error) {
    if (KL__LIKELY(p->content == content)) return KL_OK;
    KL__TRY(kl__parse_flush(p, 1, error));
    p->content = content;
    p->counts.content |= content;
    return KL_OK;
}

/* The batch is full and its first row is unsettled: the source is out of order. The settled rows behind it go first. */
static kl_status parse_emit_make_room(kl_parser *p, kl_error *error) {
    kl_kline *rows = kl__parse_klines(p);
    size_t before = p->n;
    for (size_t i = 1; i < p->n;) {
        size_t n = 0;
        while (i + n < p->n && rows[i + n].reserved != PARSE_EMIT_UNSETTLED) n++;
        if (n == 0) {
            i++;
            continue;
        }
        KL__TRY(parse_emit_hand_on(p, i, n, error));
        parse_emit_drop(p, i, n);
    }
    if (p->n < before) return KL_OK;
    for (size_t i = 1; i < p->n; i++) rows[i].reserved = 0, rows[i].flags |= KL_SUSPECT; /* one open time 256 times over */
    KL__TRY(parse_emit_hand_on(p, 1, p->n - 1, error));
    p->n = 1;
    return KL_OK;
}

static kl_status parse_emit_full(kl_parser *p, kl_error *error) {
    KL__TRY(kl__parse_flush(p, 0, error));
    return p->n == KL__PARSE_BATCH ? parse_emit_make_room(p, error) : KL_OK;
}

/* ---- scale */

static kl_status parse_emit_fail(kl_parser *p, kl_status code, int target, kl_error *error) {
    return kl__fail(error, code, 0, p->line, p->layout.column_of[target], "%s: %s", kl__parse_target_name(target),
                    kl_status_text(code));
}

static kl_i128 parse_emit_value(const kl__parse_row *row, int target) {
    if (!(row->have & KL__PT_BIT(target))) return kl__wide(0, 0);
    return kl__wide(row->wide ? row->high[target] : 0, row->value[target]);
}

/* mantissa * 10^up; 1 where it does not fit. */
static int parse_emit_up(kl_i128 *mantissa, int up) {
    return up > 0 && kl__wide_mul(*mantissa, kl__wide(0, kl__pow10_u64[up]), mantissa);
}

static int parse_emit_up_i64(int64_t *mantissa, int up) {
    kl_i128 wide = kl__wide_from(*mantissa);
    if (parse_emit_up(&wide, up) || !kl__wide_fits(wide)) return 1;
    *mantissa = (int64_t)wide.lo;
    return 0;
}

/* The rows that must stay in the batch, at the finer scale; 1 where one does not fit (nothing is changed then). */
static int parse_emit_rescale_held(kl_parser *p, const kl_scale *to) {
    kl_kline *rows = kl__parse_klines(p);
    int up = to->price - p->scale.price, up_volume = to->volume - p->scale.volume, up_quote = to->quote - p->scale.quote;
    for (int write = 0; write < 2; write++)
        for (size_t i = 0; i < p->n; i++) {
            kl_kline row = rows[i];
            if (parse_emit_up_i64(&row.open, up) || parse_emit_up_i64(&row.high, up) || parse_emit_up_i64(&row.low, up) ||
                parse_emit_up_i64(&row.close, up) || parse_emit_up(&row.volume, up_volume) ||
                parse_emit_up(&row.taker_buy_base, up_volume) || parse_emit_up(&row.quote_volume, up_quote) ||
                parse_emit_up(&row.taker_buy_quote, up_quote))
                return 1;
            if (write) rows[i] = row;
        }
    return 0;
}

static const uint8_t parse_emit_prices[] = {KL__PT_OPEN, KL__PT_HIGH, KL__PT_LOW, KL__PT_CLOSE, KL__PT_PRICE};
static const uint8_t parse_emit_volumes[] = {KL__PT_VOLUME, KL__PT_TAKER_BASE, KL__PT_QUANTITY};
static const uint8_t parse_emit_quotes[] = {KL__PT_QUOTE, KL__PT_TAKER_QUOTE};

static int32_t parse_emit_finest(const kl__parse_row *row, const uint8_t *targets, size_t n, int32_t scale) {
    for (size_t i = 0; i < n; i++)
        if ((row->have & KL__PT_BIT(targets[i])) && row->decimals[targets[i]] > scale) scale = row->decimals[targets[i]];
    return scale;
}

/* Checks that every value of the row fits at the scale. */
static kl_status parse_emit_fits(kl_parser *p, const kl__parse_row *row, const kl_scale *scale, kl_error *error) {
    for (size_t i = 0; i < sizeof parse_emit_prices; i++) {
        int target = parse_emit_prices[i];
        kl_i128 value = parse_emit_value(row, target);
        if ((row->have & KL__PT_BIT(target)) &&
            (parse_emit_up(&value, scale->price - row->decimals[target]) || !kl__wide_fits(value)))
            return parse_emit_fail(p, KL_E_OVERFLOW, target, error);
    }
    for (size_t i = 0; i < sizeof parse_emit_volumes + sizeof parse_emit_quotes; i++) {
        int is_quote = i >= sizeof parse_emit_volumes;
        int target = is_quote ? parse_emit_quotes[i - sizeof parse_emit_volumes] : parse_emit_volumes[i];
        kl_i128 value = parse_emit_value(row, target);
        if ((row->have & KL__PT_BIT(target)) &&
            parse_emit_up(&value, (is_quote ? scale->quote : scale->volume) - row->decimals[target]))
            return parse_emit_fail(p, KL_E_OVERFLOW, target, error);
    }
    return KL_OK;
}

/* Grows the scale of the source to what the row needs, or refuses the row. */
static kl_status parse_emit_grow(kl_parser *p, const kl__parse_row *row, kl_error *error) {
    kl_scale scale = p->scale;
    scale.price = parse_emit_finest(row, parse_emit_prices, sizeof parse_emit_prices, scale.price);
    scale.volume = parse_emit_finest(row, parse_emit_volumes, sizeof parse_emit_volumes, scale.volume);
    scale.quote = parse_emit_finest(row, parse_emit_quotes, sizeof parse_emit_quotes, scale.quote);
    KL__TRY(parse_emit_fits(p, row, &scale, error));
    if (memcmp(&scale, &p->scale, sizeof scale) == 0) return KL_OK;
    KL__TRY(kl__parse_flush(p, 0, error));
    if (p->n > 0 && parse_emit_rescale_held(p, &scale))
        return kl__fail(error, KL_E_SCALE, 0, p->line, 0, "more decimals than the row before can be held with");
    p->scale = scale;
    return KL_OK;
}

/* ---- rows */

static uint32_t parse_emit_known(kl_parser *p, uint32_t have) {
    static const struct {
        uint8_t target;
        uint16_t known;
    } table[] = {{KL__PT_OPEN, KL_HAS_OPEN},     {KL__PT_HIGH, KL_HAS_HIGH},
                 {KL__PT_LOW, KL_HAS_LOW},       {KL__PT_CLOSE, KL_HAS_CLOSE},
                 {KL__PT_VOLUME, KL_HAS_VOLUME}, {KL__PT_QUOTE, KL_HAS_QUOTE_VOLUME},
                 {KL__PT_COUNT, KL_HAS_TRADE_COUNT}, {KL__PT_TAKER_BASE, KL_HAS_TAKER_BASE},
                 {KL__PT_TAKER_QUOTE, KL_HAS_TAKER_QUOTE}, {KL__PT_CLOSE_TIME, KL_HAS_CLOSE_TIME}};
    if (KL__LIKELY(have == p->last_have)) return p->last_known;
    uint32_t known = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (have & KL__PT_BIT(table[i].target)) known |= table[i].known;
    const uint32_t ids = KL__PT_BIT(KL__PT_FIRST_ID) | KL__PT_BIT(KL__PT_LAST_ID);
    if ((have & ids) == ids) known |= KL_HAS_TRADE_IDS;
    p->last_have = have;
    return p->last_known = known;
}

/* A non-negative narrow value at the scale; 0 where it is not narrow there. */
KL__INLINE int parse_emit_narrow(const kl__parse_row *row, int target, int32_t scale, uint64_t *out) {
    uint64_t value = row->value[target], high;
    if (!(row->have & KL__PT_BIT(target))) return *out = 0, 1;
    if (KL__LIKELY(row->decimals[target] == scale)) return *out = value, 1;
    if (row->decimals[target] > scale) return 0;
    kl__mul_u64(value, kl__pow10_u64[scale - row->decimals[target]], &high, out);
    return high == 0 && *out >> 63 == 0;
}

KL__INLINE int parse_emit_all_narrow(const kl_parser *p, const kl__parse_row *row, kl_kline *k) {
    uint64_t o, h, l, c, v, tb, q, tq;
    if (row->wide) return 0;
    if (!parse_emit_narrow(row, KL__PT_OPEN, p->scale.price, &o) || !parse_emit_narrow(row, KL__PT_HIGH, p->scale.price, &h) ||
        !parse_emit_narrow(row, KL__PT_LOW, p->scale.price, &l) || !parse_emit_narrow(row, KL__PT_CLOSE, p->scale.price, &c) ||
        !parse_emit_narrow(row, KL__PT_VOLUME, p->scale.volume, &v) ||
        !parse_emit_narrow(row, KL__PT_TAKER_BASE, p->scale.volume, &tb) ||
        !parse_emit_narrow(row, KL__PT_QUOTE, p->scale.quote, &q) ||
        !parse_emit_narrow(row, KL__PT_TAKER_QUOTE, p->scale.quote, &tq))
        return 0;
    k->open = (int64_t)o, k->high = (int64_t)h, k->low = (int64_t)l, k->close = (int64_t)c;
    k->volume = kl__wide(0, v), k->taker_buy_base = kl__wide(0, tb);
    k->quote_volume = kl__wide(0, q), k->taker_buy_quote = kl__wide(0, tq);
    return 1;
}

/* After parse_emit_grow everything fits. */
static kl_i128 parse_emit_at(const kl__parse_row *row, int target, int32_t scale) {
    kl_i128 value = parse_emit_value(row, target);
    if (row->have & KL__PT_BIT(target)) (void)parse_emit_up(&value, scale - row->decimals[target]);
    return value;
}

static void parse_emit_all_wide(const kl_parser *p, const kl__parse_row *row, kl_kline *k) {
    k->open = (int64_t)parse_emit_at(row, KL__PT_OPEN, p->scale.price).lo;
    k->high = (int64_t)parse_emit_at(row, KL__PT_HIGH, p->scale.price).lo;
    k->low = (int64_t)parse_emit_at(row, KL__PT_LOW, p->scale.price).lo;
    k->close = (int64_t)parse_emit_at(row, KL__PT_CLOSE, p->scale.price).lo;
    k->volume = parse_emit_at(row, KL__PT_VOLUME, p->scale.volume);
    k->taker_buy_base = parse_emit_at(row, KL__PT_TAKER_BASE, p->scale.volume);
    k->quote_volume = parse_emit_at(row, KL__PT_QUOTE, p->scale.quote);
    k->taker_buy_quote = parse_emit_at(row, KL__PT_TAKER_QUOTE, p->scale.quote);
}

KL__INLINE void parse_emit_count_unit(kl_parser *p, int32_t unit) {
    p->counts.unit_rows[unit]++;
    if (KL__UNLIKELY(unit != p->last_unit)) {
        if (p->last_unit >= 0) p->counts.unit_changes++;
        p->last_unit = unit;
    }
}

/* Closed by the as-of time: the end of the bucket where the interval is known, else the close time; -1: cannot be told. */
static int32_t parse_emit_closed_as_of(const kl_parser *p, const kl_kline *k) {
    kl_time end;
    if (p->as_of_us == KL_TIME_NONE) return -1;
    if (p->interval.unit != 0 && kl_interval_next(&p->interval, k->open_time_us, &end) == KL_OK) return end <= p->as_of_us;
    return k->known & KL_HAS_CLOSE_TIME ? k->close_time_us < p->as_of_us : -1;
}

KL__INLINE uint32_t parse_emit_filler(const kl_kline *k) {
    if (k->known & KL_HAS_TRADE_COUNT) return k->trade_count == 0 ? KL_FILLER : 0;
    if (!(k->known & KL_HAS_VOLUME) || !kl__wide_is_zero(k->volume)) return 0;
    return k->open == k->high && k->open == k->low && k->open == k->close ? KL_FILLER : 0;
}

KL__INLINE void parse_emit_flag(kl_parser *p, const kl__parse_row *row, kl_kline *k) {
    int32_t closed = row->closed;
    k->reserved = 0;
    if (row->have & KL__PT_BIT(KL__PT_FLAGS)) { /* our own export: as they were */
        k->flags = (uint32_t)row->value[KL__PT_FLAGS];
        return;
    }
    k->flags = parse_emit_filler(k);
    if (closed < 0) closed = parse_emit_closed_as_of(p, k);
    if (closed > 0) k->flags |= KL_CLOSED;
    if (closed >= 0) return;
    if (k->open_time_us < p->max_open) {
        k->flags |= KL_CLOSED;
        return;
    }
    k->reserved = PARSE_EMIT_UNSETTLED;
    if (k->open_time_us > p->max_open) {
        if (p->held >= 0) parse_emit_settle(p, KL_CLOSED);
        p->max_open = k->open_time_us;
    }
    if (p->held < 0) p->held = (int32_t)p->n;
}

static kl_status parse_emit_kline(kl_parser *p, const kl__parse_row *row, kl_error *error) {
    if (KL__UNLIKELY(p->n == KL__PARSE_BATCH)) KL__TRY(parse_emit_full(p, error));
    kl_kline *k = kl__parse_klines(p) + p->n;
    if (KL__UNLIKELY(!parse_emit_all_narrow(p, row, k))) {
        KL__TRY(parse_emit_grow(p, row, error));
        k = kl__parse_klines(p) + p->n;
        parse_emit_all_wide(p, row, k);
    }
    const uint32_t have = row->have;
    k->open_time_us = (kl_time)row->value[KL__PT_TIME];
    k->close_time_us = have & KL__PT_BIT(KL__PT_CLOSE_TIME) ? (kl_time)row->value[KL__PT_CLOSE_TIME] : 0;
    k->trade_count = have & KL__PT_BIT(KL__PT_COUNT) ? (int64_t)row->value[KL__PT_COUNT] : 0;
    k->first_trade_id = have & KL__PT_BIT(KL__PT_FIRST_ID) ? (int64_t)row->value[KL__PT_FIRST_ID] : -1;
    k->last_trade_id = have & KL__PT_BIT(KL__PT_LAST_ID) ? (int64_t)row->value[KL__PT_LAST_ID] : -1;
    k->as_of_us = row->as_of ? row->as_of : p->as_of_us == KL_TIME_NONE ? 0 : p->as_of_us;
    k->authority = p->authority;
    k->known = parse_emit_known(p, have);
    parse_emit_flag(p, row, k);
    p->counts.known_all &= k->known, p->counts.known_any |= k->known;
    kl__parse_sources(p)[p->n++] = row->line;
    p->counts.rows++;
    parse_emit_count_unit(p, row->unit);
    return KL_OK;
}

static kl_status parse_emit_trade(kl_parser *p, const kl__parse_row *row, kl_error *error) {
    const uint32_t have = row->have;
    if (p->n == KL__PARSE_BATCH) KL__TRY(parse_emit_full(p, error));
    uint64_t price, quantity;
    if (row->wide || !parse_emit_narrow(row, KL__PT_PRICE, p->scale.price, &price) ||
        !parse_emit_narrow(row, KL__PT_QUANTITY, p->scale.volume, &quantity))
        KL__TRY(parse_emit_grow(p, row, error));
    kl_trade *t = kl__parse_trades(p) + p->n;
    t->price = (int64_t)parse_emit_at(row, KL__PT_PRICE, p->scale.price).lo;
    t->quantity = parse_emit_at(row, KL__PT_QUANTITY, p->scale.volume);
    if (kl__wide_is_negative(t->quantity)) return parse_emit_fail(p, KL_E_VOLUME, KL__PT_QUANTITY, error);
    t->time_us = (kl_time)row->value[KL__PT_TIME];
    const int id = p->aggregates ? KL__PT_AGG_ID : KL__PT_ID;
    t->id = have & KL__PT_BIT(id) ? (int64_t)row->value[id] : -1;
    t->first_id = t->last_id = -1;
    const uint32_t range = KL__PT_BIT(KL__PT_FIRST_ID) | KL__PT_BIT(KL__PT_LAST_ID);
    if ((have & range) == range)
        t->first_id = (int64_t)row->value[KL__PT_FIRST_ID], t->last_id = (int64_t)row->value[KL__PT_LAST_ID];
    else if (!p->aggregates)
        t->first_id = t->last_id = t->id;
    t->flags = p->aggregates ? KL_TRADE_AGGREGATE : 0, t->reserved = 0;
    int maker = have & KL__PT_BIT(KL__PT_MAKER) ? KL__PT_MAKER : have & KL__PT_BIT(KL__PT_SIDE) ? KL__PT_SIDE : 0;
    if (maker) t->flags |= KL_TRADE_MAKER_KNOWN | (row->value[maker] ? KL_TRADE_BUYER_MAKER : 0);
    if (t->price == 0) {
        if (!kl__wide_is_zero(t->quantity)) return parse_emit_fail(p, KL_E_PRICE, KL__PT_PRICE, error);
        t->flags |= KL_TRADE_NEUTRALISED;
        p->counts.neutralised++;
    }
    kl__parse_sources(p)[p->n++] = row->line;
    p->counts.rows++;
    parse_emit_count_unit(p, row->unit);
    return KL_OK;
}

kl_status kl__parse_emit(kl_parser *p, const kl__parse_row *row, kl_error *error) {
    return p->content == KL_CONTENT_TRADES ? parse_emit_trade(p, row, error) : parse_emit_kline(p, row, error);
}
