/* TOML 1.0 without dates and times: a tree over the caller's text, with the place of every value, for files that people write.
 *
 * What it takes means the same in every other TOML reader. Keys, strings and numbers are kept ended by 0, so a reader of a section
 * can hand them on. All memory is one tree from one allocator. */
#ifndef KL__TOML_H
#define KL__TOML_H
#include "base/check.h"

enum { KL__TOML_STRING = 1, KL__TOML_INTEGER, KL__TOML_FLOAT, KL__TOML_BOOL, KL__TOML_ARRAY, KL__TOML_TABLE };
#define KL__TOML_NONE UINT32_MAX
#define KL__TOML_ROOT 0u             /* the node of the whole document, a table */
#define KL__TOML_LENGTH_MAX (1 << 24) /* bytes of a text */
#define KL__TOML_NODES_MAX 16384      /* keys and values: doubled keys are looked for among all keys of a table */
#define KL__TOML_DEPTH_MAX 32         /* arrays and inline tables within each other */

typedef struct kl__toml_node {
    uint32_t next, first, last; /* sibling; children of arrays and tables: KL__TOML_NONE where there is none */
    uint32_t count;             /* children */
    uint32_t key, key_length;   /* in chars; elements of arrays have none */
    uint32_t key_at, value_at;  /* bytes of the text where they begin, headers of tables at their key */
    uint32_t value, length;     /* in chars: a decoded string, a number without its underscores; of a bool: value is 0 or 1 */
    uint32_t section;           /* the header under which dotted keys made this table, 0: they did not */
    uint16_t kind, flags;
} kl__toml_node;

typedef struct kl__toml {
    kl_alloc alloc;
    const char *text; /* the caller's: has to stay while places are asked for */
    size_t length;
    kl__toml_node *nodes;
    char *chars;
    uint32_t n, room, n_chars, reserved;
} kl__toml;

/* Reads a document; `alloc` NULL: libc. KL_OK, KL_E_TOML, KL_E_SIZE (too long, too many values), KL_E_MEMORY; `error` has line and
 * column. After a failure there is nothing to free. */
kl_status kl__toml_read(const char *text, size_t length, const kl_alloc *alloc, kl__toml *toml, kl_error *error);
void kl__toml_free(kl__toml *toml);

/* The child of a table by its key; KL__TOML_NONE. */
uint32_t kl__toml_find(const kl__toml *toml, uint32_t table, const char *key);

/* Line and column, from 1 and in characters, of a byte of the text. */
void kl__toml_place(const kl__toml *toml, size_t at, int64_t *line, int64_t *column);
/* The byte of the text from which byte `at` of a string's value was decoded. */
size_t kl__toml_source(const kl__toml *toml, uint32_t node, size_t at);

/* Values, for those who know the kind. Each KL_OK, or KL_E_ARG for another kind. */
kl_status kl__toml_integer(const kl__toml *toml, uint32_t node, int64_t *value); /* an integer */
kl_status kl__toml_real(const kl__toml *toml, uint32_t node, double *value);     /* an integer or a float: the nearest double */
/* An integer or a float times 10^digits, exactly: KL_E_SCALE where more decimals are written, KL_E_OVERFLOW, KL_E_NOT_FINITE. */
kl_status kl__toml_fixed(const kl__toml *toml, uint32_t node, int32_t digits, int64_t *value);

KL__INLINE const kl__toml_node *kl__toml_at(const kl__toml *toml, uint32_t node) { return &toml->nodes[node]; }
KL__INLINE const char *kl__toml_key(const kl__toml *toml, uint32_t node) { return toml->chars + toml->nodes[node].key; }
KL__INLINE const char *kl__toml_string(const kl__toml *toml, uint32_t node) { return toml->chars + toml->nodes[node].value; }

#endif
