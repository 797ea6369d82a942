/* Strict JSON, as far as rows need it: where a value ends, and the members of an object or array one by one. Nothing is copied. */
#include "clean/parse.h"
#include <string.h>

enum { PARSE_SCAN_DEPTH = 64 };

const char *kl__parse_json_blank(const char *c, const char *end) {
    while (c != end && (*c == ' ' || *c == '\t' || *c == '\n' || *c == '\r')) c++;
    return c;
}

static const char *parse_scan_string(const char *c, const char *end) { /* c: after the opening quote */
    while (c != end && *c != '"') {
        if ((unsigned char)*c < 0x20) return NULL;
        if (*c++ != '\\') continue;
        if (c == end) return NULL;
        if (*c == 'u') {
            for (int i = 1; i <= 4; i++) {
                if (end - c <= i) return NULL;
                char h = c[i];
                if (!((h >= '0' && h <= '9') || (h >= 'a' && h <= 'f') || (h >= 'A' && h <= 'F'))) return NULL;
            }
            c += 5;
        } else {
            if (!memchr("\"\\/bfnrt", *c, 8)) return NULL;
            c++;
        }
    }
    return c == end ? NULL : c + 1;
}

static const char *parse_scan_digits(const char *c, const char *end) {
    const char *start = c;
    while (c != end && *c >= '0' && *c <= '9') c++;
    return c == start ? NULL : c;
}

static const char *parse_scan_number(const char *c, const char *end) {
    if (*c == '-') c++;
    const char *start = c;
    c = parse_scan_digits(c, end);
    if (!c || (*start == '0' && c - start > 1)) return NULL;
    if (c != end && *c == '.') {
        c = parse_scan_digits(c + 1, end);
        if (!c) return NULL;
    }
    if (c != end && (*c == 'e' || *c == 'E')) {
        c++;
        if (c != end && (*c == '+' || *c == '-')) c++;
        c = parse_scan_digits(c, end);
    }
    return c;
}

static const char *parse_scan_word(const char *c, const char *end) {
    static const char *const words[] = {"true", "false", "null", "NaN"}; /* NaN: as Python writes it; a cell says what of it */
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(end - c) >= n && memcmp(c, words[i], n) == 0) return c + n;
    }
    return NULL;
}

const char *kl__parse_json_next(const char *c, const char *end, int named, kl__parse_member *member, int *found) {
    const char close = named ? '}' : ']';
    c = kl__parse_json_blank(c, end);
    *found = 0;
    if (c == end) return NULL;
    if (*c == close) return c + 1;
    if (*c == ',') c = kl__parse_json_blank(c + 1, end); /* stray commas are for kl__parse_json_value to refuse */
    if (named) {
        if (c == end || *c != '"') return NULL;
        const char *after = parse_scan_string(c + 1, end);
        if (!after) return NULL;
        member->name.text = c + 1, member->name.n = (size_t)(after - c - 2);
        c = kl__parse_json_blank(after, end);
        if (c == end || *c != ':') return NULL;
        c = kl__parse_json_blank(c + 1, end);
    }
    if (c == end) return NULL;
    const char *after = kl__parse_json_value(c, end, 1);
    if (!after) return NULL;
    int quoted = *c == '"';
    member->kind = *c;
    member->value.text = c + quoted, member->value.n = (size_t)(after - c) - 2 * (size_t)quoted;
    after = kl__parse_json_blank(after, end);
    if (after == end || (*after != ',' && *after != close)) return NULL;
    *found = 1;
    return after;
}

const char *kl__parse_json_value(const char *c, const char *end, int depth) {
    char open[PARSE_SCAN_DEPTH];
    int level = 0;
    for (;;) { /* at a value */
        c = kl__parse_json_blank(c, end);
        if (c == end) return NULL;
        if (*c == '{' || *c == '[') {
            if (level + depth >= PARSE_SCAN_DEPTH) return NULL;
            open[level++] = *c;
            c = kl__parse_json_blank(c + 1, end);
            if (c == end) return NULL;
            if (*c != (open[level - 1] == '{' ? '}' : ']')) {
                if (open[level - 1] == '[') continue;
                goto name;
            }
        } else {
            c = *c == '"' ? parse_scan_string(c + 1, end)
                : *c == '-' || (*c >= '0' && *c <= '9') ? parse_scan_number(c, end) : parse_scan_word(c, end);
            if (!c || level == 0) return c;
            c = kl__parse_json_blank(c, end);
        }
        for (;;) { /* after a value, or at the end of an empty container */
            if (c == end) return NULL;
            if (*c == ',') break;
            if (*c != (open[level - 1] == '{' ? '}' : ']')) return NULL;
            c++;
            if (--level == 0) return c;
            c = kl__parse_json_blank(c, end);
        }
        c = kl__parse_json_blank(c + 1, end);
        if (open[level - 1] == '[') continue;
    name:
        if (c == end || *c != '"' || !(c = parse_scan_string(c + 1, end))) return NULL;
        c = kl__parse_json_blank(c, end);
        if (c == end || *c != ':') return NULL;
        c++;
    }
}

int kl__parse_json_find(kl__parse_span object, const char *name, kl__parse_member *member) {
    const char *c = object.text + 1, *end = object.text + object.n;
    size_t n = strlen(name);
    int found;
    while ((c = kl__parse_json_next(c, end, 1, member, &found)) != NULL && found)
        if (member->name.n == n && memcmp(member->name.text, name, n) == 0) return 1;
    return 0;
}
