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

/* The names of all members as they stand in each row, made once: `,"name":`. Tables with more or longer names are written
 * without. */
#define JSON_OUT_NAMES 4096
#define JSON_OUT_MEMBERS 128

typedef struct {
    size_t count;
    uint16_t ends[JSON_OUT_MEMBERS];
    char text[JSON_OUT_NAMES];
} json_out_names;

static void json_out_names_make(json_out_names *names, const kl_table *table) {
    size_t used = 0;
    names->count = 0;
    if (table->columns > JSON_OUT_MEMBERS) return;
    for (size_t k = 0; k < table->columns; k++) {
        const char *name = table->column[k].name;
        if (strlen(name) > (JSON_OUT_NAMES - used) / 6 - 1) return; /* room even if all were escapes */
        names->text[used++] = k == 0 ? '{' : ',';
        names->text[used++] = '"';
        for (; *name != '\0'; name++) {
            unsigned char c = (unsigned char)*name;
            if (c < ' ' || c == '"' || c == '\\') used += json_out_escape(c, names->text + used);
            else names->text[used++] = *name;
        }
        names->text[used++] = '"';
        names->text[used++] = ':';
        names->ends[k] = (uint16_t)used;
        if (JSON_OUT_NAMES - used < 64) return;
    }
    names->count = table->columns;
}

static kl_status json_out_member(kl__out *out, const kl_table *table, size_t k, const json_out_names *names) {
    if (names->count > 0) {
        size_t begin = k == 0 ? 0 : names->ends[k - 1];
        return kl__out_bytes(out, names->text + begin, names->ends[k] - begin);
    }
    KL__TRY(kl__out_bytes(out, k == 0 ? "{" : ",", 1));
    KL__TRY(json_out_text(out, table->column[k].name, strlen(table->column[k].name)));
    return kl__out_bytes(out, ":", 1);
}

kl_status kl_table_write_json(const kl_table *table, uint32_t flags, const kl_writer *writer) {
    kl__out out;
    json_out_names names;
    KL__TRY(kl__table_write_check(table, flags, writer));
    kl__out_init(&out, writer);
    json_out_names_make(&names, table);
    for (size_t row = 0; row < table->rows; row++) {
        for (size_t k = 0; k < table->columns; k++) {
            KL__TRY(json_out_member(&out, table, k, &names));
            KL__TRY(json_out_value(&out, &table->column[k], row, flags));
        }
        KL__TRY(kl__out_bytes(&out, table->columns == 0 ? "{}\n" : "}\n", table->columns == 0 ? 3 : 2));
    }
    return kl__out_flush(&out);
}
