/* Tables of a strategy file into structs. */
#include "base/fp.h"
#include "score/fields.h"
#include <math.h>
#include <string.h>

kl_status kl__fields_fail(const kl__fields *f, uint32_t node, kl_status code, const char *format, const char *text) {
    const kl__toml_node *n = kl__toml_at(f->toml, node);
    int64_t line, column;
    char message[160];
    size_t used = 0;
    for (; *format && used + 1 < sizeof message; format++) {
        if (*format != '%') message[used++] = *format;
        else
            for (const char *c = text; *c && used + 1 < sizeof message; c++) message[used++] = *c;
    }
    message[used] = 0;
    kl__toml_place(f->toml, code == KL_E_UNKNOWN_NAME && n->kind != KL__TOML_STRING ? n->key_at : n->value_at, &line, &column);
    return kl__fail(f->error, code, 0, line, column, "%s", message);
}

/* ------------------------------------------------------------------------------------------------------ numbers --- */

static int fields_is_number(const kl__toml_node *n) { return n->kind == KL__TOML_INTEGER || n->kind == KL__TOML_FLOAT; }

/* "$name": its value. 1 where the node is one, 0 where it is something else, below 0 where there is no such parameter. */
static kl_status fields_param(const kl__fields *f, uint32_t node, double *value) {
    const kl__toml_node *n = kl__toml_at(f->toml, node);
    const char *text = n->kind == KL__TOML_STRING ? kl__toml_string(f->toml, node) : "";
    if (text[0] != '$') return 0;
    for (size_t p = 0; p < f->n_params; p++)
        if (!strcmp(f->params[p].name, text + 1)) {
            *value = f->values[p];
            if (f->used) f->used[p]++;
            return 1;
        }
    return kl__fields_fail(f, node, KL_E_UNKNOWN_NAME, "there is no parameter %", text + 1);
}

kl_status kl__fields_real(const kl__fields *f, uint32_t node, double *value) {
    kl_status param = fields_param(f, node, value);
    if (param) return param < 0 ? param : KL_OK;
    if (!fields_is_number(kl__toml_at(f->toml, node))) return kl__fields_fail(f, node, KL_E_NUMBER, "a number belongs here", "");
    KL__TRY(kl__toml_real(f->toml, node, value));
    return isfinite(*value) ? KL_OK : kl__fields_fail(f, node, KL_E_NOT_FINITE, "the number is not finite", "");
}

kl_status kl__fields_micro(const kl__fields *f, uint32_t node, int64_t *value) {
    double real;
    kl_status status = fields_param(f, node, &real);
    if (status < 0) return status;
    if (status) {
        if (!(fabs(real) < 1e12)) return kl__fields_fail(f, node, KL_E_OVERFLOW, "the number is too large", "");
        *value = (int64_t)floor(real * KL_MICRO + 0.5);
        return KL_OK;
    }
    if (!fields_is_number(kl__toml_at(f->toml, node))) return kl__fields_fail(f, node, KL_E_NUMBER, "a number belongs here", "");
    status = kl__toml_fixed(f->toml, node, 6, value);
    if (status >= 0) return KL_OK;
    return kl__fields_fail(f, node, status, status == KL_E_SCALE ? "the number has more than six decimals" : "the number is too large", "");
}

kl_status kl__fields_int(const kl__fields *f, uint32_t node, int64_t *value) {
    double real;
    kl_status status = fields_param(f, node, &real);
    if (status < 0) return status;
    if (status) {
        if (floor(real) != real || !(fabs(real) < 0x1p53)) return kl__fields_fail(f, node, KL_E_NUMBER, "the parameter is no whole number", "");
        *value = (int64_t)real;
        return KL_OK;
    }
    if (kl__toml_at(f->toml, node)->kind != KL__TOML_INTEGER) return kl__fields_fail(f, node, KL_E_NUMBER, "a whole number belongs here", "");
    return kl__toml_integer(f->toml, node, value);
}

/* ------------------------------------------------------------------------------------------------------- fields --- */

static char fields_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static int fields_same(const char *a, const char *b) {
    while (*a && fields_lower(*a) == fields_lower(*b)) a++, b++;
    return *a == 0 && *b == 0;
}

static kl_status fields_text(const kl__fields *f, uint32_t node, const char **text) {
    const kl__toml_node *n = kl__toml_at(f->toml, node);
    if (n->kind != KL__TOML_STRING) return kl__fields_fail(f, node, KL_E_TEXT, "text in quotes belongs here", "");
    *text = kl__toml_string(f->toml, node);
    return strlen(*text) == n->length ? KL_OK : kl__fields_fail(f, node, KL_E_TEXT, "the text holds a NUL character", "");
}

static kl_status fields_word(const kl__fields *f, uint32_t node, const kl__choice *words, int32_t *value) {
    char known[128] = "";
    const char *text = "";
    KL__TRY(fields_text(f, node, &text));
    for (const kl__choice *w = words; w->name; w++) {
        if (fields_same(w->name, text)) return *value = w->value, KL_OK;
        if (strlen(known) + strlen(w->name) + 2 < sizeof known) strcat(strcat(known, known[0] ? " " : ""), w->name);
    }
    return kl__fields_fail(f, node, KL_E_UNKNOWN_NAME, "one of these belongs here: %", known);
}

static kl_status fields_band(const kl__fields *f, uint32_t node, kl_band *band) {
    const kl__toml_node *n = kl__toml_at(f->toml, node);
    int64_t ends[2] = {0, 0};
    if (n->kind != KL__TOML_ARRAY || n->count == 0 || n->count > 2) return kl__fields_fail(f, node, KL_E_TOML, "[low, high] or [low] belongs here", "");
    uint32_t end = n->first;
    for (uint32_t i = 0; i < n->count; i++, end = kl__toml_at(f->toml, end)->next) {
        KL__TRY(kl__fields_micro(f, end, &ends[i]));
        if (ends[i] < INT32_MIN || ends[i] > INT32_MAX) return kl__fields_fail(f, end, KL_E_OVERFLOW, "the number is too large", "");
    }
    *band = (kl_band){(int32_t)ends[0], (int32_t)ends[1]};
    return KL_OK;
}

static kl_status fields_small(const kl__fields *f, uint32_t node, int64_t value, int32_t *to) {
    if (value < INT32_MIN || value > INT32_MAX) return kl__fields_fail(f, node, KL_E_OVERFLOW, "the number is too large", "");
    *to = (int32_t)value;
    return KL_OK;
}

static kl_status fields_yes(const kl__fields *f, uint32_t node, int *yes) {
    const kl__toml_node *n = kl__toml_at(f->toml, node);
    if (n->kind != KL__TOML_BOOL) return kl__fields_fail(f, node, KL_E_TOML, "true or false belongs here", "");
    *yes = n->value != 0;
    return KL_OK;
}

kl_status kl__fields_one(const kl__fields *f, uint32_t node, const kl__field *field, void *to) {
    void *at = to ? (char *)to + field->offset : NULL; /* NULL: all keys are read by hand */
    int64_t whole = 0;
    int yes = 0;
    switch (field->kind) {
    case KL__FIELD_TEXT: return fields_text(f, node, at);
    case KL__FIELD_REAL: return kl__fields_real(f, node, at);
    case KL__FIELD_WORD: return fields_word(f, node, field->words, at);
    case KL__FIELD_BAND: return fields_band(f, node, at);
    case KL__FIELD_MICRO64: return kl__fields_micro(f, node, at);
    case KL__FIELD_INT64: return kl__fields_int(f, node, at);
    case KL__FIELD_MICRO: KL__TRY(kl__fields_micro(f, node, &whole)); return fields_small(f, node, whole, at);
    case KL__FIELD_INT: KL__TRY(kl__fields_int(f, node, &whole)); return fields_small(f, node, whole, at);
    case KL__FIELD_YES: KL__TRY(fields_yes(f, node, &yes)); *(int32_t *)at = yes; return KL_OK;
    case KL__FIELD_BIT:
    case KL__FIELD_NOT_BIT:
        KL__TRY(fields_yes(f, node, &yes));
        if (yes == (field->kind == KL__FIELD_BIT)) *(uint32_t *)at |= field->value;
        else *(uint32_t *)at &= ~field->value;
        return KL_OK;
    default: return KL_OK;
    }
}

kl_status kl__fields_read(const kl__fields *f, uint32_t table, const kl__field *list, void *to) {
    if (kl__toml_at(f->toml, table)->kind != KL__TOML_TABLE) return kl__fields_fail(f, table, KL_E_TOML, "a table belongs here", "");
    for (uint32_t node = kl__toml_at(f->toml, table)->first; node != KL__TOML_NONE; node = kl__toml_at(f->toml, node)->next) {
        const kl__field *field = list;
        while (field->name && strcmp(field->name, kl__toml_key(f->toml, node)) != 0) field++;
        if (!field->name) {
            int64_t line, column;
            kl__toml_place(f->toml, kl__toml_at(f->toml, node)->key_at, &line, &column);
            return kl__fail(f->error, KL_E_UNKNOWN_NAME, 0, line, column, "there is no key '%.40s' here", kl__toml_key(f->toml, node));
        }
        KL__TRY(kl__fields_one(f, node, field, to));
    }
    return KL_OK;
}

kl_status kl__fields_tables(const kl__fields *f) {
    static const kl__field tables[] = {{"strategy", KL__FIELD_OTHER, 0, NULL, 0}, {"params", KL__FIELD_OTHER, 0, NULL, 0},     {"define", KL__FIELD_OTHER, 0, NULL, 0},  {"metric", KL__FIELD_OTHER, 0, NULL, 0},
                                       {"decision", KL__FIELD_OTHER, 0, NULL, 0}, {"confirm", KL__FIELD_OTHER, 0, NULL, 0},    {"exit", KL__FIELD_OTHER, 0, NULL, 0},
                                       {"backtest", KL__FIELD_OTHER, 0, NULL, 0}, {"instrument", KL__FIELD_OTHER, 0, NULL, 0}, {"sweep", KL__FIELD_OTHER, 0, NULL, 0},
                                       {"audit", KL__FIELD_OTHER, 0, NULL, 0},    {"mine", KL__FIELD_OTHER, 0, NULL, 0},       {NULL, 0, 0, NULL, 0}};
    return kl__fields_read(f, KL__TOML_ROOT, tables, NULL);
}
