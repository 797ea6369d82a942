/* The push parser: options, memory, and the bytes of any chunk -> complete lines. Lines that lie whole in a chunk are read where
 * they are; only one that is torn between chunks goes through the carry buffer. */
#include "base/size.h"
#include "clean/parse.h"
#include <string.h>

#define PARSE_MAGIC UINT64_C(0x7265737261706c6b)
#define PARSE_LINE_MAX ((size_t)1 << 20)

void kl_parse_options_init(kl_parse_options *options) {
    if (!options) return;
    memset(options, 0, sizeof *options);
    options->struct_size = (uint32_t)sizeof *options;
    options->as_of_us = KL_TIME_NONE;
    options->line_max = PARSE_LINE_MAX;
}

static int parse_options_are_good(const kl_parse_options *o) {
    return o && o->struct_size == sizeof *o && o->format >= KL_FORMAT_AUTO && o->format <= KL_FORMAT_STREAM_JSON &&
           o->utc_offset_minutes > -24 * 60 && o->utc_offset_minutes < 24 * 60 && o->line_max >= 16 &&
           o->line_max <= (size_t)1 << 30 && (o->as_of_us == KL_TIME_NONE || o->as_of_us >= 0) &&
           (!o->symbol || strlen(o->symbol) < KL_SYMBOL_MAX);
}

enum { PARSE_ALIGN = 16 };

static size_t parse_row_bytes(void) { return sizeof(kl_kline) > sizeof(kl_trade) ? sizeof(kl_kline) : sizeof(kl_trade); }

size_t kl_parser_size(const kl_parse_options *options) {
    if (!parse_options_are_good(options)) return 0;
    return kl__round_up(sizeof(kl_parser), PARSE_ALIGN) + KL__PARSE_BATCH * (parse_row_bytes() + sizeof(int64_t)) +
           kl__round_up(options->line_max + 1, PARSE_ALIGN);
}

kl_status kl_parser_init(void *memory, size_t bytes, const kl_parse_options *options, kl_parser **parser) {
    if (!memory || !parser || !parse_options_are_good(options)) return KL_E_ARG;
    if (bytes < kl_parser_size(options)) return KL_E_SIZE;
    kl_parser *p = (kl_parser *)memory;
    memset(p, 0, sizeof *p);
    p->magic = PARSE_MAGIC;
    p->interval = options->interval;
    p->as_of_us = options->as_of_us;
    p->format = options->format;
    p->authority = options->authority;
    p->utc_offset_minutes = options->utc_offset_minutes;
    p->allow_negative_prices = options->allow_negative_prices;
    p->kline_sink = options->klines;
    p->trade_sink = options->trades;
    p->bad_sink = options->bad;
    p->line_max = options->line_max;
    if (options->symbol) kl__parse_symbol_fold(options->symbol, strlen(options->symbol), p->symbol);
    p->interval_given = p->interval.unit != 0;
    p->last_unit = p->held = -1;
    p->max_open = KL_TIME_NONE;
    p->counts.known_all = UINT32_MAX;
    p->rows_at = kl__round_up(sizeof *p, PARSE_ALIGN);
    p->source_at = p->rows_at + KL__PARSE_BATCH * parse_row_bytes();
    p->carry_at = p->source_at + KL__PARSE_BATCH * sizeof(int64_t);
    p->bytes = bytes;
    *parser = p;
    return KL_OK;
}

static kl_status parse_stop(kl_parser *p, const kl_error *why, kl_error *error) {
    p->failed = why->code;
    if (error) *error = *why;
    return why->code;
}

kl_status kl__parse_bad(kl_parser *p, const kl_error *why, kl_error *error) {
    if (p->failed < 0 || why->code == KL_E_FORMAT) return parse_stop(p, why, error);
    p->counts.bad_rows++;
    if (!p->bad_sink.bad) return parse_stop(p, why, error);
    kl_status status = p->bad_sink.bad(p->bad_sink.ctx, why);
    if (status >= 0) return KL_OK;
    p->failed = status;
    if (error) *error = *why, error->code = status;
    return status;
}

/* ---- lines */

static uint64_t parse_hash(const char *text, size_t n) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++) hash = (hash ^ (uint8_t)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static int parse_is_blank(const char *text, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (text[i] != ' ' && text[i] != '\t') return 0;
    return 1;
}

/* The first line is but a bracket: one object over many lines. It becomes an element that is torn after its first byte. */
static void parse_root_object(kl_parser *p) {
    p->mode = KL__PARSE_ELEMENTS;
    p->enclosed = 0, p->depth = 1, p->expect = KL__PARSE_TORN;
    kl__parse_carry(p)[0] = '{', p->carry_n = 1;
    p->line--, p->counts.lines--;
}

static kl_status parse_dispatch(kl_parser *p, const char *text, size_t n, int torn, kl_error *why) {
    const char *nul = n ? memchr(text, 0, n) : NULL;
    if (nul) {
        int64_t column = 1;
        for (const char *c = text; c < nul; c++) column += *c == ',';
        return kl__fail(why, KL_E_TEXT, 0, p->line, column, "a NUL byte in the line");
    }
    if (!p->layout_known) {
        int is_header = 0;
        if (p->format == KL_FORMAT_AUTO && n == 1 && *text == '{' && !torn) return parse_root_object(p), KL_OK;
        kl_status status = kl__parse_detect_line(p, text, n, &is_header, why);
        if (status < 0) return p->failed = status; /* without a layout no later row can be read */
        if (is_header) {
            p->header_hash = parse_hash(text, n), p->header_length = n;
            p->counts.passed_over++;
            return KL_OK;
        }
    } else if (n == p->header_length && n > 0 && parse_hash(text, n) == p->header_hash) {
        p->counts.passed_over++; /* files put one after another */
        return KL_OK;
    }
    int is_csv = p->counts.format >= KL_FORMAT_KLINE_CSV && p->counts.format <= KL_FORMAT_AGG_TRADE_CSV;
    return is_csv ? kl__parse_csv_line(p, text, n, torn, why) : kl__parse_stream_line(p, text, n, torn, why);
}

static kl_status parse_overlong(kl_parser *p, kl_error *error) {
    kl_error why;
    kl__fail(&why, KL_E_LINE, 0, p->line, 0, "the line is longer than %lu bytes", (unsigned long)p->line_max);
    return kl__parse_bad(p, &why, error);
}

kl_status kl__parse_line(kl_parser *p, const char *text, size_t n, int torn, kl_error *error) {
    kl_error why;
    p->line++, p->counts.lines++;
    if (n > 0 && text[n - 1] == '\r') n--;
    if (n > p->line_max) return parse_overlong(p, error);
    if (parse_is_blank(text, n)) return p->counts.passed_over++, KL_OK;
    return parse_dispatch(p, text, n, torn, &why) < 0 ? kl__parse_bad(p, &why, error) : KL_OK;
}

/* The bytes up to a newline (newline 1) or up to the end of the chunk are added to the torn line. */
static kl_status parse_carry(kl_parser *p, const char *text, size_t n, int newline, kl_error *error) {
    if (!p->overlong) {
        if (n > p->line_max + 1 - p->carry_n) {
            p->line++, p->counts.lines++;
            p->carry_n = 0, p->overlong = 1;
            KL__TRY(parse_overlong(p, error));
        } else {
            memcpy(kl__parse_carry(p) + p->carry_n, text, n);
            p->carry_n += n;
        }
    }
    if (!newline) return KL_OK;
    if (p->overlong) return p->overlong = 0, KL_OK;
    n = p->carry_n, p->carry_n = 0;
    return kl__parse_line(p, kl__parse_carry(p), n, 0, error);
}

static kl_status parse_lines(kl_parser *p, const char **from, const char *end, kl_error *error) {
    const char *text = *from;
    while (text != end && p->mode == KL__PARSE_LINES) {
        if (p->carry_n == 0 && !p->overlong && p->layout_known && p->layout.fast) {
            KL__TRY(kl__parse_csv_fast(p, &text, end, error));
            if (text == end) break;
        }
        const char *newline = memchr(text, '\n', (size_t)(end - text)), *stop = newline ? newline : end;
        size_t n = (size_t)(stop - text);
        if (!newline || p->carry_n > 0 || p->overlong) {
            KL__TRY(parse_carry(p, text, n, newline != NULL, error));
        } else {
            KL__TRY(kl__parse_line(p, text, n, 0, error));
        }
        text = newline ? newline + 1 : end;
    }
    *from = text;
    return KL_OK;
}

/* ---- the first bytes */

static kl_status parse_choose_mode(kl_parser *p, char first, kl_error *error) {
    int is_json = p->format == KL_FORMAT_ROW_JSON || p->format == KL_FORMAT_OBJECT_JSON;
    p->mode = is_json || (p->format == KL_FORMAT_AUTO && first == '[') ? KL__PARSE_ELEMENTS : KL__PARSE_LINES;
    p->enclosed = first == '[';
    if (is_json && first == '[') return KL_OK;
    if (is_json && first != '{')
        return p->failed = kl__fail(error, KL_E_FORMAT, 0, 1, 0, "the text does not begin as JSON");
    return KL_OK;
}

static kl_status parse_start(kl_parser *p, const char **text, const char *end, kl_error *error) {
    static const unsigned char mark[3] = {0xEF, 0xBB, 0xBF};
    for (; *text != end; ++*text) {
        unsigned char c = (unsigned char)**text;
        if (p->bom < 3 && c == mark[p->bom]) {
            p->bom++;
            continue;
        }
        if ((p->bom > 0 && p->bom < 3) || c >= 0xFE) {
            kl_error why;
            kl__fail(&why, KL_E_FORMAT, 0, 1, 0, "neither ASCII nor UTF-8: the text begins with byte 0x%02x", c);
            return parse_stop(p, &why, error);
        }
        p->bom = 3;
        if (c == '\n') p->line++, p->counts.lines++, p->counts.passed_over++;
        if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
        KL__TRY(parse_choose_mode(p, (char)c, error));
        if (p->mode == KL__PARSE_ELEMENTS && p->enclosed) ++*text; /* the array's own bracket */
        return KL_OK;
    }
    return KL_OK;
}

/* Behind the closing bracket only blanks may follow. */
static kl_status parse_after(kl_parser *p, const char *text, const char *end, kl_error *error) {
    text = kl__parse_json_blank(text, end);
    if (text == end) return KL_OK;
    return p->failed = kl__fail(error, *text ? KL_E_JSON : KL_E_TEXT, 0, p->line, 0, "byte 0x%02x after the end of the JSON text",
                                (unsigned)(uint8_t)*text);
}

static kl_status parse_push(kl_parser *p, const char *text, const char *end, kl_error *error) {
    if (p->mode == KL__PARSE_START) KL__TRY(parse_start(p, &text, end, error));
    if (p->mode == KL__PARSE_LINES) KL__TRY(parse_lines(p, &text, end, error));
    if (p->mode == KL__PARSE_ELEMENTS) KL__TRY(kl__parse_elements(p, &text, end, error));
    if (p->mode == KL__PARSE_AFTER) KL__TRY(parse_after(p, text, end, error));
    return KL_OK;
}

kl_status kl_parser_push(kl_parser *parser, const char *text, size_t length, kl_error *error) {
    if (!parser || parser->magic != PARSE_MAGIC) return kl__fail(error, KL_E_ARG, 1, 0, 0, "no parser");
    if (!text && length) return kl__fail(error, KL_E_ARG, 2, 0, 0, "no text");
    if (parser->failed < 0 || parser->finished)
        return kl__fail(error, KL_E_STATE, 1, 0, 0, "the parser has finished or failed");
    if (length == 0) return KL_OK;
    parser->counts.bytes += length;
    kl_status status = parse_push(parser, text, text + length, error);
    if (status < 0) return status;
    return kl__parse_flush(parser, 0, error);
}

kl_status kl_parser_finish(kl_parser *parser, kl_error *error) {
    if (!parser || parser->magic != PARSE_MAGIC) return kl__fail(error, KL_E_ARG, 1, 0, 0, "no parser");
    if (parser->finished) return kl__fail(error, KL_E_STATE, 1, 0, 0, "the parser has finished");
    kl_parser *p = parser;
    kl_status failed = p->failed, status = KL_OK;
    p->finished = 1;
    if (failed == KL_OK && p->mode == KL__PARSE_LINES && p->carry_n > 0) {
        size_t n = p->carry_n;
        p->carry_n = 0;
        status = kl__parse_line(p, kl__parse_carry(p), n, 1, error);
    }
    if (failed == KL_OK && p->mode == KL__PARSE_ELEMENTS && (p->enclosed || p->expect == KL__PARSE_TORN)) {
        kl_error why;
        kl__fail(&why, KL_E_TRUNCATED, 0, p->line + (p->expect != KL__PARSE_COMMA), 0, "the text ends inside the JSON array");
        status = kl__parse_bad(p, &why, error);
    }
    kl_error ignored;
    kl_status flushed = p->receiver_stopped ? KL_OK : kl__parse_flush(p, 1, status < 0 ? &ignored : error);
    if (failed < 0) return kl__fail(error, failed, 0, p->line, 0, "the parser had stopped: %s", kl_status_text(failed));
    if (status < 0) return status;
    KL__TRY(flushed);
    if (p->counts.rows + p->counts.bad_rows == 0)
        return kl__fail(error, p->failed = KL_E_EMPTY, 0, 0, 0, "%s", kl_status_text(KL_E_EMPTY));
    return KL_OK;
}

void kl_parser_counts(const kl_parser *parser, kl_parse_counts *counts) {
    if (!parser || !counts || parser->magic != PARSE_MAGIC) return;
    *counts = parser->counts;
    if (counts->known_any == 0) counts->known_all = 0;
}
