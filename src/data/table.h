/* The inside of a table, for its writers. */
#ifndef KL__TABLE_H
#define KL__TABLE_H
#include "base/check.h"
#include "kline/data.h"

typedef struct {
    const char *text;
    size_t length;
} kl__table_text;

typedef struct {
    char *name;
    int32_t kind, scale;
    size_t capacity;
    void *values;   /* double, int64_t, kl_i128, kl__table_text or uint32_t, by kind */
    uint8_t *known; /* 1 where a value was set; NULL for kinds that say it themselves */
} kl__table_column;

typedef struct kl__table_block { /* text cells live in blocks that never move */
    struct kl__table_block *next;
    size_t used, capacity;
} kl__table_block;

typedef struct {
    char *name, *text;
} kl__table_meta;

struct kl_table {
    kl_alloc alloc;
    size_t rows, columns, columns_capacity, metas, metas_capacity;
    kl__table_column *column;
    kl__table_meta *meta;
    kl__table_block *blocks;
    size_t kline_first; /* first of the twelve candle columns, SIZE_MAX without */
};

KL__INLINE int kl__table_known(const kl__table_column *column, size_t row) {
    if (column->known) return column->known[row];
    if (column->kind == KL_COLUMN_TIME) return ((const int64_t *)column->values)[row] != KL_TIME_NONE;
    double value = ((const double *)column->values)[row];
    return value == value;
}

/* Adds rows whose cells are yet to be written, every one of them, with `known` where a column has it. */
kl_status kl__table_extend(kl_table *table, size_t n, size_t *first);
/* Takes back the columns from number `keep` on; there are no rows yet. */
void kl__table_drop_columns(kl_table *table, size_t keep);
/* Checks the flags of a writer. */
kl_status kl__table_write_check(const kl_table *table, uint32_t flags, const kl_writer *writer);

#endif
