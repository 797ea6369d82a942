/* JSON (RFC 8259): one strict check over the whole text, then a cursor that finds its way without judging again. */
#include "base/check.h"
#include "base/endian.h"

/* -------------------------------------------------------------------------------------------------- checking --- */

/* Where a check stands; `why` is set when it fails at p. */
typedef struct {
    const char *p, *end;
    const char *why;
} json_check;

#define JSON_ONES UINT64_C(0x0101010101010101)
#define JSON_HIGH UINT64_C(0x8080808080808080)

/* Non-zero where one of eight bytes is a quote, a backslash, a control character or not ASCII. Which one is found by
 * looking at each: only zero or not counts here, so byte order does not matter. */
KL__INLINE uint64_t json_special(const char *p) {
    uint64_t w, quote, slash;
    memcpy(&w, p, 8);
    quote = w ^ (JSON_ONES * '"');
    slash = w ^ (JSON_ONES * '\\');
    return ((quote - JSON_ONES) | (slash - JSON_ONES) | (w - JSON_ONES * 0x20) | w) & JSON_HIGH;
}

static void json_blanks(json_check *c) {
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\n' || *c->p == '\t' || *c->p == '\r')) c->p++;
}

static int json_fail(json_check *c, const char *why) {
    c->why = why;
    return 0;
}

/* Length of the UTF-8 sequence at p; 0 where it is none (too long a form, a surrogate, beyond U+10FFFF, cut off). */
static size_t json_utf8(const char *text, const char *end) {
    const uint8_t *p = (const uint8_t *)text;
    size_t n = p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    if (n == 0 || (size_t)(end - text) < n) return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F)) return 0;
    if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)) return 0;
    return n;
}

/* The value of four hex digits, or -1. */
static int32_t json_hex4(const char *p, const char *end) {
    int32_t value = 0;
    if (end - p < 4) return -1;
    for (int i = 0; i < 4; i++) {
        char ch = p[i];
        int32_t digit = ch >= '0' && ch <= '9'   ? ch - '0'
                        : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
                        : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10
                                                 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Reads the escape whose backslash is at *p; the code point, or -1 with *p where it was. */
static int32_t json_escape(const char **p, const char *end) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *q = *p + 1;
    if (q >= end) return -1;
    if (*q != 'u') {
        const char *at = *q ? strchr(names, *q) : NULL;
        if (!at) return -1;
        *p = q + 1;
        return (uint8_t)values[at - names];
    }
    int32_t code = json_hex4(q + 1, end);
    if (code < 0 || (code >= 0xDC00 && code <= 0xDFFF)) return -1;
    q += 5;
    if (code >= 0xD800 && code <= 0xDBFF) {
        int32_t low = end - q >= 6 && q[0] == '\\' && q[1] == 'u' ? json_hex4(q + 2, end) : -1;
        if (low < 0xDC00 || low > 0xDFFF) return -1;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        q += 6;
    }
    *p = q;
    return code;
}

/* p behind the opening quote; goes behind the closing one. */
static int json_check_string(json_check *c) {
    for (;;) {
        while (c->end - c->p >= 8 && !json_special(c->p)) c->p += 8;
        if (c->p == c->end) return json_fail(c, "the text ends inside a string");
        uint8_t byte = (uint8_t)*c->p;
        if (byte == '"') return c->p++, 1;
        if (byte == '\\') {
            if (json_escape(&c->p, c->end) < 0) return json_fail(c, "a bad escape, or half of a surrogate pair");
        } else if (byte < 0x20) {
            return json_fail(c, "a control character stands unescaped in a string");
        } else if (byte < 0x80) {
            c->p++;
        } else {
            size_t n = json_utf8(c->p, c->end);
            if (n == 0) return json_fail(c, "the text is not valid UTF-8");
            c->p += n;
        }
    }
}

static int json_digits(json_check *c) {
    const char *start = c->p;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9') c->p++;
    return c->p > start ? 1 : json_fail(c, "a digit was expected");
}

static int json_check_number(json_check *c) {
    if (*c->p == '-') c->p++;
    if (c->p < c->end && *c->p == '0') c->p++;
    else if (!json_digits(c)) return 0;
    if (c->p < c->end && *c->p >= '0' && *c->p <= '9') return json_fail(c, "a number begins with a superfluous 0");
    if (c->p < c->end && *c->p == '.') {
        c->p++;
        if (!json_digits(c)) return 0;
    }
    if (c->p < c->end && (*c->p == 'e' || *c->p == 'E')) {
        c->p++;
        if (c->p < c->end && (*c->p == '+' || *c->p == '-')) c->p++;
        if (!json_digits(c)) return 0;
    }
    return 1;
}

static int json_check_word(json_check *c) {
    static const char *const words[] = {"null", "false", "true"};
    for (int i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(c->end - c->p) >= n && memcmp(c->p, words[i], n) == 0) return c->p += n, 1;
    }
    return json_fail(c, "a value was expected");
}

/* A value that holds no others. */
static int json_check_scalar(json_check *c) {
    if (c->p == c->end) return json_fail(c, "the text ends where a value was expected");
    if (*c->p == '"') return c->p++, json_check_string(c);
    if (*c->p == '-' || (*c->p >= '0' && *c->p <= '9')) return json_check_number(c);
    return json_check_word(c);
}

/* "name" : */
static int json_check_key(json_check *c) {
    json_blanks(c);
    if (c->p == c->end || *c->p != '"') return json_fail(c, "the name of a member was expected");
    c->p++;
    if (!json_check_string(c)) return 0;
    json_blanks(c);
    if (c->p == c->end || *c->p != ':') return json_fail(c, "a colon was expected");
    c->p++;
    return 1;
}

/* One value with all that it holds. Bit d-1 of `objects` says whether the container at depth d is an object. */
static int json_check_value(json_check *c) {
    uint64_t objects = 0;
    uint32_t depth = 0;
    for (;;) {
        json_blanks(c);
        if (c->p < c->end && (*c->p == '[' || *c->p == '{')) {
            int is_object = *c->p == '{';
            if (depth == KL_JSON_DEPTH_MAX) return json_fail(c, "the text is nested deeper than 64 levels");
            objects = (objects & ~(UINT64_C(1) << depth)) | (uint64_t)is_object << depth;
            depth++;
            c->p++;
            json_blanks(c);
            if (c->p < c->end && *c->p == (is_object ? '}' : ']')) {
                c->p++;
                depth--;
            } else {
                if (is_object && !json_check_key(c)) return 0;
                continue;
            }
        } else if (!json_check_scalar(c)) {
            return 0;
        }
        /* behind a value: close what ends here, then go to the next one */
        for (;; c->p++, depth--) {
            if (depth == 0) return 1;
            json_blanks(c);
            int is_object = (int)(objects >> (depth - 1) & 1);
            if (c->p == c->end) return json_fail(c, "the text ends inside an array or object");
            if (*c->p == ',') {
                c->p++;
                if (is_object && !json_check_key(c)) return 0;
                break;
            }
            if (*c->p != (is_object ? '}' : ']'))
                return json_fail(c, is_object ? "a comma or } was expected" : "a comma or ] was expected");
        }
    }
}

/* --------------------------------------------------------------------------------------------------- walking --- */

/* Behind the closing quote of the string that begins at `at`; *flags gets 1 where it has escapes. Bounded by length, so
 * that even text that was never checked is not left. */
static size_t json_skip_string(const char *text, size_t length, size_t at, uint32_t *flags) {
    at++;
    for (;;) {
        while (length - at >= 8 && !json_special(text + at)) at += 8;
        if (at >= length) return length;
        if (text[at] == '"') return at + 1;
        if (text[at] == '\\') {
            *flags |= 1;
            at += length - at >= 2 ? 2 : 1;
        } else {
            at++;
        }
    }
}

/* Behind the array or object that begins at `at`. */
static size_t json_skip_container(const char *text, size_t length, size_t at) {
    uint32_t flags = 0;
    size_t depth = 0;
    while (at < length) {
        char ch = text[at];
        if (ch == '"') {
            at = json_skip_string(text, length, at, &flags);
            continue;
        }
        at++;
        if (ch == '[' || ch == '{') depth++;
        else if ((ch == ']' || ch == '}') && --depth == 0) return at;
    }
    return length;
}

static size_t json_skip_scalar(const char *text, size_t length, size_t at) {
    while (at < length && !strchr(",]} \n\t\r:", text[at])) at++; /* strchr also stops at a NUL, which no value holds */
    return at;
}

/* Describes the value that begins at `at`; returns the position behind it. */
static size_t json_describe(const char *text, size_t length, size_t at, kl_json *value) {
    size_t end;
    value->flags = 0;
    if (text[at] == '"') {
        end = json_skip_string(text, length, at, &value->flags);
        value->kind = KL_JSON_STRING;
        value->text = text + at + 1;
        value->length = end - at >= 2 ? end - at - 2 : 0;
        return end;
    }
    if (text[at] == '[' || text[at] == '{') {
        value->kind = text[at] == '[' ? KL_JSON_ARRAY : KL_JSON_OBJECT;
        end = json_skip_container(text, length, at);
    } else {
        char ch = text[at];
        value->kind = ch == 'n' ? KL_JSON_NULL : ch == 'f' ? KL_JSON_FALSE : ch == 't' ? KL_JSON_TRUE : KL_JSON_NUMBER;
        end = json_skip_scalar(text, length, at);
        if (end == at) end = at + 1; /* unchecked text: still get on */
    }
    value->text = text + at;
    value->length = end - at;
    return end;
}

static size_t json_skip_blanks(const char *text, size_t length, size_t at) {
    while (at < length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) at++;
    return at;
}

kl_status kl_json_read(const char *text, size_t length, kl_json *root, kl_error *error) {
    if ((!text && length) || !root) return kl__fail(error, KL_E_ARG, !root ? 3 : 1, 0, 0, "an argument is missing");
    if (!text) text = "";
    json_check c = {text, text + length, NULL};
    json_blanks(&c);
    const char *start = c.p;
    int fine = json_check_value(&c);
    const char *end = c.p;
    if (fine) {
        json_blanks(&c);
        if (c.p != c.end) fine = json_fail(&c, "something follows the value");
    }
    if (!fine) {
        int64_t column = (int64_t)(c.p - text) + 1;
        return kl__fail(error, KL_E_JSON, 0, 0, column, "%s (byte %lld)", c.why, (long long)column);
    }
    (void)json_describe(start, (size_t)(end - start), 0, root);
    return KL_OK;
}

kl_status kl_json_next(const kl_json *container, size_t *cursor, kl_json *key, kl_json *value) {
    if (!container || !cursor || !value) return KL_E_ARG;
    if (container->kind != KL_JSON_ARRAY && container->kind != KL_JSON_OBJECT) return KL_E_ARG;
    const char *text = container->text;
    size_t length = container->length, at = *cursor;
    at = json_skip_blanks(text, length, at == 0 ? 1 : at);
    if (at < length && text[at] == ',') at = json_skip_blanks(text, length, at + 1);
    if (at >= length || text[at] == ']' || text[at] == '}') {
        *cursor = length;
        return KL_END;
    }
    if (container->kind == KL_JSON_OBJECT) {
        kl_json name;
        at = json_skip_blanks(text, length, json_describe(text, length, at, &name));
        at = json_skip_blanks(text, length, at < length ? at + 1 : at); /* the colon */
        if (at >= length) return KL_E_JSON;
        if (key) *key = name;
    } else if (key) {
        memset(key, 0, sizeof *key);
    }
    *cursor = json_describe(text, length, at, value);
    return KL_OK;
}

/* Takes the next piece of a string: one character, as 1..4 bytes of UTF-8, or a run of plain ones. */
static size_t json_next_piece(const char **p, const char *end, char out[4], const char **run) {
    const char *start = *p;
    if (*start != '\\') {
        const char *slash = (const char *)memchr(start, '\\', (size_t)(end - start));
        *run = start;
        *p = slash ? slash : end;
        return (size_t)(*p - start);
    }
    int32_t code = json_escape(p, end);
    *run = out;
    if (code < 0) { /* only in text that was never checked */
        *p = end;
        return 0;
    }
    if (code < 0x80) return out[0] = (char)code, 1;
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 63));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 63));
        out[2] = (char)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 63));
    out[2] = (char)(0x80 | (code >> 6 & 63));
    out[3] = (char)(0x80 | (code & 63));
    return 4;
}

static int json_key_is(const kl_json *key, const char *name, size_t length) {
    if (!(key->flags & 1)) return key->length == length && memcmp(key->text, name, length) == 0;
    const char *p = key->text, *end = p + key->length, *run = NULL;
    char piece[4];
    while (p < end) {
        size_t n = json_next_piece(&p, end, piece, &run);
        if (n > length || memcmp(run, name, n) != 0) return 0;
        name += n, length -= n;
    }
    return length == 0;
}

kl_status kl_json_member(const kl_json *object, const char *name, kl_json *value) {
    kl_json key, found;
    size_t cursor = 0, length;
    if (!object || !name || !value || object->kind != KL_JSON_OBJECT) return KL_E_ARG;
    length = strlen(name);
    while (kl_json_next(object, &cursor, &key, &found) == KL_OK)
        if (json_key_is(&key, name, length)) {
            *value = found;
            return KL_OK;
        }
    return KL_E_NOT_FOUND;
}

kl_status kl_json_string(const kl_json *value, char *text, size_t capacity, size_t *length) {
    if (!value || value->kind != KL_JSON_STRING || (!text && capacity)) return KL_E_ARG;
    const char *p = value->text, *end = p + value->length, *run = NULL;
    char piece[4];
    size_t total = 0, n;
    while (p < end) {
        n = json_next_piece(&p, end, piece, &run);
        if (total < capacity && n <= capacity - total) memcpy(text + total, run, n);
        total += n;
    }
    if (length) *length = total;
    int fits = total < capacity;
    if (capacity) text[fits ? total : 0] = 0;
    return fits ? KL_OK : KL_E_SIZE;
}
