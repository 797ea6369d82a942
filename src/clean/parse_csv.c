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

/* One plain cell of a kind into row; the byte after it, or NULL. */
KL__INLINE const char *parse_csv_cell(int kind, int target, const char *c, const char *end, kl__parse_row *row) {
    if (kind == KL__PK_DECIMAL) return kl__digits_parse(c, end, &row->value[target], &row->decimals[target]);
    if (kind == KL__PK_INTEGER) return kl__digits_integer(c, end, &row->value[target]);
    if (kind == KL__PK_BOOL) return parse_csv_bool(c, end, &row->value[target]);
    if (kind != KL__PK_TIME) return parse_csv_skip(c, end);
    int32_t unit = 0;
    kl_time time = 0;
    uint64_t value;
    c = kl__digits_integer(c, end, &value);
    if (KL__UNLIKELY(c == NULL || kl__parse_epoch(value, &time, &unit) < 0)) return NULL;
    row->value[target] = (uint64_t)time;
    if (target == KL__PT_TIME) row->unit = unit;
    if (KL__UNLIKELY(time == KL_TIME_MAX)) return NULL; /* an open time of it is an error */
    return c;
}

KL__INLINE const char *parse_csv_line_end(const char *c, const char *end) {
    if (*c == '\r' && ++c == end) return NULL;
    return *c == '\n' ? c + 1 : NULL;
}

/* One plain row; the byte after its newline, or NULL where it is not plain, or not all there. */
static const char *parse_csv_row(const kl__parse_layout *layout, const char *c, const char *end, kl__parse_row *row) {
    const int last = layout->columns - 1;
    for (int i = 0;; i++) {
        c = parse_csv_cell(layout->kind[i], layout->target[i], c, end, row);
        if (KL__UNLIKELY(c == NULL || c == end)) return NULL;
        if (i == last) return parse_csv_line_end(c, end);
        if (KL__UNLIKELY(*c++ != ',')) return NULL;
    }
}

/* ---- the exchange's own twelve columns, which is most of what there is: the forms below are what nearly all of its cells have,
 * and each other form goes to parse_csv_cell. No form is longer than 20 bytes with its comma, so that one look at the room that is
 * left serves the whole row. */

enum { PARSE_CSV_ROOM = 20 * 12 + 32 };

/* 1 to 7 digits, a point, 8 digits, a comma: the byte after the comma, or NULL. */
KL__INLINE const char *parse_csv_price(const char *c, uint64_t *value) {
    uint64_t whole = kl__load_u64(c) ^ UINT64_C(0x3030303030303030), stops = kl__digits_stops(whole);
    if (KL__UNLIKELY(stops == 0)) return NULL;
    const unsigned at = kl__trailing_zeros_u64(stops) - 7; /* bits of digits before the point */
    if (KL__UNLIKELY(at == 0)) return NULL;
    const uint64_t part = kl__load_u64(c + at / 8 + 1) ^ UINT64_C(0x3030303030303030);
    if (KL__UNLIKELY(kl__digits_stops(part) != 0 || c[at / 8] != '.' || c[at / 8 + 9] != ',')) return NULL;
    *value = (uint64_t)kl__digits_eight(whole << (64 - at)) * 100000000 + kl__digits_eight(part);
    return c + at / 8 + 10;
}

/* 13 digits (ms) or 16 (us) and a comma, in range. */
KL__INLINE const char *parse_csv_time(const char *c, uint64_t *value, int32_t *unit) {
    uint64_t high = kl__load_u64(c) ^ UINT64_C(0x3030303030303030), low = kl__load_u64(c + 8) ^ UINT64_C(0x3030303030303030);
    const uint64_t stops = kl__digits_stops(low);
    if (KL__UNLIKELY(kl__digits_stops(high) != 0)) return NULL;
    if (KL__LIKELY((stops & (~stops + 1)) == UINT64_C(1) << 47)) {
        if (KL__UNLIKELY(c[13] != ',')) return NULL;
        *value = ((uint64_t)kl__digits_eight(high) * 100000 + kl__digits_eight(low << 24)) * 1000;
        *unit = KL_EPOCH_MS;
        c += 14;
    } else {
        if (stops != 0 || c[16] != ',') return NULL;
        *value = (uint64_t)kl__digits_eight(high) * 100000000 + kl__digits_eight(low);
        *unit = KL_EPOCH_US;
        c += 17;
    }
    return *value - (uint64_t)KL_TIME_MIN < (uint64_t)(KL_TIME_MAX - KL_TIME_MIN) ? c : NULL;
}

/* 1 to 7 digits and a comma. */
KL__INLINE const char *parse_csv_count(const char *c, uint64_t *value) {
    const uint64_t word = kl__load_u64(c) ^ UINT64_C(0x3030303030303030), stops = kl__digits_stops(word);
    if (KL__UNLIKELY(stops == 0)) return NULL;
    const unsigned at = kl__trailing_zeros_u64(stops) - 7;
    if (KL__UNLIKELY(at == 0 || c[at / 8] != ',')) return NULL;
    *value = kl__digits_eight(word << (64 - at));
    return c + at / 8 + 1;
}

/* Any other plain form of the cell; a row of exchange columns has few of them. */
static const char *parse_csv_other(int kind, int target, const char *c, const char *end, kl__parse_row *row) {
    c = parse_csv_cell(kind, target, c, end, row);
    return c == NULL || c == end || *c != ',' ? NULL : c + 1;
}

static const char *parse_csv_row_exchange(const char *c, const char *end, kl__parse_row *row) {
    static const uint8_t kinds[11] = {KL__PK_TIME, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL, KL__PK_DECIMAL,
                                      KL__PK_TIME, KL__PK_DECIMAL, KL__PK_INTEGER, KL__PK_DECIMAL, KL__PK_DECIMAL};
    const char *after;
    int32_t unused;
    if (end - c < PARSE_CSV_ROOM) return NULL;
#define PARSE_CSV_CELL(form, column, target)                                                                          \
    after = form;                                                                                                     \
    if (KL__UNLIKELY(!after) && !(after = parse_csv_other(kinds[column], target, c, end, row))) return NULL;          \
    c = after
#define PARSE_CSV_DECIMAL(column, target)                                                                             \
    row->decimals[target] = 8;                                                                                        \
    PARSE_CSV_CELL(parse_csv_price(c, &row->value[target]), column, target)
    PARSE_CSV_CELL(parse_csv_time(c, &row->value[KL__PT_TIME], &row->unit), 0, KL__PT_TIME);
    PARSE_CSV_DECIMAL(1, KL__PT_OPEN);
    PARSE_CSV_DECIMAL(2, KL__PT_HIGH);
    PARSE_CSV_DECIMAL(3, KL__PT_LOW);
    PARSE_CSV_DECIMAL(4, KL__PT_CLOSE);
    PARSE_CSV_DECIMAL(5, KL__PT_VOLUME);
    PARSE_CSV_CELL(parse_csv_time(c, &row->value[KL__PT_CLOSE_TIME], &unused), 6, KL__PT_CLOSE_TIME);
    PARSE_CSV_DECIMAL(7, KL__PT_QUOTE);
    PARSE_CSV_CELL(parse_csv_count(c, &row->value[KL__PT_COUNT]), 8, KL__PT_COUNT);
    PARSE_CSV_DECIMAL(9, KL__PT_TAKER_BASE);
    PARSE_CSV_DECIMAL(10, KL__PT_TAKER_QUOTE);
#undef PARSE_CSV_DECIMAL
#undef PARSE_CSV_CELL
    c = parse_csv_skip(c, end);
    return KL__UNLIKELY(c == NULL || c == end) ? NULL : parse_csv_line_end(c, end);
}

kl_status kl__parse_csv_fast(kl_parser *p, const char **text, const char *end, kl_error *error) {
    kl__parse_row row;
    const char *c = *text;
    kl_status status = KL_OK;
    const int is_exchange = p->layout.is_exchange;
    row.have = p->layout.have, row.wide = 0, row.closed = -1, row.as_of = 0;
    while (c != end) {
        const char *after = is_exchange ? parse_csv_row_exchange(c, end, &row) : parse_csv_row(&p->layout, c, end, &row);
        if (after == NULL || (size_t)(after - c) > p->line_max) break;
        kl_error why;
        c = after, row.line = ++p->line, p->counts.lines++;
        status = kl__parse_emit(p, &row, &why);
        if (KL__UNLIKELY(status < 0) && (status = kl__parse_bad(p, &why, error)) < 0) break;
    }
    *text = c;
    return status;
}
