/* What a source of lines is, told by its first line: header or not, candles or trades, which column is what. */
#include "clean/parse.h"
#include <string.h>

static int parse_detect_is_digit(char c) { return c >= '0' && c <= '9'; }

/* "1723161253937085768 {", "1633998512.06: {", "{", "wss://..." */
static int parse_detect_is_stream(const char *text, size_t n) {
    if (n > 0 && text[0] == '{') return 1;
    if (n > 5 && (memcmp(text, "wss:/", 5) == 0 || memcmp(text, "ws://", 5) == 0)) return 1;
    size_t i = 0;
    while (i < n && (parse_detect_is_digit(text[i]) || text[i] == '.')) i++;
    if (i == 0) return 0;
    if (i < n && text[i] == ':') i++;
    while (i < n && text[i] == ' ') i++;
    return i < n && text[i] == '{';
}

static int parse_detect_is_bool(kl__parse_span cell) {
    static const char *const words[] = {"true", "false", "True", "False", "TRUE", "FALSE"};
    cell.text = kl__parse_trim(cell.text, &cell.n);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == cell.n && memcmp(words[i], cell.text, cell.n) == 0) return 1;
    return 0;
}

static const uint8_t parse_detect_exchange[12] = {
    KL__PT_TIME,       KL__PT_OPEN,  KL__PT_HIGH,  KL__PT_LOW,        KL__PT_CLOSE,       KL__PT_VOLUME,
    KL__PT_CLOSE_TIME, KL__PT_QUOTE, KL__PT_COUNT, KL__PT_TAKER_BASE, KL__PT_TAKER_QUOTE, KL__PT_SKIP};

void kl__parse_layout_columns(kl_parser *p, const uint8_t *targets, int columns) {
    kl__parse_layout *layout = &p->layout;
    memset(layout, 0, sizeof *layout);
    layout->columns = columns;
    layout->fast = 1;
    for (int i = 0; i < columns; i++) {
        uint8_t target = targets[i];
        layout->target[i] = target;
        layout->kind[i] = kl__parse_kind(target);
        if (layout->kind[i] == KL__PK_SLOW) layout->fast = 0;
        if (target == KL__PT_SKIP) continue;
        layout->have |= KL__PT_BIT(target);
        layout->column_of[target] = (uint8_t)(i + 1);
    }
    layout->is_exchange = columns == 12 && memcmp(targets, parse_detect_exchange, 12) == 0;
    layout->own_export = layout->column_of[KL__PT_FLAGS] != 0;
    p->aggregates = layout->column_of[KL__PT_AGG_ID] != 0;
    p->layout_known = 1;
}

static kl_status parse_detect_no_header(kl_parser *p, const kl__parse_span *cells, int n, kl_error *error) {
    static const uint8_t trades[7] = {KL__PT_ID,   KL__PT_PRICE, KL__PT_QUANTITY, KL__PT_SKIP,
                                      KL__PT_TIME, KL__PT_MAKER, KL__PT_SKIP};
    static const uint8_t aggregates[8] = {KL__PT_AGG_ID,  KL__PT_PRICE, KL__PT_QUANTITY, KL__PT_FIRST_ID,
                                          KL__PT_LAST_ID, KL__PT_TIME,  KL__PT_MAKER,    KL__PT_SKIP};
    static const uint8_t plain[3] = {KL__PT_TIME, KL__PT_PRICE, KL__PT_QUANTITY};
    int32_t format = p->format;
    if (format == KL_FORMAT_AUTO) {
        format = KL_FORMAT_KLINE_CSV;
        if (n == 3) format = KL_FORMAT_TRADE_CSV;
        if ((n == 6 || n == 7) && parse_detect_is_bool(cells[5])) format = KL_FORMAT_TRADE_CSV;
        if ((n == 7 || n == 8) && !parse_detect_is_bool(cells[5]) && parse_detect_is_bool(cells[6]))
            format = KL_FORMAT_AGG_TRADE_CSV;
        if (format == KL_FORMAT_KLINE_CSV && (n < 6 || n > 12))
            return kl__fail(error, KL_E_FORMAT, 0, p->line, 0, "%d columns without header: neither candles (6 to 12) nor trades (3, 6 to 8)", n);
    }
    p->counts.format = format;
    KL__TRY(kl__parse_set_content(p, format == KL_FORMAT_KLINE_CSV ? KL_CONTENT_KLINES : KL_CONTENT_TRADES, error));
    int fits = format == KL_FORMAT_KLINE_CSV     ? n >= 6 && n <= 12
               : format == KL_FORMAT_TRADE_CSV ? n == 3 || n == 6 || n == 7
                                               : n == 7 || n == 8;
    if (!fits) return kl__fail(error, KL_E_COLUMNS, 0, p->line, 0, "%d columns do not fit the format that was asked for", n);
    kl__parse_layout_columns(p, format == KL_FORMAT_KLINE_CSV ? parse_detect_exchange : format == KL_FORMAT_AGG_TRADE_CSV ? aggregates
                                : n == 3 ? plain : trades, n);
    return KL_OK;
}

static void parse_detect_note_unknown(kl_parser *p, kl__parse_span name) {
    char *list = p->counts.unknown_columns;
    size_t used = strlen(list), room = sizeof p->counts.unknown_columns - 1 - used;
    name.text = kl__parse_trim(name.text, &name.n);
    if (name.n == 0 || name.n + 1 > room) return;
    if (used) list[used++] = ',';
    for (size_t i = 0; i < name.n; i++) list[used++] = name.text[i] >= ' ' ? name.text[i] : '?';
    list[used] = 0;
}

static void parse_detect_give(uint8_t *target, int wanted, uint32_t *have) {
    if (*have & KL__PT_BIT(wanted)) return;
    *target = (uint8_t)wanted;
    *have |= KL__PT_BIT(wanted);
}

/* Names that mean a thing only where no plain name does: "Volume BTC", and single letters in capitals. */
static uint32_t parse_detect_rare_names(const kl__parse_span *cells, int n, uint8_t *targets, uint32_t have) {
    for (int i = 0; i < n; i++) {
        int either, target = targets[i] ? 0 : kl__parse_name_volume_of(cells[i].text, cells[i].n, &either);
        if (!target) continue;
        if (either && (have & KL__PT_BIT(KL__PT_VOLUME))) target = KL__PT_QUOTE; /* Volume ETH, Volume BTC */
        parse_detect_give(&targets[i], target, &have);
    }
    for (int i = 0; i < n; i++) {
        int target = kl__parse_name_capital(cells[i].text, cells[i].n);
        if (!target || (have & KL__PT_BIT(target))) continue;
        have &= ~KL__PT_BIT(targets[i]); /* V is the taker's beside a v, T the close time beside a t */
        parse_detect_give(&targets[i], target, &have);
    }
    return have;
}

/* Targets of the names as the content reads them; the first column that means a thing wins. */
static uint32_t parse_detect_names(const kl__parse_span *cells, int n, int32_t content, uint8_t *targets) {
    uint32_t have = 0;
    for (int i = 0; i < n; i++) {
        int target = kl__parse_name(cells[i].text, cells[i].n, content);
        if (target && (have & KL__PT_BIT(target))) target = 0;
        targets[i] = (uint8_t)target;
        if (target) have |= KL__PT_BIT(target);
    }
    return content == KL_CONTENT_KLINES ? parse_detect_rare_names(cells, n, targets, have) : have;
}

/* One name twice: nobody can tell which column is meant. */
static kl_status parse_detect_twice(const kl_parser *p, const kl__parse_span *cells, int n, int32_t content, kl_error *error) {
    for (int i = 1; i < n; i++)
        for (int j = 0; j < i; j++)
            if (kl__parse_name(cells[i].text, cells[i].n, content) && kl__parse_name_same(&cells[i], &cells[j]))
                return kl__fail(error, KL_E_COLUMNS, 0, p->line, i + 1, "columns %d and %d are both %s", j + 1, i + 1,
                                kl__parse_target_name(kl__parse_name(cells[i].text, cells[i].n, content)));
    return KL_OK;
}

static kl_status parse_detect_header(kl_parser *p, const kl__parse_span *cells, int n, kl_error *error) {
    uint8_t targets[KL__PARSE_COLUMNS];
    int32_t content = KL_CONTENT_KLINES;
    uint32_t have = parse_detect_names(cells, n, content, targets), missing = kl__parse_needed(content) & ~have;
    if (missing) {
        content = KL_CONTENT_TRADES;
        have = parse_detect_names(cells, n, content, targets);
        if (kl__parse_needed(content) & ~have) {
            char names[64] = "";
            uint32_t lacking = (missing & KL__PT_PRICES) == KL__PT_PRICES ? kl__parse_needed(content) & ~have : missing;
            for (int t = 0; t < KL__PT_N; t++)
                if (lacking & KL__PT_BIT(t)) {
                    if (names[0]) memcpy(names + strlen(names), ", ", 3);
                    memcpy(names + strlen(names), kl__parse_target_name(t), strlen(kl__parse_target_name(t)) + 1);
                }
            return kl__fail(error, KL_E_FORMAT, 0, p->line, 0, "the first line names neither candles nor trades: no column for %s", names);
        }
    }
    KL__TRY(parse_detect_twice(p, cells, n, content, error));
    p->counts.format = KL_FORMAT_HEADER_CSV;
    KL__TRY(kl__parse_set_content(p, content, error));
    for (int i = 0; i < n; i++)
        if (!targets[i] && !kl__parse_name_is_known(cells[i].text, cells[i].n, content)) parse_detect_note_unknown(p, cells[i]);
    kl__parse_layout_columns(p, targets, n);
    return KL_OK;
}

/* A header begins with a letter; an unnamed index column before it is skipped. */
static int parse_detect_looks_like_header(const kl__parse_span *cells, int n) {
    for (int i = 0; i < n && i < 2; i++) {
        kl__parse_span cell = cells[i];
        cell.text = kl__parse_trim(cell.text, &cell.n);
        if (cell.n == 0) continue;
        char c = cell.text[0];
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '#';
    }
    return 0;
}

static kl_status parse_detect_separator(const kl_parser *p, const char *text, size_t n, kl_error *error) {
    size_t commas = 0, semicolons = 0, tabs = 0;
    for (size_t i = 0; i < n; i++) commas += text[i] == ',', semicolons += text[i] == ';', tabs += text[i] == '\t';
    if (semicolons < 3 && (tabs < 3 || commas)) return KL_OK;
    return kl__fail(error, KL_E_FORMAT, 0, p->line, 0, "the columns are separated by %s: only commas are read",
                    semicolons < 3 ? "tabs" : "semicolons");
}

kl_status kl__parse_detect_line(kl_parser *p, const char *text, size_t n, int *is_header, kl_error *error) {
    kl__parse_span cells[KL__PARSE_COLUMNS + 1];
    *is_header = 0;
    if (p->format == KL_FORMAT_STREAM_JSON || (p->format == KL_FORMAT_AUTO && parse_detect_is_stream(text, n))) {
        p->counts.format = KL_FORMAT_STREAM_JSON;
        p->layout_known = 1;
        return KL_OK;
    }
    KL__TRY(parse_detect_separator(p, text, n, error));
    int columns = kl__parse_csv_split(text, n, cells);
    if (columns < 0) return kl__fail(error, KL_E_TEXT, 0, p->line, 0, "a quote in the first line is not closed");
    if (columns > KL__PARSE_COLUMNS)
        return kl__fail(error, KL_E_COLUMNS, 0, p->line, 0, "more than %d columns", KL__PARSE_COLUMNS);
    if (p->format == KL_FORMAT_HEADER_CSV || (p->format == KL_FORMAT_AUTO && parse_detect_looks_like_header(cells, columns))) {
        *is_header = 1;
        return parse_detect_header(p, cells, columns, error);
    }
    return parse_detect_no_header(p, cells, columns, error);
}
