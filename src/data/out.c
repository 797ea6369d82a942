/* A buffer before a kl_writer, and the texts of cells that both table writers share. */
#include "base/fp.h"
#include "base/bits.h"
#include "base/number.h"
#include "data/out.h"
#include "data/time.h"

void kl__out_init(kl__out *out, const kl_writer *writer) {
    out->writer = writer;
    out->used = 0;
    out->day = INT64_MIN;
    out->date_length = out->flags_length = 0;
    out->flags = 0;
}

kl_status kl__out_flush(kl__out *out) {
    size_t n = out->used;
    out->used = 0;
    return n > 0 ? out->writer->write(out->writer->ctx, out->bytes, n) : KL_OK;
}

kl_status kl__out_bytes(kl__out *out, const char *bytes, size_t n) {
    if (n > KL__OUT_BYTES - out->used) {
        KL__TRY(kl__out_flush(out));
        if (n > KL__OUT_BYTES) return out->writer->write(out->writer->ctx, bytes, n);
    }
    memcpy(out->bytes + out->used, bytes, n);
    out->used += n;
    return KL_OK;
}

kl_status kl__table_write_check(const kl_table *table, uint32_t flags, const kl_writer *writer) {
    const uint32_t epochs = flags & (KL_WRITE_EPOCH_US | KL_WRITE_EPOCH_MS | KL_WRITE_EPOCH_S);
    if (!table || !writer || !writer->write) return KL_E_ARG;
    if ((flags & ~(epochs | KL_WRITE_HEADER)) != 0 || (epochs & (epochs - 1)) != 0) return KL_E_ARG;
    return KL_OK;
}

/* Number of decimal digits, 1 for 0. */
static uint32_t out_digits(uint64_t value) {
    uint32_t guess = (64 - kl__leading_zeros_u64(value | 1)) * 1233 >> 12; /* log10(2) = 1233 / 4096 */
    return guess + (value >= kl__pow10_u64[guess]) + (value == 0);
}

/* magnitude / 10^scale, by copies of fixed length: most of the time of a table goes into such numbers. */
static size_t out_fixed(uint64_t magnitude, int negative, uint32_t scale, char *text) {
    char block[48]; /* 24 digits with zeros in front; what lies behind them is copied, never used */
    uint32_t count = out_digits(magnitude);
    if (count <= scale) count = scale + 1;
    memset(block, '0', sizeof block);
    kl__digits_write_eight(block + 16, (uint32_t)(magnitude % 100000000));
    if (count > 8) {
        uint64_t high = magnitude / 100000000;
        kl__digits_write_eight(block + 8, (uint32_t)(high % 100000000));
        kl__digits_write_eight(block, (uint32_t)(high / 100000000));
    }
    text[0] = '-';
    text += negative;
    memcpy(text, block + 24 - count, 24);
    if (scale > 0) {
        text[count - scale] = '.';
        memcpy(text + count - scale + 1, block + 24 - scale, 24);
    }
    return count + (scale > 0) + (size_t)negative;
}

static size_t out_integer(int64_t value, char *text) {
    return out_fixed(value < 0 ? ~(uint64_t)value + 1 : (uint64_t)value, value < 0, 0, text);
}

static size_t out_decimal(const kl_i128 *value, int32_t scale, char *text) {
    if (KL__UNLIKELY(!kl__wide_fits(*value))) return kl_decimal_print(value, scale, text);
    uint64_t bits = value->lo;
    return out_fixed(value->hi < 0 ? ~bits + 1 : bits, value->hi < 0, (uint32_t)scale, text);
}

/* Most rows of a table have the flags of the row before. */
static size_t out_flags(kl__out *out, uint32_t flags, char *text) {
    if (flags != out->flags || out->flags_length == 0) {
        out->flags = flags;
        out->flags_length = kl_flags_print(flags, out->flags_text);
    }
    memcpy(text, out->flags_text, sizeof out->flags_text);
    return out->flags_length;
}

static size_t out_time(kl__out *out, kl_time time, uint32_t flags, char *text) {
    if (flags & KL_WRITE_EPOCH_US) return out_integer(time, text);
    if (flags & KL_WRITE_EPOCH_MS) return out_integer(kl__floor_div(time, 1000), text);
    if (flags & KL_WRITE_EPOCH_S) return out_integer(kl__floor_div(time, KL__SECOND_US), text);
    int64_t day = kl__floor_div(time, KL__DAY_US);
    if (day != out->day) {
        char whole[KL_TIME_TEXT_MAX];
        kl_time_print(time, whole);
        out->day = day;
        out->date_length = (size_t)((const char *)memchr(whole, 'T', sizeof whole) - whole) + 1;
        memcpy(out->date, whole, out->date_length);
    }
    memcpy(text, out->date, sizeof out->date);
    size_t length = out->date_length + kl__clock_print(kl__floor_mod(time, KL__DAY_US), 1, text + out->date_length);
    text[length] = 'Z';
    return length + 1;
}

void kl__out_cell(kl__out *out, const kl__table_column *column, size_t row, uint32_t flags) {
    char *text = out->bytes + out->used;
    switch (column->kind) {
    case KL_COLUMN_F64: out->used += kl_double_print(((const double *)column->values)[row], text); break;
    case KL_COLUMN_I64: out->used += out_integer(((const int64_t *)column->values)[row], text); break;
    case KL_COLUMN_TIME: out->used += out_time(out, ((const int64_t *)column->values)[row], flags, text); break;
    case KL_COLUMN_DECIMAL:
        out->used += out_decimal((const kl_i128 *)column->values + row, column->scale, text);
        break;
    default: out->used += out_flags(out, ((const uint32_t *)column->values)[row], text); break;
    }
}

int kl__out_is_word(const kl__table_column *column, size_t row, uint32_t flags) {
    if (column->kind == KL_COLUMN_TIME) return !(flags & (KL_WRITE_EPOCH_US | KL_WRITE_EPOCH_MS | KL_WRITE_EPOCH_S));
    if (column->kind == KL_COLUMN_F64) return ((const double *)column->values)[row] - ((const double *)column->values)[row] != 0;
    return column->kind == KL_COLUMN_FLAGS;
}
