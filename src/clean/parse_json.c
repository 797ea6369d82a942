/* A JSON array of rows, over any cut of the text: each element is an array or an object, and is read where it lies when it lies
 * whole in the chunk. Arrays of plain cells have a fast way, as CSV rows do. */
#include "base/digits.h"
#include "clean/parse.h"
#include <string.h>

/* ---- arrays as rows */

static kl_status parse_json_array_layout(kl_parser *p, const kl__parse_member *cells, int n, kl_error *error) {
    static const uint8_t klines[12] = {KL__PT_TIME,  KL__PT_OPEN,       KL__PT_HIGH,        KL__PT_LOW,
                                       KL__PT_CLOSE, KL__PT_VOLUME,     KL__PT_CLOSE_TIME,  KL__PT_QUOTE,
                                       KL__PT_COUNT, KL__PT_TAKER_BASE, KL__PT_TAKER_QUOTE, KL__PT_SKIP};
    static const uint8_t trades[7] = {KL__PT_TIME,  KL__PT_ID,       KL__PT_SKIP, KL__PT_SIDE,
                                      KL__PT_PRICE, KL__PT_QUANTITY, KL__PT_SKIP};
    int is_trade = n >= 6 && n <= 7 && cells[3].kind == '"' && (cells[3].value.n >= 3 && (cells[3].value.text[0] | 32) >= 'a');
    if (!is_trade && (n < 6 || n > 12))
        return kl__fail(error, KL_E_FORMAT, 0, p->line, 0, "arrays of %d cells: neither candles (6 to 12) nor trades", n);
    if (!is_trade && n > 6 && cells[6].value.n < 10)
        return kl__fail(error, KL_E_FORMAT, 0, p->line, 7, "arrays of %d cells whose 7th is no close time", n);
    p->counts.format = KL_FORMAT_ROW_JSON;
    KL__TRY(kl__parse_set_content(p, is_trade ? KL_CONTENT_TRADES : KL_CONTENT_KLINES, error));
    kl__parse_layout_columns(p, is_trade ? trades : klines, n);
    return KL_OK;
}

static void parse_json_row_init(const kl_parser *p, kl__parse_row *row) {
    row->have = row->wide = 0, row->closed = -1, row->as_of = 0, row->unit = 0, row->line = p->line;
}

static kl_status parse_json_array(kl_parser *p, kl__parse_span text, kl_error *error) {
    kl__parse_member cells[KL__PARSE_COLUMNS];
    const char *c = text.text + 1, *end = text.text + text.n;
    int n = 0, found = 1;
    while (n < KL__PARSE_COLUMNS && (c = kl__parse_json_next(c, end, 0, &cells[n], &found)) != NULL && found) n++;
    if (!p->layout_known) {
        kl_status status = parse_json_array_layout(p, cells, n, error);
        if (status < 0) return p->failed = status;
    }
    if (n != p->layout.columns)
        return kl__fail(error, KL_E_COLUMNS, 0, p->line, n < p->layout.columns ? n : p->layout.columns + 1, "%d cells instead of %d",
                        n, p->layout.columns);
    kl__parse_row row;
    parse_json_row_init(p, &row);
    for (int i = 0; i < n; i++) {
        if (cells[i].kind == '[' || cells[i].kind == '{')
            return kl__fail(error, KL_E_NUMBER, 0, p->line, i + 1, "an array or object stands where a value belongs");
        KL__TRY(kl__parse_cell(p, &row, p->layout.target[i], cells[i].value.text, cells[i].value.n, i + 1, error));
    }
    return kl__parse_emit(p, &row, error);
}

/* One plain row, '[' at c: the byte after its ']', or NULL where it is not plain, or not all there. */
static const char *parse_json_fast_row(const kl__parse_layout *layout, const char *c, const char *end, kl__parse_row *row) {
    const int last = layout->columns - 1;
    c++;
    for (int i = 0;; i++) {
        const int target = layout->target[i];
        while (c != end && *c == ' ') c++;
        if (c == end) return NULL;
        const int quoted = *c == '"';
        c += quoted;
        if (!quoted && *c == '0' && c + 1 != end && c[1] >= '0' && c[1] <= '9') return NULL; /* no JSON number */
        switch (layout->kind[i]) {
        case KL__PK_DECIMAL: c = kl__digits_parse(c, end, &row->value[target], &row->decimals[target]); break;
        case KL__PK_INTEGER: c = kl__digits_integer(c, end, &row->value[target]); break;
        case KL__PK_TIME: {
            int32_t unit = 0;
            kl_time time = 0;
            uint64_t value;
            c = kl__digits_integer(c, end, &value);
            if (c == NULL || kl__parse_epoch(value, &time, &unit) < 0) return NULL;
            row->value[target] = (uint64_t)time;
            if (target == KL__PT_TIME) row->unit = unit;
            if (KL__UNLIKELY(time == KL_TIME_MAX)) return NULL; /* an open time of it is an error */
            break;
        }
        default:
            if (!quoted || target != KL__PT_SKIP) return NULL; /* REST: "0"; numbers and words go the careful way */
            while (c != end && ((*c >= '0' && *c <= '9') || *c == '.')) c++;
            break;
        }
        if (c == NULL || c == end) return NULL;
        if (quoted && (*c++ != '"' || c == end)) return NULL;
        if (i == last) break;
        if (*c++ != ',') return NULL;
    }
    return *c == ']' ? c + 1 : NULL;
}

/* ---- objects as rows */

static uint32_t parse_json_targets(kl__parse_span object, int32_t content) {
    const char *c = object.text + 1, *end = object.text + object.n;
    kl__parse_member member;
    uint32_t have = 0;
    int found;
    while ((c = kl__parse_json_next(c, end, 1, &member, &found)) != NULL && found) {
        if (member.kind == '[' || member.kind == '{') continue;
        have |= KL__PT_BIT(kl__parse_name(member.name.text, member.name.n, content));
    }
    return have;
}

/* The content that the names of the object tell. */
static int32_t parse_json_content(kl__parse_span object) {
    for (int32_t content = KL_CONTENT_KLINES; content <= KL_CONTENT_TRADES; content++) {
        uint32_t needed = kl__parse_needed(content);
        if ((parse_json_targets(object, content) & needed) == needed) return content;
    }
    return KL_CONTENT_UNKNOWN;
}

int kl__parse_object_is_row(kl__parse_span object) {
    kl__parse_member info;
    if (kl__parse_json_find(object, "info", &info) && info.kind == '{' && parse_json_content(info.value)) return 1;
    return parse_json_content(object) != KL_CONTENT_UNKNOWN;
}

static kl_status parse_json_members(kl_parser *p, kl__parse_span object, uint32_t wanted, kl__parse_row *row, kl_error *error) {
    const char *c = object.text + 1, *end = object.text + object.n;
    kl__parse_member member;
    int found, index = 0;
    uint32_t seen = 0;
    while ((c = kl__parse_json_next(c, end, 1, &member, &found)) != NULL && found) {
        index++;
        int target = kl__parse_name(member.name.text, member.name.n, p->content);
        if (!target || !(wanted & KL__PT_BIT(target)) || (seen & KL__PT_BIT(target))) continue;
        if (member.kind == '[' || member.kind == '{') continue;
        seen |= KL__PT_BIT(target);
        KL__TRY(kl__parse_cell(p, row, target, member.value.text, member.value.n, index, error));
    }
    uint32_t missing = kl__parse_needed(p->content) & wanted & ~seen;
    for (int t = 0; missing && t < KL__PT_N; t++)
        if (missing & KL__PT_BIT(t))
            return kl__fail(error, KL_E_COLUMNS, 0, p->line, 0, "the object has no member for %s", kl__parse_target_name(t));
    return KL_OK;
}

kl_status kl__parse_object(kl_parser *p, kl__parse_span object, kl_error *error) {
    kl__parse_member info;
    kl__parse_row row;
    int has_info = kl__parse_json_find(object, "info", &info) && info.kind == '{';
    if (!p->layout_known || !p->content) {
        int32_t content = has_info ? parse_json_content(info.value) : KL_CONTENT_UNKNOWN;
        p->object_info = content != KL_CONTENT_UNKNOWN;
        if (!content) content = parse_json_content(object);
        if (!content) {
            p->failed = KL_E_FORMAT;
            return kl__fail(error, KL_E_FORMAT, 0, p->line, 0, "the object's members name neither candles nor trades");
        }
        if (p->counts.format == KL_FORMAT_AUTO) p->counts.format = KL_FORMAT_OBJECT_JSON;
        KL__TRY(kl__parse_set_content(p, content, error));
        p->layout_known = 1;
    }
    const uint32_t targets = parse_json_targets(p->object_info && has_info ? info.value : object, p->content);
    p->layout.own_export |= (targets & KL__PT_BIT(KL__PT_FLAGS)) != 0;
    p->aggregates |= (targets & KL__PT_BIT(KL__PT_AGG_ID)) != 0;
    parse_json_row_init(p, &row);
    if (!p->object_info) {
        KL__TRY(parse_json_members(p, object, UINT32_MAX, &row, error));
    } else { /* the exchange's own members are exact; the wrapper's say the symbol */
        if (!has_info) return kl__fail(error, KL_E_COLUMNS, 0, p->line, 0, "the object has no member info");
        KL__TRY(parse_json_members(p, object, KL__PT_BIT(KL__PT_SYMBOL), &row, error));
        KL__TRY(parse_json_members(p, info.value, ~KL__PT_BIT(KL__PT_SYMBOL), &row, error));
    }
    return kl__parse_emit(p, &row, error);
}

/* ---- elements */

static kl_status parse_json_dispatch(kl_parser *p, const char *text, size_t n, kl_error *why) {
    const char *nul = memchr(text, 0, n);
    if (nul) return kl__fail(why, KL_E_TEXT, 0, p->line, 0, "a NUL byte in the element");
    if (kl__parse_json_value(text, text + n, 0) != text + n)
        return kl__fail(why, KL_E_JSON, 0, p->line, 0, "the element is malformed");
    kl__parse_span span = {text, n};
    if (*text == '[') {
        if (p->layout_known && p->counts.format != KL_FORMAT_ROW_JSON)
            return kl__fail(why, KL_E_COLUMNS, 0, p->line, 0, "an array among objects");
        return parse_json_array(p, span, why);
    }
    if (p->counts.format == KL_FORMAT_ROW_JSON) return kl__fail(why, KL_E_COLUMNS, 0, p->line, 0, "an object among arrays");
    kl_status status = kl__parse_event(p, span, why);
    if (status != KL_END) return status;
    if (p->counts.format == KL_FORMAT_STREAM_JSON) return p->counts.passed_over++, KL_OK;
    return kl__parse_object(p, span, why);
}

static kl_status parse_json_element(kl_parser *p, const char *text, size_t n, kl_error *error) {
    kl_error why;
    p->line++, p->counts.lines++;
    if (n > p->line_max) {
        kl__fail(&why, KL_E_LINE, 0, p->line, 0, "the element is longer than %lu bytes", (unsigned long)p->line_max);
        return kl__parse_bad(p, &why, error);
    }
    return parse_json_dispatch(p, text, n, &why) < 0 ? kl__parse_bad(p, &why, error) : KL_OK;
}

static kl_status parse_json_broken(kl_parser *p, char c, kl_error *error) {
    kl__fail(error, c ? KL_E_JSON : KL_E_TEXT, 0, p->line + (p->expect != KL__PARSE_COMMA), 0,
             c ? "byte 0x%02x stands where an element, a comma or the end of the array belongs" : "a NUL byte (0x%02x) between elements",
             (unsigned)(uint8_t)c);
    return p->failed = c ? KL_E_JSON : KL_E_TEXT;
}

/* From inside an element to the byte after its last bracket; `end` where it goes on in the next chunk. */
static const char *parse_json_frame(kl_parser *p, const char *c, const char *end) {
    int depth = p->depth, in_string = p->in_string, escaped = p->escaped;
    for (; c != end; c++) {
        if (in_string) {
            if (escaped) escaped = 0;
            else if (*c == '\\') escaped = 1;
            else if (*c == '"') in_string = 0;
        } else if (*c == '"') {
            in_string = 1;
        } else if (*c == '[' || *c == '{') {
            depth++;
        } else if ((*c == ']' || *c == '}') && --depth == 0) {
            c++;
            break;
        }
    }
    p->depth = depth, p->in_string = in_string, p->escaped = escaped;
    return c;
}

/* An element that begins or goes on at *text. */
static kl_status parse_json_torn(kl_parser *p, const char **text, const char *end, kl_error *error) {
    const char *start = *text, *after = parse_json_frame(p, start, end);
    size_t n = (size_t)(after - start);
    *text = after;
    if (p->expect != KL__PARSE_TORN && p->depth == 0) {
        p->expect = KL__PARSE_COMMA;
        return parse_json_element(p, start, n, error);
    }
    p->expect = p->depth == 0 ? KL__PARSE_COMMA : KL__PARSE_TORN;
    if (!p->overlong && n > p->line_max + 1 - p->carry_n) p->overlong = 1;
    if (!p->overlong) {
        memcpy(kl__parse_carry(p) + p->carry_n, start, n);
        p->carry_n += n;
    }
    if (p->depth != 0) return KL_OK;
    n = p->overlong ? p->line_max + 1 : p->carry_n;
    p->overlong = 0, p->carry_n = 0;
    return parse_json_element(p, kl__parse_carry(p), n, error);
}

static kl_status parse_json_fast(kl_parser *p, const char **text, const char *end, kl__parse_row *row, kl_error *error) {
    kl_error why;
    const char *after = parse_json_fast_row(&p->layout, *text, end, row);
    if (after == NULL || (size_t)(after - *text) > p->line_max) return KL_MORE;
    *text = after;
    p->expect = KL__PARSE_COMMA;
    p->line++, p->counts.lines++;
    row->line = p->line;
    return kl__parse_emit(p, row, &why) < 0 ? kl__parse_bad(p, &why, error) : KL_OK;
}

kl_status kl__parse_elements(kl_parser *p, const char **text, const char *end, kl_error *error) {
    kl__parse_row row;
    parse_json_row_init(p, &row);
    const char *c = *text;
    while (c != end && p->mode == KL__PARSE_ELEMENTS) {
        if (p->expect == KL__PARSE_TORN) {
            KL__TRY(parse_json_torn(p, &c, end, error));
            continue;
        }
        c = kl__parse_json_blank(c, end);
        if (c == end) break;
        if (p->enclosed && *c == ']' && p->expect != KL__PARSE_NEXT) {
            p->mode = KL__PARSE_AFTER;
        } else if (p->enclosed && *c == ',' && p->expect == KL__PARSE_COMMA) {
            p->expect = KL__PARSE_NEXT;
        } else if ((*c == '[' || *c == '{') && (p->expect != KL__PARSE_COMMA || !p->enclosed)) {
            if (*c == '[' && p->layout_known && p->counts.format == KL_FORMAT_ROW_JSON) {
                row.have = p->layout.have;
                kl_status status = parse_json_fast(p, &c, end, &row, error);
                if (status < 0) return status;
                if (status == KL_OK) continue;
            }
            KL__TRY(parse_json_torn(p, &c, end, error));
            continue;
        } else {
            return parse_json_broken(p, *c, error);
        }
        c++;
    }
    *text = c;
    return KL_OK;
}
