/* Named typed columns of equal length, with metadata. */
#include "base/fp.h"
#include "data/table.h"
#include "data/grow.h"
#include <math.h>
#include <string.h>

#define TABLE_BLOCK 65536

static size_t table_item_size(int32_t kind) {
    static const uint8_t table_sizes[] = {0, sizeof(double), sizeof(int64_t), sizeof(int64_t), sizeof(kl_i128),
                                          sizeof(kl__table_text), sizeof(uint32_t)};
    return kind >= KL_COLUMN_F64 && kind <= KL_COLUMN_FLAGS ? table_sizes[kind] : 0;
}

static void table_give(const kl_alloc *alloc, void *memory, size_t bytes) {
    if (memory) alloc->give(alloc->ctx, memory, bytes);
}

static char *table_copy_text(const kl_alloc *alloc, const char *text) {
    size_t bytes = strlen(text) + 1;
    char *copy = (char *)alloc->take(alloc->ctx, bytes);
    if (copy) memcpy(copy, text, bytes);
    return copy;
}

static void table_give_text(const kl_alloc *alloc, char *text) {
    if (text) alloc->give(alloc->ctx, text, strlen(text) + 1);
}

kl_status kl_table_new(const kl_alloc *alloc, kl_table **table) {
    if (!table) return KL_E_ARG;
    if (!alloc) alloc = kl_alloc_libc();
    kl_table *made = (kl_table *)alloc->take(alloc->ctx, sizeof *made);
    if (!made) return KL_E_MEMORY;
    memset(made, 0, sizeof *made);
    made->alloc = *alloc;
    made->kline_first = SIZE_MAX;
    *table = made;
    return KL_OK;
}

static void table_free_blocks(kl_table *table, const kl__table_block *keep) {
    while (table->blocks && table->blocks != keep) {
        kl__table_block *next = table->blocks->next;
        table_give(&table->alloc, table->blocks, sizeof *next + table->blocks->capacity);
        table->blocks = next;
    }
}

static void table_free_column(kl_table *table, kl__table_column *column) {
    table_give_text(&table->alloc, column->name);
    table_give(&table->alloc, column->values, column->capacity * table_item_size(column->kind));
    table_give(&table->alloc, column->known, column->capacity);
}

void kl_table_free(kl_table *table) {
    if (!table) return;
    const kl_alloc alloc = table->alloc;
    for (size_t i = 0; i < table->columns; i++) table_free_column(table, &table->column[i]);
    for (size_t i = 0; i < table->metas; i++) {
        table_give_text(&alloc, table->meta[i].name);
        table_give_text(&alloc, table->meta[i].text);
    }
    table_free_blocks(table, NULL);
    table_give(&alloc, table->column, table->columns_capacity * sizeof *table->column);
    table_give(&alloc, table->meta, table->metas_capacity * sizeof *table->meta);
    table_give(&alloc, table, sizeof *table);
}

kl_status kl_table_add_column(kl_table *table, const char *name, int32_t kind, int32_t scale, size_t *index) {
    if (!table || !name || table_item_size(kind) == 0 || scale < 0 || scale > KL_SCALE_MAX) return KL_E_ARG;
    if (table->rows > 0) return KL_E_STATE;
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->column[i].name, name) == 0) return KL_E_EXISTS;
    void *memory = table->column;
    KL__TRY(kl__grow(&table->alloc, &memory, &table->columns_capacity, table->columns + 1, sizeof *table->column));
    table->column = (kl__table_column *)memory;
    kl__table_column *column = &table->column[table->columns];
    memset(column, 0, sizeof *column);
    column->name = table_copy_text(&table->alloc, name);
    if (!column->name) return KL_E_MEMORY;
    column->kind = kind;
    column->scale = kind == KL_COLUMN_DECIMAL ? scale : 0;
    if (index) *index = table->columns;
    table->columns++;
    return KL_OK;
}

void kl__table_drop_columns(kl_table *table, size_t keep) {
    while (table->columns > keep) table_free_column(table, &table->column[--table->columns]);
}

kl_status kl_table_set_meta(kl_table *table, const char *name, const char *text) {
    if (!table || !name || !text) return KL_E_ARG;
    char *value = table_copy_text(&table->alloc, text);
    if (!value) return KL_E_MEMORY;
    for (size_t i = 0; i < table->metas; i++) {
        if (strcmp(table->meta[i].name, name) != 0) continue;
        table_give_text(&table->alloc, table->meta[i].text);
        table->meta[i].text = value;
        return KL_OK;
    }
    void *memory = table->meta;
    char *key = NULL;
    kl_status status = kl__grow(&table->alloc, &memory, &table->metas_capacity, table->metas + 1, sizeof *table->meta);
    if (status == KL_OK) {
        table->meta = (kl__table_meta *)memory;
        key = table_copy_text(&table->alloc, name);
    }
    if (!key) {
        table_give_text(&table->alloc, value);
        return KL_E_MEMORY;
    }
    table->meta[table->metas].name = key;
    table->meta[table->metas++].text = value;
    return KL_OK;
}

kl_status kl_table_meta(const kl_table *table, size_t index, const char **name, const char **text) {
    if (!table) return KL_E_ARG;
    if (index >= table->metas) return KL_END;
    if (name) *name = table->meta[index].name;
    if (text) *text = table->meta[index].text;
    return KL_OK;
}

/* ------------------------------------------------------------------------------------------------------ rows --- */

/* Room for `capacity` rows; a failure leaves the column as it was. */
static kl_status table_column_room(const kl_alloc *alloc, kl__table_column *column, size_t capacity) {
    size_t size = table_item_size(column->kind), bytes, old = column->capacity;
    if (capacity <= old) return KL_OK;
    if (kl__size_mul(capacity, size, &bytes)) return KL_E_MEMORY;
    int wants_known = column->kind != KL_COLUMN_F64 && column->kind != KL_COLUMN_TIME;
    uint8_t *known = NULL;
    if (wants_known) {
        known = (uint8_t *)alloc->take(alloc->ctx, capacity);
        if (!known) return KL_E_MEMORY;
    }
    void *values = column->values ? alloc->grow(alloc->ctx, column->values, old * size, bytes)
                                  : alloc->take(alloc->ctx, bytes);
    if (!values) {
        table_give(alloc, known, capacity);
        return KL_E_MEMORY;
    }
    column->values = values;
    if (wants_known) {
        if (old > 0) memcpy(known, column->known, old);
        table_give(alloc, column->known, old);
        column->known = known;
    }
    column->capacity = capacity;
    return KL_OK;
}

static void table_clear(kl__table_column *column, size_t first, size_t n) {
    if (column->known) memset(column->known + first, 0, n);
    if (column->kind == KL_COLUMN_F64)
        for (size_t i = 0; i < n; i++) ((double *)column->values)[first + i] = (double)NAN;
    else if (column->kind == KL_COLUMN_TIME)
        for (size_t i = 0; i < n; i++) ((int64_t *)column->values)[first + i] = KL_TIME_NONE;
    else
        memset((unsigned char *)column->values + first * table_item_size(column->kind), 0, n * table_item_size(column->kind));
}

kl_status kl__table_extend(kl_table *table, size_t n, size_t *first) {
    size_t total;
    if (kl__size_add(table->rows, n, &total)) return KL_E_MEMORY;
    for (size_t i = 0; i < table->columns; i++) { /* columns may end up with different room; rows move only after all have it */
        size_t wanted = table->column[i].capacity + table->column[i].capacity / 2;
        if (total > table->column[i].capacity)
            KL__TRY(table_column_room(&table->alloc, &table->column[i], wanted < total ? total : wanted));
    }
    *first = table->rows;
    table->rows = total;
    return KL_OK;
}

kl_status kl_table_add_rows(kl_table *table, size_t n, size_t *first) {
    size_t row;
    if (!table) return KL_E_ARG;
    KL__TRY(kl__table_extend(table, n, &row));
    if (n > 0)
        for (size_t i = 0; i < table->columns; i++) table_clear(&table->column[i], row, n);
    if (first) *first = row;
    return KL_OK;
}

kl_status kl_table_clear_rows(kl_table *table) {
    if (!table) return KL_E_ARG;
    table->rows = 0;
    kl__table_block *last = table->blocks;
    while (last && last->next) last = last->next;
    table_free_blocks(table, last);
    if (last) last->used = 0;
    return KL_OK;
}

size_t kl_table_rows(const kl_table *table) { return table ? table->rows : 0; }
size_t kl_table_columns(const kl_table *table) { return table ? table->columns : 0; }

kl_status kl_table_column(const kl_table *table, size_t index, const char **name, int32_t *kind, int32_t *scale) {
    if (!table) return KL_E_ARG;
    if (index >= table->columns) return KL_END;
    if (name) *name = table->column[index].name;
    if (kind) *kind = table->column[index].kind;
    if (scale) *scale = table->column[index].scale;
    return KL_OK;
}

kl_status kl_table_find_column(const kl_table *table, const char *name, size_t *index) {
    if (!table || !name || !index) return KL_E_ARG;
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->column[i].name, name) == 0) return *index = i, KL_OK;
    return KL_E_NOT_FOUND;
}

/* ----------------------------------------------------------------------------------------------------- cells --- */

/* The column of a cell that exists and is of one of two kinds, or NULL. */
static kl__table_column *table_cell(const kl_table *table, size_t column, size_t row, int32_t kind, int32_t other) {
    if (!table || column >= table->columns || row >= table->rows) return NULL;
    kl__table_column *found = &table->column[column];
    return found->kind == kind || found->kind == other ? found : NULL;
}

kl_status kl_table_set_f64(kl_table *table, size_t column, size_t row, double value) {
    kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_F64, KL_COLUMN_F64);
    if (!cell) return KL_E_ARG;
    ((double *)cell->values)[row] = value;
    return KL_OK;
}

kl_status kl_table_set_i64(kl_table *table, size_t column, size_t row, int64_t value) {
    kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_I64, KL_COLUMN_TIME);
    if (!cell) return KL_E_ARG;
    ((int64_t *)cell->values)[row] = value;
    if (cell->known) cell->known[row] = 1;
    return KL_OK;
}

kl_status kl_table_set_decimal(kl_table *table, size_t column, size_t row, const kl_i128 *mantissa) {
    kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_DECIMAL, KL_COLUMN_DECIMAL);
    if (!cell || !mantissa) return KL_E_ARG;
    ((kl_i128 *)cell->values)[row] = *mantissa;
    cell->known[row] = 1;
    return KL_OK;
}

static char *table_text_room(kl_table *table, size_t length) {
    kl__table_block *block = table->blocks;
    if (!block || block->capacity - block->used < length) {
        size_t capacity = length > TABLE_BLOCK ? length : TABLE_BLOCK, bytes;
        if (kl__size_add(capacity, sizeof *block, &bytes)) return NULL;
        block = (kl__table_block *)table->alloc.take(table->alloc.ctx, bytes);
        if (!block) return NULL;
        block->next = table->blocks;
        block->used = 0;
        block->capacity = capacity;
        table->blocks = block;
    }
    char *room = (char *)(block + 1) + block->used;
    block->used += length;
    return room;
}

kl_status kl_table_set_text(kl_table *table, size_t column, size_t row, const char *text, size_t length) {
    kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_TEXT, KL_COLUMN_TEXT);
    if (!cell || (!text && length > 0) || length == SIZE_MAX) return KL_E_ARG;
    char *copy = table_text_room(table, length + 1);
    if (!copy) return KL_E_MEMORY;
    if (length > 0) memcpy(copy, text, length);
    copy[length] = '\0';
    kl__table_text *place = (kl__table_text *)cell->values + row;
    place->text = copy;
    place->length = length;
    cell->known[row] = 1;
    return KL_OK;
}

kl_status kl_table_set_flags(kl_table *table, size_t column, size_t row, uint32_t flags) {
    kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_FLAGS, KL_COLUMN_FLAGS);
    if (!cell) return KL_E_ARG;
    ((uint32_t *)cell->values)[row] = flags;
    cell->known[row] = 1;
    return KL_OK;
}

kl_status kl_table_get_f64(const kl_table *table, size_t column, size_t row, double *value) {
    const kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_F64, KL_COLUMN_F64);
    if (!cell || !value) return KL_E_ARG;
    *value = ((const double *)cell->values)[row];
    return KL_OK;
}

kl_status kl_table_get_i64(const kl_table *table, size_t column, size_t row, int64_t *value) {
    const kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_I64, KL_COLUMN_TIME);
    if (!cell || !value) return KL_E_ARG;
    *value = ((const int64_t *)cell->values)[row];
    return KL_OK;
}

kl_status kl_table_get_decimal(const kl_table *table, size_t column, size_t row, kl_i128 *mantissa) {
    const kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_DECIMAL, KL_COLUMN_DECIMAL);
    if (!cell || !mantissa) return KL_E_ARG;
    *mantissa = ((const kl_i128 *)cell->values)[row];
    return KL_OK;
}

kl_status kl_table_get_text(const kl_table *table, size_t column, size_t row, const char **text, size_t *length) {
    const kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_TEXT, KL_COLUMN_TEXT);
    if (!cell) return KL_E_ARG;
    const kl__table_text *place = (const kl__table_text *)cell->values + row;
    if (text) *text = place->text ? place->text : "";
    if (length) *length = place->length;
    return KL_OK;
}

kl_status kl_table_get_flags(const kl_table *table, size_t column, size_t row, uint32_t *flags) {
    const kl__table_column *cell = table_cell(table, column, row, KL_COLUMN_FLAGS, KL_COLUMN_FLAGS);
    if (!cell || !flags) return KL_E_ARG;
    *flags = ((const uint32_t *)cell->values)[row];
    return KL_OK;
}

int32_t kl_table_is_known(const kl_table *table, size_t column, size_t row) {
    return table && column < table->columns && row < table->rows && kl__table_known(&table->column[column], row);
}
