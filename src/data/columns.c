/* Borrowed columns of doubles, made from exact candles and turned back into them. */
#include "base/fp.h"
#include "base/endian.h"
#include "base/size.h"
#include "data/scale.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

#define COLUMNS_ALIGN 64
#define COLUMNS_WIDE 11 /* columns of 8 bytes */

kl_status kl_columns_slice(const kl_columns *columns, size_t first, size_t n, kl_columns *slice) {
    if (!columns || !slice) return KL_E_ARG;
    if (first > columns->n || n > columns->n - first) return KL_E_ARG;
    kl_columns all = *columns;
#define COLUMNS_MOVE(name) slice->name = all.name ? all.name + first : NULL
    slice->n = n;
    COLUMNS_MOVE(open_time_us);
    COLUMNS_MOVE(close_time_us);
    COLUMNS_MOVE(open);
    COLUMNS_MOVE(high);
    COLUMNS_MOVE(low);
    COLUMNS_MOVE(close);
    COLUMNS_MOVE(volume);
    COLUMNS_MOVE(quote_volume);
    COLUMNS_MOVE(trade_count);
    COLUMNS_MOVE(taker_buy_base);
    COLUMNS_MOVE(taker_buy_quote);
    COLUMNS_MOVE(flags);
#undef COLUMNS_MOVE
    return KL_OK;
}

size_t kl_series_columns_size(size_t n) {
    size_t bytes;
    if (n > SIZE_MAX / 8 / (COLUMNS_WIDE + 2)) return SIZE_MAX;
    bytes = kl__round_up(n * 8, COLUMNS_ALIGN) * COLUMNS_WIDE + kl__round_up(n * 4, COLUMNS_ALIGN);
    return bytes + COLUMNS_ALIGN; /* for memory that is not aligned itself */
}

static const double columns_pow10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                       1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

/* Both operands are exact doubles on the short way, so the one rounding of the division is the right one. */
static double columns_double(const kl_i128 *mantissa, int32_t scale) {
    if (kl__wide_fits(*mantissa)) {
        int64_t m = (int64_t)mantissa->lo;
        if (m >= -(INT64_C(1) << 53) && m <= (INT64_C(1) << 53)) return (double)m / columns_pow10[scale];
    }
    return kl_decimal_to_double(mantissa, scale);
}

static double columns_narrow(const kl_kline *row, uint32_t bit, int64_t mantissa, int32_t scale) {
    kl_i128 wide = kl__wide_from(mantissa);
    return row->known & bit ? columns_double(&wide, scale) : (double)NAN;
}

static double columns_wide(const kl_kline *row, uint32_t bit, const kl_i128 *mantissa, int32_t scale) {
    return row->known & bit ? columns_double(mantissa, scale) : (double)NAN;
}

kl_status kl_series_columns(const kl_series *series, void *memory, size_t bytes, kl_columns *columns) {
    if (!series || !columns || !kl__scale_valid(&series->scale) || (!memory && series->n > 0)) return KL_E_ARG;
    size_t n = series->n, stride = kl__round_up(n * 8, COLUMNS_ALIGN);
    if (bytes < kl_series_columns_size(n)) return KL_E_SIZE;
    unsigned char *base = (unsigned char *)memory;
    base += (COLUMNS_ALIGN - (uintptr_t)base % COLUMNS_ALIGN) % COLUMNS_ALIGN;
    int64_t *times[2];
    double *values[9];
    for (size_t k = 0; k < 2; k++) times[k] = (int64_t *)(void *)(base + k * stride);
    for (size_t k = 0; k < 9; k++) values[k] = (double *)(void *)(base + (k + 2) * stride);
    uint32_t *flags = (uint32_t *)(void *)(base + COLUMNS_WIDE * stride);
    const kl_scale scale = series->scale;
    for (size_t i = 0; i < n; i++) {
        const kl_kline *row = series->rows + i;
        times[0][i] = row->open_time_us;
        times[1][i] = row->known & KL_HAS_CLOSE_TIME ? row->close_time_us : KL_TIME_NONE;
        values[0][i] = columns_narrow(row, KL_HAS_OPEN, row->open, scale.price);
        values[1][i] = columns_narrow(row, KL_HAS_HIGH, row->high, scale.price);
        values[2][i] = columns_narrow(row, KL_HAS_LOW, row->low, scale.price);
        values[3][i] = columns_narrow(row, KL_HAS_CLOSE, row->close, scale.price);
        values[4][i] = columns_wide(row, KL_HAS_VOLUME, &row->volume, scale.volume);
        values[5][i] = columns_wide(row, KL_HAS_QUOTE_VOLUME, &row->quote_volume, scale.quote);
        values[6][i] = columns_narrow(row, KL_HAS_TRADE_COUNT, row->trade_count, 0);
        values[7][i] = columns_wide(row, KL_HAS_TAKER_BASE, &row->taker_buy_base, scale.volume);
        values[8][i] = columns_wide(row, KL_HAS_TAKER_QUOTE, &row->taker_buy_quote, scale.quote);
        flags[i] = row->flags;
    }
    const kl_columns made = {n, times[0], times[1], values[0], values[1], values[2], values[3],
                             values[4], values[5], values[6], values[7], values[8], flags};
    *columns = made;
    return KL_OK;
}

/* -------------------------------------------------------------------------------------------- back to exact rows --- */

/* The shortest decimal of a double, rounded to `scale` decimals, ties to even. */
static kl_status columns_round(double value, int32_t scale, kl_i128 *mantissa) {
    char text[KL_DOUBLE_TEXT_MAX];
    size_t length = kl_double_print(value, text);
    uint64_t digits = 0; /* at most 17 */
    int32_t exponent = 0, point = 0, power = 0;
    size_t i = text[0] == '-';
    for (; i < length && text[i] != 'e'; i++) {
        if (text[i] == '.') {
            point = 1;
        } else if (digits < UINT64_C(100000000000000000)) {
            digits = digits * 10 + (uint64_t)(text[i] - '0');
            exponent -= point;
        } else {
            exponent += !point; /* zeros that a large integer is padded with */
        }
    }
    if (i < length) {
        int negative = text[++i] == '-';
        for (i += text[i] == '-' || text[i] == '+'; i < length; i++) power = power * 10 + (text[i] - '0');
        exponent += negative ? -power : power;
    }
    int32_t shift = exponent + scale;
    uint64_t rest_twice = 0, unit = 1; /* the part cut off, doubled, against one unit of the last place */
    for (; shift < 0 && unit <= UINT64_C(1000000000000000000); shift++) unit *= 10;
    if (shift < 0 || unit > UINT64_C(1000000000000000000)) {
        digits = 0; /* less than half a unit */
    } else if (unit > 1) {
        rest_twice = digits % unit * 2;
        digits /= unit;
        digits += rest_twice > unit || (rest_twice == unit && (digits & 1));
    }
    kl_i128 found = kl__wide_from((int64_t)digits);
    for (; shift > 0 && digits != 0; shift--)
        if (kl__wide_mul(found, kl__wide_from(10), &found)) return KL_E_OVERFLOW;
    *mantissa = text[0] == '-' ? kl__wide_negate(found) : found;
    return KL_OK;
}

typedef struct {
    const double *values;
    uint32_t bit;
    int32_t group;       /* 0 price, 1 volume, 2 quote, 3 trade count */
    size_t narrow, wide; /* where it goes in a row: exactly one is not SIZE_MAX */
} columns_field;

#define COLUMNS_FIELDS 9

static void columns_fields(const kl_columns *c, columns_field *fields) {
    const columns_field all[COLUMNS_FIELDS] = {
        {c->open, KL_HAS_OPEN, 0, offsetof(kl_kline, open), SIZE_MAX},
        {c->high, KL_HAS_HIGH, 0, offsetof(kl_kline, high), SIZE_MAX},
        {c->low, KL_HAS_LOW, 0, offsetof(kl_kline, low), SIZE_MAX},
        {c->close, KL_HAS_CLOSE, 0, offsetof(kl_kline, close), SIZE_MAX},
        {c->volume, KL_HAS_VOLUME, 1, SIZE_MAX, offsetof(kl_kline, volume)},
        {c->quote_volume, KL_HAS_QUOTE_VOLUME, 2, SIZE_MAX, offsetof(kl_kline, quote_volume)},
        {c->trade_count, KL_HAS_TRADE_COUNT, 3, offsetof(kl_kline, trade_count), SIZE_MAX},
        {c->taker_buy_base, KL_HAS_TAKER_BASE, 1, SIZE_MAX, offsetof(kl_kline, taker_buy_base)},
        {c->taker_buy_quote, KL_HAS_TAKER_QUOTE, 2, SIZE_MAX, offsetof(kl_kline, taker_buy_quote)},
    };
    memcpy(fields, all, sizeof all);
}

/* Decimals that the shortest texts of all values need, by group. */
static kl_status columns_shortest(const kl_columns *columns, const columns_field *fields, kl_scale *scale, kl_error *error) {
    int32_t used[4] = {0, 0, 0, 0};
    for (size_t k = 0; k < COLUMNS_FIELDS; k++) {
        for (size_t i = 0; fields[k].values && i < columns->n; i++) {
            kl_i128 mantissa;
            int32_t decimals;
            double value = fields[k].values[i];
            if (value != value) continue;
            kl_status status = kl_decimal_from_double(value, &mantissa, &decimals);
            if (status < 0)
                return kl__fail(error, status, 0, (int64_t)i + 1, (int64_t)k + 1, "a value has no exact decimal that fits");
            if (decimals > used[fields[k].group]) used[fields[k].group] = decimals;
        }
    }
    scale->price = used[0], scale->volume = used[1], scale->quote = used[2], scale->reserved = 0;
    return KL_OK;
}

static kl_status columns_row(const kl_columns *columns, const columns_field *fields, const kl_scale *scale, size_t i,
                             kl_kline *row, kl_error *error) {
    const int32_t scales[4] = {scale->price, scale->volume, scale->quote, 0};
    memset(row, 0, sizeof *row);
    row->open_time_us = columns->open_time_us[i];
    row->first_trade_id = row->last_trade_id = -1;
    row->flags = columns->flags ? columns->flags[i] : KL_CLOSED;
    if (columns->close_time_us && columns->close_time_us[i] != KL_TIME_NONE) {
        row->close_time_us = columns->close_time_us[i];
        row->known |= KL_HAS_CLOSE_TIME;
    }
    for (size_t k = 0; k < COLUMNS_FIELDS; k++) {
        if (!fields[k].values || fields[k].values[i] != fields[k].values[i]) continue;
        kl_i128 mantissa;
        double value = fields[k].values[i];
        kl_status status = value - value != 0 ? KL_E_NOT_FINITE : columns_round(value, scales[fields[k].group], &mantissa);
        if (status == KL_OK && fields[k].narrow != SIZE_MAX && !kl__wide_fits(mantissa)) status = KL_E_OVERFLOW;
        if (status < 0)
            return kl__fail(error, status, 0, (int64_t)i + 1, (int64_t)k + 1, "a value cannot be held at the given decimals");
        if (fields[k].narrow != SIZE_MAX) {
            int64_t narrow = (int64_t)mantissa.lo;
            memcpy((unsigned char *)row + fields[k].narrow, &narrow, sizeof narrow);
        } else {
            memcpy((unsigned char *)row + fields[k].wide, &mantissa, sizeof mantissa);
        }
        row->known |= fields[k].bit;
    }
    return KL_OK;
}

kl_status kl_series_from_columns(kl_series *series, const kl_columns *columns, const kl_scale *scale, kl_error *error) {
    columns_field fields[COLUMNS_FIELDS];
    kl_scale shortest;
    if (!series || !columns || (columns->n > 0 && !columns->open_time_us) || (scale && !kl__scale_valid(scale)))
        return kl__fail(error, KL_E_ARG, 0, 0, 0, "a series and columns with open times are needed");
    columns_fields(columns, fields);
    if (!scale) {
        KL__TRY(columns_shortest(columns, fields, &shortest, error));
        scale = &shortest;
    }
    /* made aside, appended at once: a failure leaves the series as it was */
    kl_series made;
    KL__TRY(kl_series_init(&made, &series->alloc));
    made.scale = *scale;
    kl_status status = kl_series_reserve(&made, columns->n);
    if (status < 0) return kl__fail(error, status, 0, 0, 0, "no memory for the rows of a series");
    for (size_t i = 0; i < columns->n && status >= 0; i++)
        status = columns_row(columns, fields, scale, i, &made.rows[i], error);
    if (status >= 0) status = kl_series_append(series, made.rows, columns->n, scale, error);
    kl_series_free(&made);
    return status;
}
