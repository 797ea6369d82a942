/* Tables of a strategy file read into structs: which keys there are, of which kind, and where they go. For every module that has a
 * table in such a file. */
#ifndef KL__SCORE_FIELDS_H
#define KL__SCORE_FIELDS_H
#include "base/toml.h"
#include "kline/score.h"

enum {
    KL__FIELD_TEXT = 1, /* const char *: lives as long as the document */
    KL__FIELD_MICRO,    /* int32_t of micro-units, exactly */
    KL__FIELD_MICRO64,  /* int64_t */
    KL__FIELD_REAL,     /* double */
    KL__FIELD_INT,      /* int32_t */
    KL__FIELD_INT64,    /* int64_t */
    KL__FIELD_WORD,     /* int32_t: value of one of `words` */
    KL__FIELD_YES,      /* int32_t: 1 or 0 */
    KL__FIELD_BIT,      /* bit `value` of an uint32_t: true sets it */
    KL__FIELD_NOT_BIT,  /* true clears it */
    KL__FIELD_BAND,     /* kl_band: [low, high] or [low] */
    KL__FIELD_OTHER     /* read by hand */
};
typedef struct kl__choice {
    const char *name; /* compared without case; NULL ends a list */
    int32_t value;
} kl__choice;
typedef struct kl__field {
    const char *name; /* NULL ends a list */
    int32_t kind;
    size_t offset;
    const kl__choice *words;
    uint32_t value;
} kl__field;

/* A document whose numbers may be given as "$name". */
typedef struct kl__fields {
    const kl__toml *toml;
    const kl_strategy_param *params;
    const double *values;
    size_t n_params;
    uint32_t *used; /* of each parameter, or NULL */
    kl_error *error;
} kl__fields;

/* An error at the value of a node; gives `code` back. */
kl_status kl__fields_fail(const kl__fields *f, uint32_t node, kl_status code, const char *format, const char *text);
/* All keys of a table into a struct; a key that is not in the list is an error. */
kl_status kl__fields_read(const kl__fields *f, uint32_t table, const kl__field *list, void *to);
/* One value into the field of a struct. */
kl_status kl__fields_one(const kl__fields *f, uint32_t node, const kl__field *field, void *to);
/* One number, given as such or as "$name". */
kl_status kl__fields_real(const kl__fields *f, uint32_t node, double *value);
kl_status kl__fields_micro(const kl__fields *f, uint32_t node, int64_t *value);
kl_status kl__fields_int(const kl__fields *f, uint32_t node, int64_t *value);
/* The words of a file's tables that belong to another module than the reader: checked for their names only. */
kl_status kl__fields_tables(const kl__fields *f);

#endif
