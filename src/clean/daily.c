/* Changes, spreads and returns of each bar (F40). */
#include "base/fp.h"
#include "base/wide.h"
#include "kline/clean.h"
#include <math.h>

enum { DAILY_TIME, DAILY_CHANGE, DAILY_CHANGE_PCT, DAILY_SPREAD, DAILY_SPREAD_PCT, DAILY_RETURN_PCT, DAILY_LOG_RETURN, DAILY_COLUMNS };

static const char *const daily_names[DAILY_COLUMNS] = {"open_time",  "change",     "change_pct", "spread",
                                                       "spread_pct", "return_pct", "log_return"};

typedef struct daily_output {
    kl_table *table;
    double power; /* 10^digits; 0: exact */
    size_t row;
} daily_output;

/* half away from zero; what has no such digits stays. */
static double daily_round(double value, double power) {
    double scaled = (value < 0 ? -value : value) * power;
    if (power == 0 || !(scaled < 4503599627370496.0)) return value;
    double whole = floor(scaled);
    if (scaled - whole >= 0.5) whole += 1;
    return value < 0 ? -(whole / power) : whole / power;
}

static kl_status daily_set(const daily_output *out, size_t column, double value) {
    return kl_table_set_f64(out->table, column, out->row, daily_round(value, out->power));
}

static double daily_percent(const kl_i128 *part, int64_t of) { return kl_decimal_to_double(part, 0) * 100.0 / (double)of; }

static kl_i128 daily_difference(int64_t a, int64_t b) {
    kl_i128 d;
    (void)kl__wide_sub(kl__wide_from(a), kl__wide_from(b), &d);
    return d;
}

static int daily_has(const kl_kline *row, uint32_t bits) { return (row->known & bits) == bits; }

static kl_status daily_row(const daily_output *out, const kl_kline *row, const kl_kline *before, int32_t scale) {
    KL__TRY(kl_table_set_i64(out->table, DAILY_TIME, out->row, row->open_time_us));
    if (daily_has(row, KL_HAS_OPEN | KL_HAS_CLOSE)) {
        kl_i128 change = daily_difference(row->close, row->open);
        KL__TRY(daily_set(out, DAILY_CHANGE, kl_decimal_to_double(&change, scale)));
        if (row->open > 0) KL__TRY(daily_set(out, DAILY_CHANGE_PCT, daily_percent(&change, row->open)));
    }
    if (daily_has(row, KL_HAS_HIGH | KL_HAS_LOW)) {
        kl_i128 spread = daily_difference(row->high, row->low);
        KL__TRY(daily_set(out, DAILY_SPREAD, kl_decimal_to_double(&spread, scale)));
        if (row->low > 0) KL__TRY(daily_set(out, DAILY_SPREAD_PCT, daily_percent(&spread, row->low)));
    }
    if (!before || !daily_has(row, KL_HAS_CLOSE) || !daily_has(before, KL_HAS_CLOSE) || row->close <= 0 || before->close <= 0)
        return KL_OK;
    kl_i128 gain = daily_difference(row->close, before->close);
    KL__TRY(daily_set(out, DAILY_RETURN_PCT, daily_percent(&gain, before->close)));
    return daily_set(out, DAILY_LOG_RETURN, kl_ln((double)row->close / (double)before->close));
}

kl_status kl_daily_metrics(const kl_series *series, int32_t digits, kl_table *table, kl_error *error) {
    if (!series || !table || digits < -1 || digits > 15)
        return kl__fail(error, KL_E_ARG, !series ? 1 : !table ? 3 : 2, 0, 0, "an argument is missing or digits not in -1..15");
    if (kl_table_columns(table)) return kl__fail(error, KL_E_STATE, 3, 0, 0, "the table has columns already");
    daily_output out = {table, digits < 0 ? 0.0 : (double)kl__pow10_u64[digits], 0};
    size_t column, first = 0;
    for (int i = 0; i < DAILY_COLUMNS; i++)
        KL__TRY(kl_table_add_column(table, daily_names[i], i == DAILY_TIME ? KL_COLUMN_TIME : KL_COLUMN_F64, 0, &column));
    if (series->n) KL__TRY(kl_table_add_rows(table, series->n, &first));
    for (size_t i = 0; i < series->n; i++) {
        out.row = first + i;
        KL__TRY(daily_row(&out, &series->rows[i], i ? &series->rows[i - 1] : NULL, series->scale.price));
    }
    return KL_OK;
}
