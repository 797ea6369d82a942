/* Tables as CSV: RFC 4180 but for the line end, which is LF. */
#include "data/out.h"

static int csv_out_needs_quotes(const char *text, size_t length) {
    if (length == 0) return 1; /* an empty text is known, an empty field is not */
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r') return 1;
    return 0;
}

static kl_status csv_out_text(kl__out *out, const char *text, size_t length) {
    if (!csv_out_needs_quotes(text, length)) return kl__out_bytes(out, text, length);
    KL__TRY(kl__out_bytes(out, "\"", 1));
    for (size_t begin = 0; begin < length;) {
        const char *quote = (const char *)memchr(text + begin, '"', length - begin);
        size_t end = quote ? (size_t)(quote - text) + 1 : length;
        KL__TRY(kl__out_bytes(out, text + begin, end - begin));
        if (quote) KL__TRY(kl__out_bytes(out, "\"", 1));
        begin = end;
    }
    return kl__out_bytes(out, "\"", 1);
}

static kl_status csv_out_row(kl__out *out, const kl_table *table, size_t row, uint32_t flags) {
    for (size_t k = 0; k < table->columns; k++) {
        const kl__table_column *column = &table->column[k];
        KL__TRY(kl__out_room(out));
        if (k > 0) kl__out_char(out, ',');
        if (!kl__table_known(column, row)) {
            if (table->columns == 1) KL__TRY(kl__out_bytes(out, "\"\"", 2)); /* an empty line would be no row */
        } else if (column->kind == KL_COLUMN_TEXT) {
            const kl__table_text *cell = (const kl__table_text *)column->values + row;
            KL__TRY(csv_out_text(out, cell->text, cell->length));
        } else {
            kl__out_cell(out, column, row, flags);
        }
    }
    return kl__out_bytes(out, "\n", 1);
}

kl_status kl_table_write_csv(const kl_table *table, uint32_t flags, const kl_writer *writer) {
    kl__out out;
    KL__TRY(kl__table_write_check(table, flags, writer));
    kl__out_init(&out, writer);
    if (flags & KL_WRITE_HEADER) {
        for (size_t k = 0; k < table->columns; k++) {
            if (k > 0) KL__TRY(kl__out_bytes(&out, ",", 1));
            KL__TRY(csv_out_text(&out, table->column[k].name, strlen(table->column[k].name)));
        }
        KL__TRY(kl__out_bytes(&out, "\n", 1));
    }
    for (size_t row = 0; row < table->rows; row++) KL__TRY(csv_out_row(&out, table, row, flags));
    return kl__out_flush(&out);
}
