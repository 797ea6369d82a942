/* Words and blanks of the language, and sentences about what is wrong. */
#include "indicator/expression_read.h"
#include <string.h>

#define READ_SHOWN 40   /* most letters of a word that an error shows */
#define READ_NEAREST 32 /* longest name that is compared with a misspelt one */

int kl__letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static int read_digit(char c) { return c >= '0' && c <= '9'; }

int kl__word_is(kl__word w, const char *name) { return strlen(name) == w.length && memcmp(name, w.text, w.length) == 0; }

void kl__read_blanks(kl__reader *r) {
    for (; r->at < r->length; r->at++) {
        char c = r->text[r->at];
        if (c == '#')
            while (r->at + 1 < r->length && r->text[r->at + 1] != '\n') r->at++;
        else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return;
    }
}

char kl__read_peek(kl__reader *r) {
    kl__read_blanks(r);
    return r->at < r->length ? r->text[r->at] : '\0';
}

int kl__read_take(kl__reader *r, char c) {
    if (kl__read_peek(r) != c || r->at >= r->length) return 0;
    r->at++;
    return 1;
}

kl__word kl__read_ahead(kl__reader *r) {
    kl__read_blanks(r);
    kl__word w = {r->text + r->at, 0, r->at};
    while (w.at + w.length < r->length && (kl__letter(w.text[w.length]) || (w.length && read_digit(w.text[w.length])))) w.length++;
    return w;
}

kl__word kl__read_word(kl__reader *r) {
    kl__word w = kl__read_ahead(r);
    r->at += w.length;
    return w;
}

static int read_shown(size_t length) { return (int)(length < READ_SHOWN ? length : READ_SHOWN); }

kl_status kl__read_expected(kl__reader *r, size_t at, const char *expected) {
    int64_t column = (int64_t)at + 1;
    if (at >= r->length) return kl__fail(r->error, KL_E_FORMAT, 0, 0, column, "expected %s, found the end of the text", expected);
    r->at = at;
    kl__word w = kl__read_ahead(r);
    unsigned char c = (unsigned char)r->text[at];
    if (w.length && w.at == at)
        return kl__fail(r->error, KL_E_FORMAT, 0, 0, column, "expected %s, found '%.*s'", expected, read_shown(w.length), w.text);
    if (c < 0x20 || c > 0x7e)
        return kl__fail(r->error, KL_E_FORMAT, 0, 0, column, "expected %s, found byte 0x%02x", expected, (unsigned)c);
    return kl__fail(r->error, KL_E_FORMAT, 0, 0, column, "expected %s, found '%c'", expected, c);
}

kl_status kl__read_text(kl__reader *r, const char *what, kl__word *text) {
    if (!kl__read_take(r, '\'')) return kl__read_expected(r, r->at, what);
    *text = (kl__word){r->text + r->at, 0, r->at};
    while (r->at < r->length && r->text[r->at] != '\'') r->at++;
    text->length = r->at - text->at;
    if (r->at >= r->length) return kl__read_expected(r, r->at, "\"'\"");
    r->at++;
    return KL_OK;
}

/* Length of the character at c, of at most n bytes; 0: a control character, or no UTF-8. */
static size_t read_character(const unsigned char *c, size_t n) {
    const size_t length = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : c[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > n || c[0] < 0x20 || c[0] == 0x7f) return 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xc0) != 0x80) return 0;
    if ((c[0] == 0xc2 && c[1] < 0xa0) || (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] >= 0xa0)) return 0; /* C1, too long, surrogates */
    return (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] >= 0x90) ? 0 : length;
}

size_t kl__read_odd(kl__word text) {
    size_t at = 0, length = 1;
    while (at < text.length && (length = read_character((const unsigned char *)text.text + at, text.length - at)) != 0) at += length;
    return at;
}

kl_status kl__read_nest(kl__reader *r, uint32_t levels) {
    *r->level += levels;
    if (*r->level <= KL__EXPRESSION_DEPTH) return KL_OK;
    return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)r->at + 1, "more than %d levels of nesting, formulas of what is called counted",
                    KL__EXPRESSION_DEPTH);
}

/* Over one pair of ( ) or [ ] and what is between. */
static void read_skip_pair(kl__reader *r) {
    for (size_t depth = 0; r->at < r->length;) {
        char c = kl__read_peek(r);
        if (r->at >= r->length) return;
        if (c == '\'') {
            do r->at++;
            while (r->at < r->length && r->text[r->at] != '\'');
        }
        if (c == '(' || c == '[') depth++;
        if (r->at < r->length) r->at++;
        if ((c == ')' || c == ']') && --depth == 0) return;
    }
}

int kl__read_interval_ahead(kl__reader *r, size_t *at) {
    size_t begin = r->at;
    int found = 0;
    if (kl__read_word(r).length == 0 && kl__read_peek(r) != '(') return r->at = begin, 0;
    if (kl__read_peek(r) == '(') read_skip_pair(r);
    for (char c; !found && ((c = kl__read_peek(r)) == '.' || c == '[' || c == '@');) {
        if (c == '@') found = 1, *at = r->at;
        else if (c == '[') read_skip_pair(r);
        else r->at++, kl__read_word(r);
    }
    r->at = begin;
    return found;
}

/* ---------------------------------------------------------------------------------------------- nearest name --- */

static char read_small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* Insertions, deletions and changes of one letter that make one word of the other, in whatever case; `most` + 1 where there are more. */
static unsigned read_distance(kl__word w, const char *name, unsigned most) {
    size_t n = strlen(name), longer = n > w.length ? n - w.length : w.length - n;
    unsigned row[READ_NEAREST + 1];
    if (n > READ_NEAREST || longer > most) return most + 1;
    for (size_t j = 0; j <= n; j++) row[j] = (unsigned)j;
    for (size_t i = 0; i < w.length; i++) {
        unsigned left = row[0]++, best = row[0];
        for (size_t j = 0; j < n; j++) {
            unsigned change = left + (read_small(w.text[i]) != name[j]), other = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            left = row[j + 1];
            row[j + 1] = change < other ? change : other;
            if (row[j + 1] < best) best = row[j + 1];
        }
        if (best > most) return most + 1;
    }
    return row[n];
}

typedef struct {
    kl__word word;
    const char *name;
    unsigned distance;
} read_nearest;

static void read_compare(read_nearest *near, const char *name) {
    unsigned distance = near->distance ? read_distance(near->word, name, near->distance - 1) : near->distance;
    if (distance < near->distance) near->distance = distance, near->name = name;
}

kl_status kl__read_unknown(kl__reader *r, kl__word w) {
    read_nearest near = {w, NULL, w.length < 3 ? 1 : w.length < 5 ? 2 : 3}; /* less than that */
    const kl__formula *f = r->formula;
    int called = r->at < r->length && r->text[r->at] == '(';
    for (int32_t i = 0; !f && !called && i < KL_COL_COUNT; i++) read_compare(&near, kl__column_name(i));
    for (uint32_t i = 0; f && i < f->kind->n_inputs; i++) read_compare(&near, f->kind->inputs[i].name);
    for (uint32_t i = 0; f && i < f->kind->n_params; i++) read_compare(&near, f->kind->params[i].name);
    for (size_t i = 0; i < kl_indicator_count(); i++) {
        const char *name = kl_indicator_at(i)->name;
        if (kl__kind_find((kl__word){name, strlen(name), 0})) read_compare(&near, name);
    }
    const char *alias;
    for (size_t i = 0; (alias = kl_indicator_alias_at(i, NULL)) != NULL; i++)
        if (kl__kind_find((kl__word){alias, strlen(alias), 0})) read_compare(&near, alias);
    const char *what = called ? "function" : f ? "name of the formula" : "column and no function";
    if (near.name)
        return kl__fail(r->error, KL_E_UNKNOWN_NAME, 0, 0, (int64_t)w.at + 1, "'%.*s' is no %s; is %s meant?", read_shown(w.length), w.text,
                        what, near.name);
    return kl__fail(r->error, KL_E_UNKNOWN_NAME, 0, 0, (int64_t)w.at + 1, "'%.*s' is no %s", read_shown(w.length), w.text, what);
}

kl_status kl__read_output_missing(kl__reader *r, size_t at, const kl_indicator *kind) {
    char list[160];
    size_t used = 0;
    for (uint32_t i = 0; i < kind->n_outputs; i++) {
        size_t n = strlen(kind->outputs[i].name);
        if (used + n + 3 > sizeof list) break;
        list[used++] = ' ', list[used++] = '.';
        memcpy(list + used, kind->outputs[i].name, n);
        used += n;
    }
    list[used] = '\0';
    return kl__fail(r->error, KL_E_FORMAT, 0, 0, (int64_t)at + 1, "expected one of the outputs of %s:%s", kind->name, list);
}
