/* kline marts invest: one symbol bought once and held, as a path of its value. */
#include "marts.h"
#include <stdlib.h>

static kl_status invest_table(const kl_columns *columns, const double *value, const double *drawdown, const kl_investment *held, cli_table *t) {
    static const char *const names[] = {"open_time", "close", "value", "profit", "return_pct", "drawdown_pct"};
    kl_status status = KL_OK;
    for (size_t c = 0; c < sizeof names / sizeof *names && status >= 0; c++)
        status = kl_table_add_column(t->table, names[c], c ? KL_COLUMN_F64 : KL_COLUMN_TIME, 0, NULL);
    for (size_t i = held->start_row; i <= held->end_row && status >= 0; i++) {
        const double cells[] = {columns->close[i], value[i], value[i] - held->amount,
                                kl_return(KL_RETURN_PERCENT, held->start_price, columns->close[i]), 100 * drawdown[i]};
        size_t row;
        status = cli_table_row(t, &row);
        if (status >= 0) status = kl_table_set_i64(t->table, 0, row, columns->open_time_us[i]);
        for (size_t c = 0; c < 5 && status >= 0; c++) status = kl_table_set_f64(t->table, c + 1, row, cells[c]);
    }
    return status < 0 ? status : cli_table_flush(t);
}

kl_status marts_invest(const cli_verb *verb, marts_source *source, double amount, marts_rows *rows, cli_out *out, kl_error *error) {
    char base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX] = "", text[512];
    kl_investment held;
    cli_table table = {0};
    kl_status status = marts_rows_read(rows, source, error);
    if (status < 0) return status;
    const marts_series *series = &rows->series[0];
    const kl_columns columns = {.n = series->n, .open_time_us = series->time, .close = series->column[MARTS_CLOSE]};
    double *paths = malloc((2 * columns.n + 1) * sizeof *paths);
    if (!paths) return KL_E_MEMORY;
    status = kl_invest(&columns, KL_TIME_MIN, KL_TIME_MAX, amount, paths, paths + columns.n, &held, error);
    if (status >= 0) status = cli_table_open(&table, out);
    if (status >= 0) status = invest_table(&columns, paths, paths + columns.n, &held, &table);
    kl_symbol_split(series->symbol, base, quote);
    if (status >= 0 && kl_invest_print(&held, series->symbol, quote, text, sizeof text)) cli_note(verb, "%s", text);
    cli_table_free(&table);
    free(paths);
    return status;
}
