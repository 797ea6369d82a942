/* Candles as rows of a table, in the columns of `kline export`. */
#include "base/wide.h"
#include "data/scale.h"
#include "data/table.h"

enum { TABLE_PRICE, TABLE_VOLUME, TABLE_QUOTE, TABLE_NO_SCALE };

typedef struct {
    char name[16];
    int32_t kind, scale;
} table_kline_column;

static const table_kline_column table_klines[] = {
    {"open_time", KL_COLUMN_TIME, TABLE_NO_SCALE},      {"open", KL_COLUMN_DECIMAL, TABLE_PRICE},
    {"high", KL_COLUMN_DECIMAL, TABLE_PRICE},           {"low", KL_COLUMN_DECIMAL, TABLE_PRICE},
    {"close", KL_COLUMN_DECIMAL, TABLE_PRICE},          {"volume", KL_COLUMN_DECIMAL, TABLE_VOLUME},
    {"close_time", KL_COLUMN_TIME, TABLE_NO_SCALE},     {"quote_volume", KL_COLUMN_DECIMAL, TABLE_QUOTE},
    {"trade_count", KL_COLUMN_I64, TABLE_NO_SCALE},     {"taker_buy_base", KL_COLUMN_DECIMAL, TABLE_VOLUME},
    {"taker_buy_quote", KL_COLUMN_DECIMAL, TABLE_QUOTE}, {"flags", KL_COLUMN_FLAGS, TABLE_NO_SCALE},
};
#define TABLE_KLINES (sizeof table_klines / sizeof table_klines[0])

kl_status kl_table_add_kline_columns(kl_table *table, const kl_scale *scale) {
    if (!table || !kl__scale_valid(scale)) return KL_E_ARG;
    if (table->kline_first != SIZE_MAX) return KL_E_EXISTS;
    const int32_t scales[] = {scale->price, scale->volume, scale->quote, 0};
    const size_t first = table->columns;
    for (size_t i = 0; i < TABLE_KLINES; i++) {
        const table_kline_column *column = &table_klines[i];
        kl_status status = kl_table_add_column(table, column->name, column->kind, scales[column->scale], NULL);
        if (status < 0) {
            kl__table_drop_columns(table, first);
            return status;
        }
    }
    table->kline_first = first;
    return KL_OK;
}

static void table_put_decimal(kl__table_column *column, size_t row, uint32_t known, kl_i128 value) {
    ((kl_i128 *)column->values)[row] = value;
    column->known[row] = known != 0;
}

kl_status kl_table_add_klines(kl_table *table, const kl_kline *rows, size_t n) {
    size_t at;
    if (!table || (!rows && n > 0)) return KL_E_ARG;
    if (table->kline_first == SIZE_MAX) return KL_E_STATE;
    KL__TRY(kl_table_add_rows(table, n, &at));
    kl__table_column *to = table->column + table->kline_first;
    for (size_t i = 0; i < n; i++, at++) {
        const kl_kline *row = &rows[i];
        const uint32_t known = row->known;
        ((int64_t *)to[0].values)[at] = row->open_time_us;
        table_put_decimal(&to[1], at, known & KL_HAS_OPEN, kl__wide_from(row->open));
        table_put_decimal(&to[2], at, known & KL_HAS_HIGH, kl__wide_from(row->high));
        table_put_decimal(&to[3], at, known & KL_HAS_LOW, kl__wide_from(row->low));
        table_put_decimal(&to[4], at, known & KL_HAS_CLOSE, kl__wide_from(row->close));
        table_put_decimal(&to[5], at, known & KL_HAS_VOLUME, row->volume);
        if (known & KL_HAS_CLOSE_TIME) ((int64_t *)to[6].values)[at] = row->close_time_us;
        table_put_decimal(&to[7], at, known & KL_HAS_QUOTE_VOLUME, row->quote_volume);
        ((int64_t *)to[8].values)[at] = row->trade_count;
        to[8].known[at] = (known & KL_HAS_TRADE_COUNT) != 0;
        table_put_decimal(&to[9], at, known & KL_HAS_TAKER_BASE, row->taker_buy_base);
        table_put_decimal(&to[10], at, known & KL_HAS_TAKER_QUOTE, row->taker_buy_quote);
        ((uint32_t *)to[11].values)[at] = row->flags;
        to[11].known[at] = 1;
    }
    return KL_OK;
}
