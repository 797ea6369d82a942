/* TOML, the small parts: blanks, comments, keys, strings in their four forms, numbers. */
#include "base/toml_lex.h"
#include <string.h>

kl_status kl__toml_lex_fail(const kl__toml_lex *lex, const char *at, const char *why) {
    int64_t line, column;
    kl__toml_place(lex->toml, (size_t)(at - lex->text), &line, &column);
    return kl__fail(lex->error, KL_E_TOML, 0, line, column, "%s", why);
}

/* ---------------------------------------------------------------------------------------------------- characters --- */

static int toml_is_digit(char c) { return c >= '0' && c <= '9'; }
static int toml_is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || toml_is_digit(c) || c == '_' || c == '-';
}

/* Length of the UTF-8 sequence at p, a tab or any printable character; 0 where it is none, or a control character. */
static size_t toml_char(const char *text, const char *end) {
    const uint8_t *p = (const uint8_t *)text;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    if (n == 0 || (size_t)(end - text) < n) return 0;
    if (n == 1) return (p[0] >= 0x20 && p[0] != 0x7F) || p[0] == '\t';
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F)) return 0;
    if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)) return 0;
    return n;
}

/* Length of the line end at p: 1, 2, or 0. */
static size_t toml_newline(const char *p, const char *end) {
    if (p < end && *p == '\n') return 1;
    return end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

static kl_status toml_comment(kl__toml_lex *lex) {
    while (lex->p < lex->end && !toml_newline(lex->p, lex->end)) {
        size_t n = toml_char(lex->p, lex->end);
        if (n == 0) return kl__toml_lex_fail(lex, lex->p, "a comment holds a control character, or is not UTF-8");
        lex->p += n;
    }
    return KL_OK;
}

kl_status kl__toml_lex_blanks(kl__toml_lex *lex, int lines) {
    for (;;) {
        size_t newline;
        while (lex->p < lex->end && (*lex->p == ' ' || *lex->p == '\t')) lex->p++;
        if (!lines || lex->p == lex->end) return KL_OK;
        newline = toml_newline(lex->p, lex->end);
        if (newline) lex->p += newline;
        else if (*lex->p == '#') KL__TRY(toml_comment(lex));
        else return KL_OK;
    }
}

kl_status kl__toml_lex_line_end(kl__toml_lex *lex) {
    kl__toml_lex_blanks(lex, 0);
    if (lex->p < lex->end && *lex->p == '#') KL__TRY(toml_comment(lex));
    if (lex->p == lex->end) return KL_OK;
    size_t newline = toml_newline(lex->p, lex->end);
    if (newline == 0) return kl__toml_lex_fail(lex, lex->p, "the line should end here");
    lex->p += newline;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------- strings --- */

/* Where decoded characters go. */
typedef struct toml_sink {
    char *to;     /* NULL: only counted */
    size_t n, stop; /* decoding ends before byte `stop` of the value */
} toml_sink;

static void toml_put(toml_sink *sink, const char *bytes, size_t n) {
    if (sink->to) memcpy(sink->to + sink->n, bytes, n);
    sink->n += n;
}

static int toml_utf8(uint32_t code, char *bytes) {
    if (code < 0x80) return bytes[0] = (char)code, 1;
    if (code < 0x800) return bytes[0] = (char)(0xC0 | code >> 6), bytes[1] = (char)(0x80 | (code & 63)), 2;
    if (code < 0x10000) {
        bytes[0] = (char)(0xE0 | code >> 12), bytes[1] = (char)(0x80 | (code >> 6 & 63)), bytes[2] = (char)(0x80 | (code & 63));
        return 3;
    }
    bytes[0] = (char)(0xF0 | code >> 18), bytes[1] = (char)(0x80 | (code >> 12 & 63));
    bytes[2] = (char)(0x80 | (code >> 6 & 63)), bytes[3] = (char)(0x80 | (code & 63));
    return 4;
}

/* Hex digits behind \u or \U; 0xFFFFFFFF where they are none, or no character. */
static uint32_t toml_code(const char *p, const char *end, int digits) {
    uint32_t code = 0;
    if (end - p < digits) return UINT32_MAX;
    for (int i = 0; i < digits; i++) {
        char c = p[i];
        int digit = toml_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0 || code >> 28) return UINT32_MAX;
        code = code << 4 | (uint32_t)digit;
    }
    return code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? UINT32_MAX : code;
}

/* Over backslashes at the ends of lines, and all blanks and line ends behind each. */
static const char *toml_trim(const char *at, const char *end) {
    while (at < end && *at == '\\') {
        const char *p = at + 1;
        size_t blank;
        while (p < end && (*p == ' ' || *p == '\t')) p++;
        if (!toml_newline(p, end)) break;
        while (p < end && (blank = *p == ' ' || *p == '\t' ? 1 : toml_newline(p, end)) != 0) p += blank;
        at = p;
    }
    return at;
}

/* The escape at p, which is a backslash; gives what follows it, or NULL. */
static const char *toml_escape(const char *p, const char *end, toml_sink *sink) {
    static const char names[] = "btnfr\"\\", values[] = "\b\t\n\f\r\"\\";
    char bytes[4];
    const char *name;
    if (end - p < 2) return NULL;
    if (p[1] == 'u' || p[1] == 'U') {
        int digits = p[1] == 'u' ? 4 : 8;
        uint32_t code = toml_code(p + 2, end, digits);
        if (code == UINT32_MAX) return NULL;
        toml_put(sink, bytes, (size_t)toml_utf8(code, bytes));
        return p + 2 + digits;
    }
    name = p[1] ? strchr(names, p[1]) : NULL;
    if (!name) return NULL;
    toml_put(sink, &values[name - names], 1);
    return p + 2;
}

/* Quotes at p up to five; of those that end a string of several lines the last three do, one or two before them belong to it. */
static size_t toml_quotes(const char *p, const char *end, char quote) {
    size_t n = 0;
    while (n < 5 && p + n < end && p[n] == quote) n++;
    return n;
}

/* Decodes the string at *at, which is a quote, and moves *at behind it; `why` is set and *at is the place where that fails. When
 * the sink is full, *at stays before what would have come next. */
static void toml_decode(const char **at, const char *end, toml_sink *sink, const char **why) {
    const char *p = *at;
    const char quote = *p;
    const int lines = toml_quotes(p, end, quote) >= 3;
    p += lines ? 3 : 1;
    if (lines) p += toml_newline(p, end);
    for (; *why == NULL; *at = p) {
        if (lines && quote == '"') p = toml_trim(p, end);
        size_t n = toml_newline(p, end), quotes = p < end && *p == quote ? toml_quotes(p, end, quote) : 0;
        *at = p;
        if (sink->n >= sink->stop) return;
        if (p == end || (n && !lines)) {
            *why = "the string does not end";
        } else if (n) {
            toml_put(sink, "\n", 1);
            p += n;
        } else if (quotes && (!lines || quotes >= 3)) {
            if (lines) toml_put(sink, p, quotes - 3);
            *at = p + (lines ? quotes : 1);
            return;
        } else if (quotes) {
            toml_put(sink, p, quotes);
            p += quotes;
        } else if (*p == '\\' && quote == '"') {
            p = toml_escape(p, end, sink);
            if (!p) {
                *why = "there is no such escape: \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX";
                return;
            }
        } else if ((n = toml_char(p, end)) == 0) {
            *why = "a string holds a control character, or is not UTF-8";
        } else {
            toml_put(sink, p, n);
            p += n;
        }
    }
}

static kl_status toml_string(kl__toml_lex *lex, uint32_t *value, uint32_t *length) {
    toml_sink sink = {lex->toml->chars + lex->toml->n_chars, 0, SIZE_MAX};
    const char *why = NULL;
    toml_decode(&lex->p, lex->end, &sink, &why);
    if (why) return kl__toml_lex_fail(lex, lex->p, why);
    *value = lex->toml->n_chars;
    *length = (uint32_t)sink.n;
    sink.to[sink.n] = 0;
    lex->toml->n_chars += (uint32_t)sink.n + 1;
    return KL_OK;
}

size_t kl__toml_source(const kl__toml *toml, uint32_t node, size_t at) {
    const kl__toml_node *n = &toml->nodes[node];
    toml_sink sink = {NULL, 0, at};
    const char *p = toml->text + n->value_at, *why = NULL;
    if (n->kind != KL__TOML_STRING) return n->value_at;
    toml_decode(&p, toml->text + toml->length, &sink, &why);
    return (size_t)(p - toml->text);
}

kl_status kl__toml_lex_key(kl__toml_lex *lex, uint32_t *key, uint32_t *length) {
    const char *from = lex->p;
    if (lex->p < lex->end && (*lex->p == '"' || *lex->p == '\'')) {
        if (toml_quotes(lex->p, lex->end, *lex->p) >= 3) return kl__toml_lex_fail(lex, lex->p, "a key is no string of several lines");
        return toml_string(lex, key, length);
    }
    while (lex->p < lex->end && toml_is_bare(*lex->p)) lex->p++;
    if (lex->p == from) return kl__toml_lex_fail(lex, lex->p, "a key was expected");
    *key = lex->toml->n_chars;
    *length = (uint32_t)(lex->p - from);
    memcpy(lex->toml->chars + *key, from, *length);
    lex->toml->chars[*key + *length] = 0;
    lex->toml->n_chars += *length + 1;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------- numbers --- */

/* Digits of a base with single underscores between them; gives the place behind, NULL where there is no digit at p. */
static const char *toml_digits(const char *p, const char *end, int base) {
    int any = 0;
    for (;; p++) {
        char c = p < end ? *p : 0;
        int digit = toml_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
        if (digit < base) any = 1;
        else if (c == '_' && any) any = 0;
        else return any ? p : NULL;
    }
}

/* The kind of number that all of [p, end) is; 0: none. */
static int toml_number_kind(const char *p, const char *end) {
    const char *digits;
    int kind = KL__TOML_INTEGER;
    if (end - p > 2 && p[0] == '0' && strchr("xob", p[1]))
        return toml_digits(p + 2, end, p[1] == 'x' ? 16 : p[1] == 'o' ? 8 : 2) == end ? KL__TOML_INTEGER : 0;
    if (p < end && (*p == '+' || *p == '-')) p++;
    if (end - p == 3 && (!memcmp(p, "inf", 3) || !memcmp(p, "nan", 3))) return KL__TOML_FLOAT;
    digits = p;
    if (!(p = toml_digits(p, end, 10)) || (p - digits > 1 && *digits == '0')) return 0;
    if (p < end && *p == '.') {
        kind = KL__TOML_FLOAT;
        if (!(p = toml_digits(p + 1, end, 10))) return 0;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        kind = KL__TOML_FLOAT;
        if (++p < end && (*p == '+' || *p == '-')) p++;
        if (!(p = toml_digits(p, end, 10))) return 0;
    }
    return p == end ? kind : 0;
}

static int toml_is_date(const char *p, const char *end) {
    int n = 0;
    while (p + n < end && toml_is_digit(p[n])) n++;
    return p + n < end && ((n == 4 && p[n] == '-') || (n == 2 && p[n] == ':'));
}

static kl_status toml_word(kl__toml_lex *lex, kl__toml_node *node) {
    const char *from = lex->p, *p = from;
    kl__toml *toml = lex->toml;
    while (p < lex->end && (toml_is_bare(*p) || *p == '+' || *p == '.' || *p == ':')) p++;
    lex->p = p;
    if ((p - from == 4 && !memcmp(from, "true", 4)) || (p - from == 5 && !memcmp(from, "false", 5))) {
        node->kind = KL__TOML_BOOL;
        node->value = *from == 't';
        return KL_OK;
    }
    if (toml_is_date(from, p)) return kl__toml_lex_fail(lex, from, "dates and times are not read here: write them as strings");
    node->kind = (uint16_t)toml_number_kind(from, p);
    if (!node->kind) return kl__toml_lex_fail(lex, from, p == from ? "a value was expected" : "this is no value: text stands in quotes");
    node->value = toml->n_chars;
    for (const char *c = from; c < p; c++)
        if (*c != '_') toml->chars[toml->n_chars++] = *c;
    node->length = toml->n_chars - node->value;
    toml->chars[toml->n_chars++] = 0;
    int64_t integer;
    if (node->kind == KL__TOML_INTEGER) {
        kl__toml one = *toml;
        one.nodes = node;
        if (kl__toml_integer(&one, 0, &integer) < 0) return kl__toml_lex_fail(lex, from, "a whole number has 64 bits at most");
    }
    return KL_OK;
}

kl_status kl__toml_lex_scalar(kl__toml_lex *lex, kl__toml_node *node) {
    if (lex->p == lex->end) return kl__toml_lex_fail(lex, lex->p, "a value was expected");
    if (*lex->p != '"' && *lex->p != '\'') return toml_word(lex, node);
    node->kind = KL__TOML_STRING;
    return toml_string(lex, &node->value, &node->length);
}

/* -------------------------------------------------------------------------------------------------------- values --- */

kl_status kl__toml_integer(const kl__toml *toml, uint32_t node, int64_t *value) {
    const kl__toml_node *n = &toml->nodes[node];
    const char *p = toml->chars + n->value;
    uint64_t base = 10, sum = 0;
    int minus = *p == '-';
    if (n->kind != KL__TOML_INTEGER) return KL_E_ARG;
    if (*p == '-' || *p == '+') p++;
    if (p[0] == '0' && p[1]) base = p[1] == 'x' ? 16 : p[1] == 'o' ? 8 : 2, p += 2;
    for (; *p; p++) {
        uint64_t digit = (uint64_t)(toml_is_digit(*p) ? *p - '0' : (*p | 32) - 'a' + 10);
        if (sum > (UINT64_MAX - digit) / base) return KL_E_OVERFLOW;
        sum = sum * base + digit;
    }
    if (sum > (uint64_t)INT64_MAX + (uint64_t)minus) return KL_E_OVERFLOW;
    *value = minus ? (int64_t)(UINT64_C(0) - sum) : (int64_t)sum;
    return KL_OK;
}

kl_status kl__toml_real(const kl__toml *toml, uint32_t node, double *value) {
    const kl__toml_node *n = &toml->nodes[node];
    int64_t integer;
    if (n->kind == KL__TOML_FLOAT) return kl_double_parse(toml->chars + n->value, n->length, value, NULL);
    KL__TRY(kl__toml_integer(toml, node, &integer));
    *value = (double)integer;
    return KL_OK;
}

kl_status kl__toml_fixed(const kl__toml *toml, uint32_t node, int32_t digits, int64_t *value) {
    const kl__toml_node *n = &toml->nodes[node];
    kl_i128 mantissa;
    int32_t scale = 0;
    int64_t integer;
    if (n->kind == KL__TOML_FLOAT) KL__TRY(kl_decimal_parse(toml->chars + n->value, n->length, &mantissa, &scale, NULL));
    else {
        KL__TRY(kl__toml_integer(toml, node, &integer));
        mantissa.lo = (uint64_t)integer;
        mantissa.hi = integer < 0 ? -1 : 0;
    }
    KL__TRY(kl_decimal_rescale(&mantissa, scale, digits));
    if (mantissa.hi != ((int64_t)mantissa.lo < 0 ? -1 : 0)) return KL_E_OVERFLOW;
    *value = (int64_t)mantissa.lo;
    return KL_OK;
}
