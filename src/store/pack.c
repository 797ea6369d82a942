/* Codec 0: each column of a block is stored as value minus the block's least value, in 0, 1, 2, 4, 8 or 16 bytes,
 * column by column within frames of 256 rows. */
#include "store/pack.h"
#include "data/scale.h"
#include <stddef.h>

/* A field of a row. minus: offset of the field that is taken away first (what then remains hardly changes), or none. */
typedef struct pack_field {
    uint16_t offset, minus;
    uint8_t kind;
} pack_field;
enum { PACK_I64, PACK_WIDE, PACK_U32, PACK_I32, PACK_NONE = 0xffff };

#define PACK_KLINE(field, kind)                                                                                        \
    { offsetof(kl_kline, field), PACK_NONE, kind }
#define PACK_TRADE(field, kind)                                                                                        \
    { offsetof(kl_trade, field), PACK_NONE, kind }
static const pack_field pack_kline_fields[17] = {
    PACK_KLINE(open_time_us, PACK_I64),
    {offsetof(kl_kline, close_time_us), offsetof(kl_kline, open_time_us), PACK_I64},
    PACK_KLINE(open, PACK_I64),
    PACK_KLINE(high, PACK_I64),
    PACK_KLINE(low, PACK_I64),
    PACK_KLINE(close, PACK_I64),
    PACK_KLINE(volume, PACK_WIDE),
    PACK_KLINE(quote_volume, PACK_WIDE),
    PACK_KLINE(taker_buy_base, PACK_WIDE),
    PACK_KLINE(taker_buy_quote, PACK_WIDE),
    PACK_KLINE(trade_count, PACK_I64),
    PACK_KLINE(first_trade_id, PACK_I64),
    PACK_KLINE(last_trade_id, PACK_I64),
    PACK_KLINE(as_of_us, PACK_I64),
    PACK_KLINE(known, PACK_U32),
    PACK_KLINE(flags, PACK_U32),
    PACK_KLINE(authority, PACK_I32)};
/* reserved holds the occurrence number of a trade without id while it is in the store's hands */
static const pack_field pack_trade_fields[8] = {PACK_TRADE(id, PACK_I64),
                                                {offsetof(kl_trade, first_id), offsetof(kl_trade, id), PACK_I64},
                                                {offsetof(kl_trade, last_id), offsetof(kl_trade, id), PACK_I64},
                                                PACK_TRADE(time_us, PACK_I64),
                                                PACK_TRADE(price, PACK_I64),
                                                PACK_TRADE(quantity, PACK_WIDE),
                                                PACK_TRADE(flags, PACK_U32),
                                                PACK_TRADE(reserved, PACK_U32)};

static const pack_field *pack_fields(int32_t kind, uint32_t *n) {
    *n = kind == KL__KIND_KLINES ? 17 : 8;
    return kind == KL__KIND_KLINES ? pack_kline_fields : pack_trade_fields;
}

/* ------------------------------------------------------------------------------------------------------ rows --- */

size_t kl__row_bytes(int32_t kind) { return kind == KL__KIND_KLINES ? sizeof(kl_kline) : sizeof(kl_trade); }

int64_t kl__row_key(int32_t kind, const void *row) {
    if (kind == KL__KIND_KLINES) return ((const kl_kline *)row)->open_time_us;
    return kind == KL__KIND_TRADES_ID ? ((const kl_trade *)row)->id : ((const kl_trade *)row)->time_us;
}

static int pack_order(int64_t a, int64_t b) { return a < b ? -1 : a > b; }

static int pack_order_trade(const kl_trade *a, const kl_trade *b) {
    int order = pack_order(a->time_us, b->time_us);
    if (!order) order = pack_order(a->price, b->price);
    if (!order) order = kl__wide_compare(a->quantity, b->quantity);
    if (!order) order = pack_order(a->flags, b->flags);
    return order;
}

int kl__row_compare(int32_t kind, const void *a, const void *b) {
    if (kind != KL__KIND_TRADES_CONTENT) return pack_order(kl__row_key(kind, a), kl__row_key(kind, b));
    int order = pack_order_trade((const kl_trade *)a, (const kl_trade *)b);
    return order ? order : pack_order(((const kl_trade *)a)->reserved, ((const kl_trade *)b)->reserved);
}

int kl__row_rank(int32_t kind, const void *a, const void *b) {
    if (kind == KL__KIND_KLINES) {
        int order = (int)kl_kline_rank((const kl_kline *)a, (const kl_kline *)b);
        /* KL_REVISED is the highest flag that rank leaves aside, but any difference has to be settled somehow */
        return order ? order : pack_order(((const kl_kline *)a)->flags, ((const kl_kline *)b)->flags);
    }
    const kl_trade *x = (const kl_trade *)a, *y = (const kl_trade *)b;
    int order = pack_order(y->flags & KL_TRADE_NEUTRALISED, x->flags & KL_TRADE_NEUTRALISED);
    if (!order) order = pack_order(x->flags & KL_TRADE_MAKER_KNOWN, y->flags & KL_TRADE_MAKER_KNOWN);
    if (!order) order = pack_order(x->first_id >= 0, y->first_id >= 0);
    if (!order) order = pack_order_trade(x, y);
    if (!order) order = pack_order(x->first_id, y->first_id);
    return order ? order : pack_order(x->last_id, y->last_id);
}

kl_status kl__row_rescale(int32_t kind, void *row, const kl_scale *from, const kl_scale *to) {
    if (kind == KL__KIND_KLINES) return kl_kline_rescale((kl_kline *)row, from, to);
    return kl_trade_rescale((kl_trade *)row, from, to);
}

static void pack_raise(kl_i128 *peak, kl_i128 value) {
    if (kl__wide_is_negative(value)) value = kl__wide_negate(value);
    if (kl__wide_is_negative(value)) value = kl__wide(INT64_MAX, UINT64_MAX); /* of the least value there is */
    if (kl__wide_compare(value, *peak) > 0) *peak = value;
}

void kl__rows_peak(int32_t kind, const void *rows, size_t n, kl_i128 peak[3]) {
    for (size_t i = 0; i < n; i++) {
        if (kind == KL__KIND_KLINES) {
            const kl_kline *r = (const kl_kline *)rows + i;
            pack_raise(&peak[0], kl__wide_from(r->open));
            pack_raise(&peak[0], kl__wide_from(r->high));
            pack_raise(&peak[0], kl__wide_from(r->low));
            pack_raise(&peak[0], kl__wide_from(r->close));
            pack_raise(&peak[1], r->volume);
            pack_raise(&peak[1], r->taker_buy_base);
            pack_raise(&peak[2], r->quote_volume);
            pack_raise(&peak[2], r->taker_buy_quote);
        } else {
            const kl_trade *r = (const kl_trade *)rows + i;
            pack_raise(&peak[0], kl__wide_from(r->price));
            pack_raise(&peak[1], r->quantity);
        }
    }
}

/* --------------------------------------------------------------------------------------------------- columns --- */

KL__INLINE int64_t pack_value(const pack_field *f, const uint8_t *row) {
    int64_t value, minus;
    uint32_t word;
    switch (f->kind) {
    case PACK_U32:
        memcpy(&word, row + f->offset, 4);
        return word;
    case PACK_I32:
        memcpy(&word, row + f->offset, 4);
        return (int32_t)word;
    case PACK_WIDE:
        return (int64_t)((const kl_i128 *)(const void *)(row + f->offset))->lo;
    default:
        memcpy(&value, row + f->offset, 8);
        if (f->minus == PACK_NONE) return value;
        memcpy(&minus, row + f->minus, 8);
        return (int64_t)((uint64_t)value - (uint64_t)minus);
    }
}

static uint8_t pack_width(uint64_t span) {
    if (span == 0) return 0;
    return span <= 0xff ? 1 : span <= 0xffff ? 2 : span <= 0xffffffff ? 4 : 8;
}

static void pack_plan_column(const pack_field *f, const uint8_t *rows, size_t n, size_t stride, uint8_t *width,
                             int64_t *base) {
    int64_t least = INT64_MAX, most = INT64_MIN;
    int wide = 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *row = rows + i * stride;
        int64_t value = pack_value(f, row);
        if (f->kind == PACK_WIDE) wide |= !kl__wide_fits(*(const kl_i128 *)(const void *)(row + f->offset));
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    *width = wide ? 16 : pack_width((uint64_t)most - (uint64_t)least);
    *base = wide ? 0 : least;
}

void kl__pack_plan(int32_t kind, const void *rows, size_t n, const kl_scale *scale, kl__pack *pack) {
    size_t stride = kl__row_bytes(kind);
    const uint8_t *bytes = (const uint8_t *)rows;
    memset(pack, 0, sizeof *pack);
    const pack_field *fields = pack_fields(kind, &pack->columns);
    pack->scale = *scale;
    pack->rows = (uint32_t)n;
    pack->frames = (pack->rows + KL__FRAME_ROWS - 1) / KL__FRAME_ROWS;
    for (uint32_t c = 0; c < pack->columns; c++) {
        pack_plan_column(&fields[c], bytes, n, stride, &pack->width[c], &pack->base[c]);
        pack->row_bytes += pack->width[c];
    }
    pack->first_time = INT64_MAX, pack->last_time = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        int64_t time = kl__row_time(kind, bytes + i * stride);
        if (time < pack->first_time) pack->first_time = time;
        if (time > pack->last_time) pack->last_time = time;
    }
    pack->lead_bytes = KL__LEAD_FIXED + 24 + 8 * pack->columns + 16 * pack->frames;
}

uint64_t kl__pack_payload(const kl__pack *pack) { return pack->lead_bytes + (uint64_t)pack->rows * pack->row_bytes; }

static void pack_write_column(const pack_field *f, uint32_t width, int64_t base, const uint8_t *rows, uint32_t n,
                              size_t stride, uint8_t *out) {
#define PACK_LOOP(statement)                                                                                           \
    for (uint32_t i = 0; i < n; i++, rows += stride) {                                                                 \
        uint64_t v = (uint64_t)pack_value(f, rows) - (uint64_t)base;                                                   \
        statement;                                                                                                     \
    }
    switch (width) {
    case 1:
        PACK_LOOP(out[i] = (uint8_t)v) break;
    case 2:
        PACK_LOOP(kl__store_u16(out + 2 * i, (uint16_t)v)) break;
    case 4:
        PACK_LOOP(kl__store_u32(out + 4 * i, (uint32_t)v)) break;
    case 8:
        PACK_LOOP(kl__store_u64(out + 8 * i, v)) break;
    case 16:
        PACK_LOOP(kl__store_u64(out + 16 * i, v);
                  kl__store_i64(out + 16 * i + 8, ((const kl_i128 *)(const void *)(rows + f->offset))->hi))
        break;
    default:
        break;
    }
#undef PACK_LOOP
}

void kl__pack_write(int32_t kind, const void *rows, const kl__pack *pack, uint8_t *out) {
    uint32_t columns;
    const pack_field *fields = pack_fields(kind, &columns);
    size_t stride = kl__row_bytes(kind);
    const uint8_t *in = (const uint8_t *)rows;
    uint8_t *table = out + KL__LEAD_FIXED + 24 + 8 * columns, *frame = out + pack->lead_bytes;
    memset(out, 0, pack->lead_bytes);
    out[0] = (uint8_t)pack->scale.price, out[1] = (uint8_t)pack->scale.volume, out[2] = (uint8_t)pack->scale.quote;
    out[3] = (uint8_t)columns;
    kl__store_u16(out + 4, KL__FRAME_ROWS);
    kl__store_u16(out + 6, (uint16_t)pack->frames);
    kl__store_i64(out + 8, pack->first_time);
    kl__store_i64(out + 16, pack->last_time);
    memcpy(out + KL__LEAD_FIXED, pack->width, 24);
    for (uint32_t c = 0; c < columns; c++) kl__store_i64(out + KL__LEAD_FIXED + 24 + 8 * c, pack->base[c]);
    for (uint32_t f = 0; f < pack->frames; f++, table += 16) {
        uint32_t n = kl__pack_frame_rows(pack, f), bytes = n * pack->row_bytes;
        uint8_t *at = frame;
        for (uint32_t c = 0; c < columns; c++) {
            pack_write_column(&fields[c], pack->width[c], pack->base[c], in, n, stride, at);
            at += (size_t)n * pack->width[c];
        }
        kl__store_i64(table, kl__row_key(kind, in));
        kl__store_u32(table + 8, bytes);
        kl__store_u32(table + 12, kl_crc32c(0, frame, bytes));
        in += n * stride;
        frame += bytes;
    }
}

kl_status kl__pack_read(int32_t kind, const kl__header *h, const uint8_t *lead, kl__pack *pack) {
    memset(pack, 0, sizeof *pack);
    pack_fields(kind, &pack->columns);
    if (h->lead < KL__LEAD_FIXED + 24 + 8 * pack->columns || lead[3] != pack->columns || h->rows == 0 ||
        h->rows > KL__BLOCK_ROWS_MAX || kl__load_u16(lead + 4) != KL__FRAME_ROWS)
        return KL_E_CORRUPT;
    pack->scale.price = lead[0], pack->scale.volume = lead[1], pack->scale.quote = lead[2];
    pack->rows = h->rows;
    pack->frames = (h->rows + KL__FRAME_ROWS - 1) / KL__FRAME_ROWS;
    pack->first_time = kl__load_i64(lead + 8);
    pack->last_time = kl__load_i64(lead + 16);
    memcpy(pack->width, lead + KL__LEAD_FIXED, 24);
    for (uint32_t c = 0; c < pack->columns; c++) {
        uint8_t w = pack->width[c];
        if (w > 16 || (w & (w - 1))) return KL_E_CORRUPT;
        pack->row_bytes += w;
        pack->base[c] = kl__load_i64(lead + KL__LEAD_FIXED + 24 + 8 * c);
    }
    pack->lead_bytes = KL__LEAD_FIXED + 24 + 8 * pack->columns + 16 * pack->frames;
    if (pack->lead_bytes != h->lead || kl__pack_payload(pack) != h->payload || pack->frames != kl__load_u16(lead + 6) ||
        !kl__scale_valid(&pack->scale) || pack->first_time > pack->last_time)
        return KL_E_CORRUPT;
    return KL_OK;
}

int64_t kl__pack_frame_key(const uint8_t *lead, const kl__pack *pack, uint32_t frame) {
    return kl__load_i64(lead + KL__LEAD_FIXED + 24 + 8 * pack->columns + 16 * (size_t)frame);
}

uint32_t kl__pack_frame_crc(const uint8_t *lead, const kl__pack *pack, uint32_t frame) {
    return kl__load_u32(lead + KL__LEAD_FIXED + 24 + 8 * pack->columns + 16 * (size_t)frame + 12);
}

static void pack_read_column(const pack_field *f, uint32_t width, int64_t base, const uint8_t *in, uint32_t n,
                             size_t stride, uint8_t *rows) {
#define PACK_LOOP(load)                                                                                                \
    for (uint32_t i = 0; i < n; i++, rows += stride) {                                                                 \
        int64_t v = (int64_t)((uint64_t)(load) + (uint64_t)base), minus;                                               \
        uint32_t word = (uint32_t)v;                                                                                   \
        kl_i128 wide;                                                                                                  \
        switch (f->kind) {                                                                                             \
        case PACK_U32:                                                                                                 \
        case PACK_I32:                                                                                                 \
            memcpy(rows + f->offset, &word, 4);                                                                        \
            break;                                                                                                     \
        case PACK_WIDE:                                                                                                \
            wide = width == 16 ? kl__wide(kl__load_i64(in + 16 * (size_t)i + 8), (uint64_t)v) : kl__wide_from(v);      \
            memcpy(rows + f->offset, &wide, 16);                                                                       \
            break;                                                                                                     \
        default:                                                                                                       \
            if (f->minus != PACK_NONE) {                                                                               \
                memcpy(&minus, rows + f->minus, 8);                                                                    \
                v = (int64_t)((uint64_t)v + (uint64_t)minus);                                                          \
            }                                                                                                          \
            memcpy(rows + f->offset, &v, 8);                                                                           \
        }                                                                                                              \
    }
    switch (width) {
    case 0:
        PACK_LOOP(0) break;
    case 1:
        PACK_LOOP(in[i]) break;
    case 2:
        PACK_LOOP(kl__load_u16(in + 2 * i)) break;
    case 4:
        PACK_LOOP(kl__load_u32(in + 4 * i)) break;
    case 8:
        PACK_LOOP(kl__load_u64(in + 8 * i)) break;
    default:
        PACK_LOOP(kl__load_u64(in + 16 * i)) break;
    }
#undef PACK_LOOP
}

/* Columns of a kind come after those that they are measured from, so one pass is enough. */
void kl__pack_decode(int32_t kind, const kl__pack *pack, const uint8_t *frame, uint32_t n, void *rows) {
    uint32_t columns;
    const pack_field *fields = pack_fields(kind, &columns);
    size_t stride = kl__row_bytes(kind);
    if (kind == KL__KIND_KLINES)
        for (uint32_t i = 0; i < n; i++) ((kl_kline *)rows)[i].reserved = 0;
    for (uint32_t c = 0; c < columns; c++) {
        pack_read_column(&fields[c], pack->width[c], pack->base[c], frame, n, stride, (uint8_t *)rows);
        frame += (size_t)n * pack->width[c];
    }
}
