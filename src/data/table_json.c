/* Tables as JSON lines: one object for each row. */
#include "data/out.h"

/* Escape of a byte below ' ', a quote or a backslash. */
static size_t json_out_escape(unsigned char c, char *text) {
    static const char json_out_short[] = "b\bf\fn\nr\rt\t\"\"\\\\";
    text[0] = '\\';
    for (size_t i = 0; json_out_short[i] != '\0'; i += 2) {
        if ((unsigned char)json_out_short[i + 1] != c) continue;
        text[1] = json_out_short[i];
        return 2;
    }
    memcpy(text + 1, "u00", 3);
    text[4] = "0123456789abcdef"[c >> 4];
    text[5] = "0123456789abcdef"[c & 15];
    return 6;
}

static kl_status json_out_text(kl__out *out, const char *text, size_t length) {
    size_t begin = 0;
    KL__TRY(kl__out_bytes(out, "\"", 1));
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (KL__LIKELY(c >= ' ' && c != '"' && c != '\\')) continue;
        char escape[6];
        KL__TRY(kl__out_bytes(out, text + begin, i - begin));
        KL__TRY(kl__out_bytes(out, escape, json_out_escape(c, escape)));
        begin = i + 1;
    }
    KL__TRY(kl__out_bytes(out, text + begin, length - begin));
    return kl__out_bytes(out, "\"", 1);
}

static kl_status json_out_value(kl__out *out, const kl__table_column *column, size_t row, uint32_t flags) {
    if (!kl__table_known(column, row)) return kl__out_bytes(out, "null", 4);
    if (column->kind == KL_COLUMN_TEXT) {
        const kl__table_text *cell = (const kl__table_text *)column->values + row;
        return json_out_text(out, cell->text, cell->length);
    }
    KL__TRY(kl__out_room(out));
    int word = kl__out_is_word(column, row, flags);
    if (word) kl__out_char(out, '"');
    kl__out_cell(out, column, row, flags);
    if (word) kl__out_char(out, '"');
    return KL_OK;
}

kl_status kl_table_write_json(const kl_table *table, uint32_t flags, const kl_writer *writer) {
    kl__out out;
    KL__TRY(kl__table_write_check(table, flags, writer));
    kl__out_init(&out, writer);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t k = 0; k < table->columns; k++) {
            const kl__table_column *column = &table->column[k];
            KL__TRY(kl__out_bytes(&out, k == 0 ? "{" : ",", 1));
            KL__TRY(json_out_text(&out, column->name, strlen(column->name)));
            KL__TRY(kl__out_bytes(&out, ":", 1));
            KL__TRY(json_out_value(&out, column, row, flags));
        }
        KL__TRY(kl__out_bytes(&out, table->columns == 0 ? "{}\n" : "}\n", table->columns == 0 ? 3 : 2));
    }
    return kl__out_flush(&out);
}
