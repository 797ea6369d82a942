/* Closes of two series side by side (F109). */
#include "base/fp.h"
#include "data/scale.h"
#include "kline/clean.h"

enum { SPREAD_TIME, SPREAD_A, SPREAD_B, SPREAD_DIFFERENCE, SPREAD_BPS, SPREAD_COLUMNS };

static kl_status spread_columns(const kl_series *a, const kl_series *b, int32_t common, kl_table *table) {
    const struct {
        const char *name;
        int32_t kind, scale;
    } columns[SPREAD_COLUMNS] = {{"open_time", KL_COLUMN_TIME, 0},
                                 {"close_a", KL_COLUMN_DECIMAL, a->scale.price},
                                 {"close_b", KL_COLUMN_DECIMAL, b->scale.price},
                                 {"difference", KL_COLUMN_DECIMAL, common},
                                 {"difference_bps", KL_COLUMN_F64, 0}};
    size_t index;
    for (int i = 0; i < SPREAD_COLUMNS; i++)
        KL__TRY(kl_table_add_column(table, columns[i].name, columns[i].kind, columns[i].scale, &index));
    return KL_OK;
}

static kl_status spread_row(kl_table *table, const kl_kline *a, const kl_kline *b, int32_t scale_a, int32_t scale_b, int32_t common) {
    size_t row;
    KL__TRY(kl_table_add_rows(table, 1, &row));
    KL__TRY(kl_table_set_i64(table, SPREAD_TIME, row, a->open_time_us));
    kl_i128 close_a = kl__wide_from(a->close), close_b = kl__wide_from(b->close), difference;
    if (a->known & KL_HAS_CLOSE) KL__TRY(kl_table_set_decimal(table, SPREAD_A, row, &close_a));
    if (b->known & KL_HAS_CLOSE) KL__TRY(kl_table_set_decimal(table, SPREAD_B, row, &close_b));
    if (!(a->known & b->known & KL_HAS_CLOSE)) return KL_OK;
    KL__TRY(kl__scale_wide(&close_a, common - scale_a));
    KL__TRY(kl__scale_wide(&close_b, common - scale_b));
    (void)kl__wide_sub(close_a, close_b, &difference); /* two numbers below 2^63 * 10^18 */
    KL__TRY(kl_table_set_decimal(table, SPREAD_DIFFERENCE, row, &difference));
    double x = kl_decimal_to_double(&close_a, common), y = kl_decimal_to_double(&close_b, common);
    double mean = (x + y) / 2;
    return mean > 0 ? kl_table_set_f64(table, SPREAD_BPS, row, kl_decimal_to_double(&difference, common) * 10000 / mean) : KL_OK;
}

kl_status kl_price_spread(const kl_series *a, const kl_series *b, kl_table *table, kl_error *error) {
    if (!a || !b || !table) return kl__fail(error, KL_E_ARG, !a ? 1 : !b ? 2 : 3, 0, 0, "an argument is missing");
    if (kl_table_columns(table)) return kl__fail(error, KL_E_STATE, 3, 0, 0, "the table has columns already");
    if (!kl_series_is_sorted(a) || !kl_series_is_sorted(b))
        return kl__fail(error, KL_E_ORDER, kl_series_is_sorted(a) ? 2 : 1, 0, 0, "a series is not sorted or has duplicates");
    int32_t common = a->scale.price > b->scale.price ? a->scale.price : b->scale.price;
    KL__TRY(spread_columns(a, b, common, table));
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        kl_time x = a->rows[i].open_time_us, y = b->rows[j].open_time_us;
        if (x == y) KL__TRY(spread_row(table, &a->rows[i], &b->rows[j], a->scale.price, b->scale.price, common));
        i += x <= y;
        j += y <= x;
    }
    return KL_OK;
}
