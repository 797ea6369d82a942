/* TOML, the document: lines, tables, arrays, and which key may be given where. */
#include "base/size.h"
#include "base/toml_lex.h"
#include <string.h>

/* kl__toml_node.flags */
enum {
    TOML_DECLARED = 1, /* by a header [..], or an array of tables: no second header, no dotted key leads into it */
    TOML_CLOSED = 2,   /* an inline table or a static array: nothing is added */
    TOML_TABLES = 4    /* an array of tables [[..]] */
};

/* --------------------------------------------------------------------------------------------------------- nodes --- */

static kl_status toml_node_new(kl__toml_lex *lex, uint32_t parent, const char *at, const kl__toml_node *like, uint32_t *node) {
    kl__toml *toml = lex->toml;
    if (toml->n == KL__TOML_NODES_MAX) {
        kl__toml_lex_fail(lex, at, "too many keys and values");
        if (lex->error) lex->error->code = KL_E_SIZE;
        return KL_E_SIZE;
    }
    if (toml->n == toml->room) {
        uint32_t room = toml->room ? toml->room * 2 : 64;
        kl__toml_node *nodes = toml->alloc.grow(toml->alloc.ctx, toml->nodes, toml->room * sizeof *nodes, room * sizeof *nodes);
        if (!nodes) return kl__fail(lex->error, KL_E_MEMORY, 0, 0, 0, "no memory for %u keys and values", (unsigned)room);
        toml->nodes = nodes;
        toml->room = room;
    }
    kl__toml_node *made = &toml->nodes[toml->n];
    *made = *like;
    made->next = made->first = made->last = KL__TOML_NONE;
    made->count = 0;
    *node = toml->n++;
    if (parent == KL__TOML_NONE) return KL_OK;
    kl__toml_node *above = &toml->nodes[parent];
    if (above->last == KL__TOML_NONE) above->first = *node;
    else toml->nodes[above->last].next = *node;
    above->last = *node;
    above->count++;
    return KL_OK;
}

static uint32_t toml_child(const kl__toml *toml, uint32_t table, const char *key, size_t length) {
    for (uint32_t i = toml->nodes[table].first; i != KL__TOML_NONE; i = toml->nodes[i].next)
        if (toml->nodes[i].key_length == length && !memcmp(toml->chars + toml->nodes[i].key, key, length)) return i;
    return KL__TOML_NONE;
}

uint32_t kl__toml_find(const kl__toml *toml, uint32_t table, const char *key) {
    return toml->nodes[table].kind == KL__TOML_TABLE ? toml_child(toml, table, key, strlen(key)) : KL__TOML_NONE;
}

void kl__toml_place(const kl__toml *toml, size_t at, int64_t *line, int64_t *column) {
    *line = *column = 1;
    for (size_t i = 0; i < at && i < toml->length; i++) {
        if (toml->text[i] == '\n') ++*line, *column = 1;
        else *column += (toml->text[i] & 0xC0) != 0x80;
    }
}

/* ---------------------------------------------------------------------------------------------------------- keys --- */

/* One part of a dotted key, and whether another follows. */
static kl_status toml_part(kl__toml_lex *lex, kl__toml_node *part, int *more) {
    memset(part, 0, sizeof *part);
    kl__toml_lex_blanks(lex, 0);
    part->key_at = part->value_at = (uint32_t)(lex->p - lex->text);
    KL__TRY(kl__toml_lex_key(lex, &part->key, &part->key_length));
    kl__toml_lex_blanks(lex, 0);
    *more = lex->p < lex->end && *lex->p == '.';
    lex->p += *more;
    return KL_OK;
}

static uint32_t toml_find_part(const kl__toml *toml, uint32_t table, const kl__toml_node *part) {
    return toml_child(toml, table, toml->chars + part->key, part->key_length);
}

/* Into the table that a part of a header, or all but the last of it, names: it is made where it is not there. */
static kl_status toml_header_into(kl__toml_lex *lex, uint32_t *table, kl__toml_node *part) {
    uint32_t child = toml_find_part(lex->toml, *table, part);
    if (child == KL__TOML_NONE) {
        part->kind = KL__TOML_TABLE;
        return toml_node_new(lex, *table, lex->text + part->key_at, part, table);
    }
    const kl__toml_node *node = &lex->toml->nodes[child];
    if (node->flags & TOML_TABLES) child = node->last;
    else if (node->flags & TOML_CLOSED) return kl__toml_lex_fail(lex, lex->text + part->key_at, "nothing can be added to an inline table or array");
    else if (node->kind != KL__TOML_TABLE) return kl__toml_lex_fail(lex, lex->text + part->key_at, "this key has a value already, it is no table");
    *table = child;
    return KL_OK;
}

/* Made by dotted keys under an earlier header: as good as declared. */
static int toml_declared(const kl__toml_lex *lex, const kl__toml_node *node) {
    return (node->flags & TOML_DECLARED) || (node->section && node->section != lex->section);
}

/* [a.b] */
static kl_status toml_header(kl__toml_lex *lex, uint32_t *current) {
    kl__toml_node part;
    uint32_t table = KL__TOML_ROOT, child;
    int more;
    lex->p++;
    for (;;) {
        KL__TRY(toml_part(lex, &part, &more));
        if (!more) break;
        KL__TRY(toml_header_into(lex, &table, &part));
    }
    child = toml_find_part(lex->toml, table, &part);
    if (child != KL__TOML_NONE) {
        const kl__toml_node *node = &lex->toml->nodes[child];
        if (toml_declared(lex, node)) return kl__toml_lex_fail(lex, lex->text + part.key_at, "this table is there already");
    }
    KL__TRY(toml_header_into(lex, &table, &part));
    lex->toml->nodes[table].flags |= TOML_DECLARED;
    lex->toml->nodes[table].key_at = part.key_at;
    if (lex->p == lex->end || *lex->p != ']') return kl__toml_lex_fail(lex, lex->p, "] was expected");
    lex->p++;
    *current = table;
    return kl__toml_lex_line_end(lex);
}

/* [[a.b]] */
static kl_status toml_header_list(kl__toml_lex *lex, uint32_t *current) {
    kl__toml_node part;
    uint32_t table = KL__TOML_ROOT, list;
    int more;
    lex->p += 2;
    for (;;) {
        KL__TRY(toml_part(lex, &part, &more));
        if (!more) break;
        KL__TRY(toml_header_into(lex, &table, &part));
    }
    list = toml_find_part(lex->toml, table, &part);
    if (list == KL__TOML_NONE) {
        part.kind = KL__TOML_ARRAY;
        part.flags = TOML_DECLARED | TOML_TABLES;
        KL__TRY(toml_node_new(lex, table, lex->text + part.key_at, &part, &list));
    } else if (!(lex->toml->nodes[list].flags & TOML_TABLES))
        return kl__toml_lex_fail(lex, lex->text + part.key_at, "this key is there already, and is no array of tables");
    part.kind = KL__TOML_TABLE;
    part.flags = TOML_DECLARED;
    part.key_length = 0;
    KL__TRY(toml_node_new(lex, list, lex->text + part.key_at, &part, current));
    if (lex->end - lex->p < 2 || lex->p[0] != ']' || lex->p[1] != ']') return kl__toml_lex_fail(lex, lex->p, "]] was expected");
    lex->p += 2;
    return kl__toml_lex_line_end(lex);
}

/* -------------------------------------------------------------------------------------------------------- values --- */

static kl_status toml_value(kl__toml_lex *lex, uint32_t parent, kl__toml_node *node, uint32_t *made);

/* key = value, in a table that a header or an inline table holds. */
static kl_status toml_pair(kl__toml_lex *lex, uint32_t table) {
    kl__toml_node part;
    uint32_t child, made;
    int more;
    for (;;) {
        KL__TRY(toml_part(lex, &part, &more));
        child = toml_find_part(lex->toml, table, &part);
        if (!more) break;
        if (child == KL__TOML_NONE) {
            part.kind = KL__TOML_TABLE;
            part.section = lex->section;
            KL__TRY(toml_node_new(lex, table, lex->text + part.key_at, &part, &table));
            continue;
        }
        kl__toml_node *node = &lex->toml->nodes[child];
        if (node->flags & TOML_CLOSED) return kl__toml_lex_fail(lex, lex->text + part.key_at, "nothing can be added to an inline table or array");
        if (node->kind != KL__TOML_TABLE) return kl__toml_lex_fail(lex, lex->text + part.key_at, "this key has a value already, it is no table");
        if (toml_declared(lex, node)) return kl__toml_lex_fail(lex, lex->text + part.key_at, "this table is there already: its keys stand under its header");
        node->section = lex->section;
        table = child;
    }
    if (child != KL__TOML_NONE) return kl__toml_lex_fail(lex, lex->text + part.key_at, "this key is there already");
    if (lex->p == lex->end || *lex->p != '=') return kl__toml_lex_fail(lex, lex->p, "= was expected");
    lex->p++;
    kl__toml_lex_blanks(lex, 0);
    return toml_value(lex, table, &part, &made);
}

static kl_status toml_inline_table(kl__toml_lex *lex, uint32_t table) {
    lex->p++;
    kl__toml_lex_blanks(lex, 0);
    if (lex->p < lex->end && *lex->p == '}') return lex->p++, KL_OK;
    for (;;) {
        KL__TRY(toml_pair(lex, table));
        kl__toml_lex_blanks(lex, 0);
        if (lex->p == lex->end || (*lex->p != ',' && *lex->p != '}')) return kl__toml_lex_fail(lex, lex->p, ", or } was expected");
        if (*lex->p++ == '}') return KL_OK;
    }
}

static kl_status toml_array(kl__toml_lex *lex, uint32_t array) {
    lex->p++;
    for (;;) {
        kl__toml_node node;
        uint32_t made;
        memset(&node, 0, sizeof node);
        KL__TRY(kl__toml_lex_blanks(lex, 1));
        if (lex->p < lex->end && *lex->p == ']') return lex->p++, KL_OK;
        node.key_at = (uint32_t)(lex->p - lex->text);
        KL__TRY(toml_value(lex, array, &node, &made));
        KL__TRY(kl__toml_lex_blanks(lex, 1));
        if (lex->p == lex->end || (*lex->p != ',' && *lex->p != ']')) return kl__toml_lex_fail(lex, lex->p, ", or ] was expected");
        if (*lex->p++ == ']') return KL_OK;
    }
}

/* Everything in it is closed with it; the tables that dotted keys made in it, too. */
static void toml_close(kl__toml *toml, uint32_t from) {
    for (uint32_t i = from; i < toml->n; i++)
        if (toml->nodes[i].kind == KL__TOML_TABLE || toml->nodes[i].kind == KL__TOML_ARRAY) toml->nodes[i].flags |= TOML_CLOSED;
}

static kl_status toml_value(kl__toml_lex *lex, uint32_t parent, kl__toml_node *node, uint32_t *made) {
    kl_status status;
    const char *at = lex->p;
    char c = lex->p < lex->end ? *lex->p : 0;
    node->value_at = (uint32_t)(lex->p - lex->text);
    if (c != '[' && c != '{') {
        KL__TRY(kl__toml_lex_scalar(lex, node));
        return toml_node_new(lex, parent, at, node, made);
    }
    if (lex->depth == KL__TOML_DEPTH_MAX) return kl__toml_lex_fail(lex, at, "arrays and inline tables are nested too deeply");
    node->kind = c == '[' ? KL__TOML_ARRAY : KL__TOML_TABLE;
    KL__TRY(toml_node_new(lex, parent, at, node, made));
    lex->depth++;
    status = c == '[' ? toml_array(lex, *made) : toml_inline_table(lex, *made);
    lex->depth--;
    toml_close(lex->toml, *made);
    return status;
}

/* ------------------------------------------------------------------------------------------------------ document --- */

static kl_status toml_document(kl__toml_lex *lex) {
    kl__toml_node root;
    uint32_t current;
    memset(&root, 0, sizeof root);
    root.kind = KL__TOML_TABLE;
    root.flags = TOML_DECLARED;
    KL__TRY(toml_node_new(lex, KL__TOML_NONE, lex->text, &root, &current));
    for (;;) {
        KL__TRY(kl__toml_lex_blanks(lex, 1));
        if (lex->p == lex->end) return KL_OK;
        if (*lex->p != '[') {
            KL__TRY(toml_pair(lex, current));
            KL__TRY(kl__toml_lex_line_end(lex));
            continue;
        }
        lex->section++;
        if (lex->end - lex->p > 1 && lex->p[1] == '[') KL__TRY(toml_header_list(lex, &current));
        else KL__TRY(toml_header(lex, &current));
    }
}

kl_status kl__toml_read(const char *text, size_t length, const kl_alloc *alloc, kl__toml *toml, kl_error *error) {
    memset(toml, 0, sizeof *toml);
    toml->alloc = alloc ? *alloc : *kl_alloc_libc();
    toml->text = text;
    toml->length = length;
    if (length > KL__TOML_LENGTH_MAX) return kl__fail(error, KL_E_SIZE, 0, 0, 0, "a text of %u bytes at most is read", KL__TOML_LENGTH_MAX);
    /* a key, string or number and its 0 never take more than it takes in the text with the sign behind it */
    toml->chars = toml->alloc.take(toml->alloc.ctx, length + 2);
    if (!toml->chars) return kl__fail(error, KL_E_MEMORY, 0, 0, 0, "no memory for a text of %u bytes", (unsigned)length);
    kl__toml_lex lex = {text, text, text + length, toml, error, 1, 0};
    kl_status status = toml_document(&lex);
    if (status < 0) kl__toml_free(toml);
    return status < 0 ? status : KL_OK;
}

void kl__toml_free(kl__toml *toml) {
    if (toml->nodes) toml->alloc.give(toml->alloc.ctx, toml->nodes, toml->room * sizeof *toml->nodes);
    if (toml->chars) toml->alloc.give(toml->alloc.ctx, toml->chars, toml->length + 2);
    toml->nodes = NULL;
    toml->chars = NULL;
}
