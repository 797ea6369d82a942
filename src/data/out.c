/* A buffer before a kl_writer, and the texts of cells that both table writers share. */
#include "base/fp.h"
#include "base/wide.h"
#include "data/out.h"
#include "data/time.h"

void kl__out_init(kl__out *out, const kl_writer *writer) {
    out->writer = writer;
    out->used = 0;
    out->day = INT64_MIN;
    out->date_length = 0;
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

static size_t out_integer(int64_t value, char *text) {
    char digits[20];
    size_t count = 0, length = 0;
    uint64_t rest = value < 0 ? ~(uint64_t)value + 1 : (uint64_t)value;
    do digits[count++] = (char)('0' + rest % 10), rest /= 10;
    while (rest != 0);
    if (value < 0) text[length++] = '-';
    while (count > 0) text[length++] = digits[--count];
    return length;
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
        out->used += kl_decimal_print((const kl_i128 *)column->values + row, column->scale, text);
        break;
    default: out->used += kl_flags_print(((const uint32_t *)column->values)[row], text); break;
    }
}

int kl__out_is_word(const kl__table_column *column, size_t row, uint32_t flags) {
    if (column->kind == KL_COLUMN_TIME) return !(flags & (KL_WRITE_EPOCH_US | KL_WRITE_EPOCH_MS | KL_WRITE_EPOCH_S));
    if (column->kind == KL_COLUMN_F64) return ((const double *)column->values)[row] - ((const double *)column->values)[row] != 0;
    return column->kind == KL_COLUMN_FLAGS;
}
