/* CSV lines -> rows. The fast way reads plain cells in one pass over the bytes and gives up a row at the first byte that is
 * not plain; the careful way then reads that row again, with every form and every error. Both give the same rows. */
#include "base/digits.h"
#include "clean/parse.h"
#include <string.h>

/* Quotes are taken off; a doubled quote inside stays doubled, since no cell that matters to us has one. */
int kl__parse_csv_split(const char *text, size_t n, kl__parse_span *cells) {
    int count = 0;
    size_t i = 0;
    for (;;) {
        size_t start = i;
        while (start < n && text[start] == ' ') start++;
        if (start < n && text[start] == '"') {
            size_t close = start + 1;
            while (close < n && (text[close] != '"' || (close + 1 < n && text[close + 1] == '"'))) close += text[close] == '"' ? 2 : 1;
            if (close >= n) return -1;
            cells[count].text = text + start + 1, cells[count].n = close - start - 1;
            i = close + 1;
            while (i < n && text[i] != ',') i++;
        } else {
            const char *comma = i < n ? memchr(text + i, ',', n - i) : NULL;
            size_t end = comma ? (size_t)(comma - text) : n;
            cells[count].text = text + i, cells[count].n = end - i;
            i = end;
        }
        count++;
        if (i >= n || count > KL__PARSE_COLUMNS) return count;
        i++; /* the comma */
    }
}

kl_status kl__parse_csv_line(kl_parser *p, const char *text, size_t n, int torn, kl_error *error) {
    kl__parse_span cells[KL__PARSE_COLUMNS + 1];
    kl__parse_row row;
    int columns = kl__parse_csv_split(text, n, cells);
    if (torn && (columns < 0 || columns < p->layout.columns))
        return kl__fail(error, KL_E_TRUNCATED, 0, p->line, columns < 0 ? 0 : columns,
                        "the text ends in column %d of %d", columns < 0 ? 1 : columns, p->layout.columns);
    if (columns < 0) return kl__fail(error, KL_E_TEXT, 0, p->line, 0, "a quote is not closed");
    if (columns != p->layout.columns)
        return kl__fail(error, KL_E_COLUMNS, 0, p->line, columns < p->layout.columns ? columns : p->layout.columns + 1,
                        "%d columns instead of %d", columns, p->layout.columns);
    row.have = row.wide = 0, row.closed = -1, row.as_of = 0, row.unit = 0, row.line = p->line;
    for (int i = 0; i < columns; i++)
        KL__TRY(kl__parse_cell(p, &row, p->layout.target[i], cells[i].text, cells[i].n, i + 1, error));
    return kl__parse_emit(p, &row, error);
}

static const char *parse_csv_bool(const char *c, const char *end, uint64_t *value) {
    if (end - c < 6) return NULL;
    *value = (c[0] | 32) == 't';
    if (*value) return (c[1] | 32) == 'r' && (c[2] | 32) == 'u' && (c[3] | 32) == 'e' ? c + 4 : NULL;
    return (c[0] | 32) == 'f' && (c[1] | 32) == 'a' && (c[2] | 32) == 'l' && (c[3] | 32) == 's' && (c[4] | 32) == 'e' ? c + 5 : NULL;
}

static const char *parse_csv_skip(const char *c, const char *end) {
    while (c != end && *c != ',' && *c != '\n' && *c != '\r') {
        if (*c == '"' || *c == 0) return NULL;
        c++;
    }
    return c;
}

/* One plain row; the byte after its newline, or NULL where it is not plain, or not all there. */
KL__INLINE const char *parse_csv_row(const kl__parse_layout *layout, const char *c, const char *end, kl__parse_row *row) {
    const int last = layout->columns - 1;
    for (int i = 0;; i++) {
        const int target = layout->target[i];
        switch (layout->kind[i]) {
        case KL__PK_DECIMAL: c = kl__digits_parse(c, end, &row->value[target], &row->decimals[target]); break;
        case KL__PK_INTEGER: c = kl__digits_integer(c, end, &row->value[target]); break;
        case KL__PK_TIME: {
            int32_t unit = 0;
            kl_time time = 0;
            uint64_t value;
            c = kl__digits_integer(c, end, &value);
            if (KL__UNLIKELY(c == NULL || kl__parse_epoch(value, &time, &unit) < 0)) return NULL;
            row->value[target] = (uint64_t)time;
            if (target == KL__PT_TIME) row->unit = unit;
            break;
        }
        case KL__PK_BOOL: c = parse_csv_bool(c, end, &row->value[target]); break;
        default: c = parse_csv_skip(c, end); break;
        }
        if (KL__UNLIKELY(c == NULL || c == end)) return NULL;
        if (i == last) break;
        if (KL__UNLIKELY(*c != ',')) return NULL;
        c++;
    }
    if (*c == '\r' && ++c == end) return NULL;
    return *c == '\n' ? c + 1 : NULL;
}

kl_status kl__parse_csv_fast(kl_parser *p, const char **text, const char *end, kl_error *error) {
    kl__parse_row row;
    const char *c = *text;
    kl_status status = KL_OK;
    row.have = p->layout.have, row.wide = 0, row.closed = -1, row.as_of = 0;
    while (c != end) {
        const char *after = parse_csv_row(&p->layout, c, end, &row);
        if (after == NULL || (size_t)(after - c) > p->line_max) break;
        kl_error why;
        c = after, row.line = ++p->line, p->counts.lines++;
        status = kl__parse_emit(p, &row, &why);
        if (KL__UNLIKELY(status < 0) && (status = kl__parse_bad(p, &why, error)) < 0) break;
    }
    *text = c;
    return status;
}
