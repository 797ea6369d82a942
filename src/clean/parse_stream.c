/* Recorded stream events, one JSON object a line, alone or after a receive time; alone or in {"stream":..,"data":..}. */
#include "clean/parse.h"
#include <string.h>

enum { PARSE_STREAM_OTHER = 0, PARSE_STREAM_KLINE, PARSE_STREAM_TRADE, PARSE_STREAM_AGGREGATE };

typedef struct {
    char name;
    uint8_t target;
} parse_stream_field;

static const parse_stream_field parse_stream_kline[] = {
    {'t', KL__PT_TIME}, {'T', KL__PT_CLOSE_TIME}, {'o', KL__PT_OPEN}, {'c', KL__PT_CLOSE}, {'h', KL__PT_HIGH},
    {'l', KL__PT_LOW}, {'v', KL__PT_VOLUME}, {'n', KL__PT_COUNT}, {'q', KL__PT_QUOTE}, {'V', KL__PT_TAKER_BASE},
    {'Q', KL__PT_TAKER_QUOTE}, {'f', KL__PT_FIRST_ID}, {'L', KL__PT_LAST_ID}, {0, 0}};
static const parse_stream_field parse_stream_trade[] = {
    {'t', KL__PT_ID}, {'p', KL__PT_PRICE}, {'q', KL__PT_QUANTITY}, {'T', KL__PT_TIME}, {'m', KL__PT_MAKER}, {0, 0}};
static const parse_stream_field parse_stream_aggregate[] = {
    {'a', KL__PT_AGG_ID}, {'p', KL__PT_PRICE}, {'q', KL__PT_QUANTITY}, {'f', KL__PT_FIRST_ID}, {'l', KL__PT_LAST_ID},
    {'T', KL__PT_TIME}, {'m', KL__PT_MAKER}, {0, 0}};

static int parse_stream_kind(kl__parse_span name) {
    static const char *const names[] = {"kline", "trade", "aggTrade"};
    for (int i = 0; i < 3; i++)
        if (strlen(names[i]) == name.n && memcmp(names[i], name.text, name.n) == 0) return PARSE_STREAM_KLINE + i;
    return PARSE_STREAM_OTHER;
}

static int parse_stream_is(const kl__parse_member *member, char name) {
    return member->name.n == 1 && member->name.text[0] == name;
}

/* The members of an event that matter besides the fields of its row. */
typedef struct {
    kl__parse_member symbol, interval, closed, event_time;
} parse_stream_extra;

static kl_status parse_stream_fields(kl_parser *p, kl__parse_span object, const parse_stream_field *fields, kl__parse_row *row,
                                     parse_stream_extra *extra, kl_error *error) {
    const char *c = object.text + 1, *end = object.text + object.n;
    kl__parse_member member;
    int found, index = 0;
    uint32_t needed = kl__parse_needed(fields == parse_stream_kline ? KL_CONTENT_KLINES : KL_CONTENT_TRADES);
    while ((c = kl__parse_json_next(c, end, 1, &member, &found)) != NULL && found) {
        index++;
        if (parse_stream_is(&member, 's')) extra->symbol = member;
        if (parse_stream_is(&member, 'i')) extra->interval = member;
        if (parse_stream_is(&member, 'x')) extra->closed = member;
        if (parse_stream_is(&member, 'E')) extra->event_time = member;
        if (row == NULL || member.name.n != 1) continue;
        for (size_t i = 0; fields[i].name; i++)
            if (member.name.text[0] == fields[i].name && !(row->have & KL__PT_BIT(fields[i].target)))
                KL__TRY(kl__parse_cell(p, row, fields[i].target, member.value.text, member.value.n, index, error));
    }
    if (row == NULL || !(needed & ~row->have)) return KL_OK;
    for (int t = 0; t < KL__PT_N; t++)
        if ((needed & ~row->have) & KL__PT_BIT(t))
            return kl__fail(error, KL_E_COLUMNS, 0, p->line, 0, "the event has no %s", kl__parse_target_name(t));
    return KL_OK;
}

/* KL_OK: wanted; KL_END: of another symbol or interval, passed over. */
static kl_status parse_stream_wanted(kl_parser *p, const parse_stream_extra *extra, kl_error *error) {
    if (extra->symbol.value.n && kl__parse_symbol(p, extra->symbol.value.text, extra->symbol.value.n) < 0) return KL_END;
    if (!extra->interval.value.n) return KL_OK;
    kl_interval interval;
    if (kl_interval_parse(extra->interval.value.text, extra->interval.value.n, &interval) < 0)
        return kl__fail(error, KL_E_INTERVAL, 0, p->line, 0, "an interval that is not known");
    if (p->interval.unit == 0) return p->interval = interval, KL_OK;
    if (interval.unit == p->interval.unit && interval.n == p->interval.n) return KL_OK;
    if (p->interval_given) return KL_END;
    return kl__fail(error, KL_E_INTERVAL, 0, p->line, 0, "klines of several intervals in one source, and none was asked for");
}

static kl_status parse_stream_row(kl_parser *p, int kind, kl__parse_span root, kl__parse_span body, kl_error *error) {
    parse_stream_extra extra;
    kl__parse_row row;
    memset(&extra, 0, sizeof extra);
    const parse_stream_field *fields = kind == PARSE_STREAM_KLINE   ? parse_stream_kline
                                       : kind == PARSE_STREAM_TRADE ? parse_stream_trade
                                                                    : parse_stream_aggregate;
    KL__TRY(parse_stream_fields(p, root, fields, NULL, &extra, error));
    if (body.text != root.text) {
        kl__parse_member event_time = extra.event_time;
        KL__TRY(parse_stream_fields(p, body, fields, NULL, &extra, error));
        if (event_time.value.n) extra.event_time = event_time;
    }
    kl_status wanted = parse_stream_wanted(p, &extra, error);
    if (wanted != KL_OK) return wanted;
    KL__TRY(kl__parse_set_content(p, kind == PARSE_STREAM_KLINE ? KL_CONTENT_KLINES : KL_CONTENT_TRADES, error));
    row.have = row.wide = 0, row.unit = 0, row.line = p->line, row.as_of = 0, row.closed = -1;
    KL__TRY(parse_stream_fields(p, body, fields, &row, &extra, error));
    if (extra.closed.value.n) row.closed = extra.closed.kind == 't';
    if (kind == PARSE_STREAM_KLINE && extra.event_time.value.n) {
        kl__parse_row said;
        said.have = said.wide = 0;
        KL__TRY(kl__parse_cell(p, &said, KL__PT_CLOSE_TIME, extra.event_time.value.text, extra.event_time.value.n, 0, error));
        row.as_of = (kl_time)said.value[KL__PT_CLOSE_TIME];
    }
    return kl__parse_emit(p, &row, error);
}

kl_status kl__parse_event(kl_parser *p, kl__parse_span object, kl_error *error) {
    kl__parse_member member;
    if (kl__parse_json_find(object, "data", &member) && member.kind == '{') object = member.value;
    if (!kl__parse_json_find(object, "e", &member) || member.kind != '"') return KL_END;
    int kind = parse_stream_kind(member.value);
    if (p->counts.format == KL_FORMAT_AUTO || p->counts.format == KL_FORMAT_OBJECT_JSON) {
        p->counts.format = KL_FORMAT_STREAM_JSON;
        p->layout_known = 1;
    }
    kl__parse_span body = object;
    if (kind == PARSE_STREAM_OTHER) return KL_END;
    if (kind == PARSE_STREAM_KLINE) {
        if (!kl__parse_json_find(object, "k", &member) || member.kind != '{')
            return kl__fail(error, KL_E_COLUMNS, 0, p->line, 0, "the kline event has no member k");
        body = member.value;
    } else { /* trades and aggregates are the same trades twice: the kind that comes first is taken */
        if (p->trade_event && p->trade_event != kind) return KL_END;
        p->trade_event = kind;
        p->aggregates = kind == PARSE_STREAM_AGGREGATE;
    }
    return parse_stream_row(p, kind, object, body, error);
}

/* Told by its first bytes that the event is of another kind, without reading all of it (order books are long). */
static int parse_stream_is_other(const char *text, size_t n) {
    static const char stream[] = "{\"stream\":\"", event[] = "{\"e\":\"";
    kl__parse_span name;
    const char *from, *stop;
    if (n > sizeof stream && memcmp(text, stream, sizeof stream - 1) == 0) {
        from = memchr(text, '@', n < 80 ? n : 80);
        if (!from) return 0;
        from++;
        stop = from;
        while (stop < text + n && *stop != '"' && *stop != '_' && *stop != '@' && *stop != '\\') stop++;
    } else if (n > sizeof event && memcmp(text, event, sizeof event - 1) == 0) {
        from = stop = text + sizeof event - 1;
        while (stop < text + n && *stop != '"' && *stop != '\\') stop++;
    } else {
        return 0;
    }
    name.text = from, name.n = (size_t)(stop - from);
    return stop < text + n && name.n > 0 && *stop != '\\' && parse_stream_kind(name) == PARSE_STREAM_OTHER;
}

kl_status kl__parse_stream_line(kl_parser *p, const char *text, size_t n, int torn, kl_error *error) {
    size_t i = 0;
    while (i < n && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.' || text[i] == ':' || text[i] == ' ')) i++;
    while (n > i && (text[n - 1] == ' ' || text[n - 1] == '\t')) n--;
    if (i == n || text[i] != '{' || parse_stream_is_other(text + i, n - i)) return p->counts.passed_over++, KL_OK;
    kl__parse_span object = {text + i, n - i};
    if (kl__parse_json_value(object.text, object.text + object.n, 0) != object.text + object.n)
        return torn ? kl__fail(error, KL_E_TRUNCATED, 0, p->line, 0, "the text ends in the middle of an event")
                    : kl__fail(error, KL_E_JSON, 0, p->line, 0, "the event is malformed");
    kl_status status = kl__parse_event(p, object, error);
    if (status == KL_END && p->format != KL_FORMAT_STREAM_JSON && kl__parse_object_is_row(object)) {
        if (p->counts.rows == 0) p->counts.format = KL_FORMAT_OBJECT_JSON; /* JSON lines, as our export writes them */
        status = p->counts.format == KL_FORMAT_OBJECT_JSON ? kl__parse_object(p, object, error) : KL_END;
    }
    if (status == KL_END) return p->counts.passed_over++, KL_OK;
    return status;
}
