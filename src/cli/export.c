/* kline export: a stored series in the columns that import reads back. */
#include "cli.h"
#include <string.h>

typedef struct export_job {
    cli_source source;
    cli_out out;
    cli_table table;
    kl_scale scale;
    int trades, aggregates, made;
    int64_t unit_us; /* of the times that are printed */
} export_job;

kl_status cli_trade_columns(kl_table *table, const kl_scale *scale, int aggregates) {
    static const struct {
        const char *name;
        int32_t kind;
    } columns[] = {{"id", KL_COLUMN_I64}, {"first_id", KL_COLUMN_I64}, {"last_id", KL_COLUMN_I64}, {"time", KL_COLUMN_TIME},
                   {"price", KL_COLUMN_DECIMAL}, {"quantity", KL_COLUMN_DECIMAL}, {"buyer_maker", KL_COLUMN_TEXT}};
    kl_status status = KL_OK;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0] && status >= 0; i++)
        status = kl_table_add_column(table, aggregates && i == 0 ? "agg_id" : columns[i].name, columns[i].kind, i == 4 ? scale->price : i == 5 ? scale->volume : 0, NULL);
    return status;
}

static kl_status export_trade(kl_table *table, const kl_trade *trade, size_t row) {
    const int64_t ids[3] = {trade->id, trade->first_id, trade->last_id};
    kl_i128 price;
    kl_status status = kl_table_set_i64(table, 3, row, trade->time_us);
    price.lo = (uint64_t)trade->price;
    price.hi = trade->price < 0 ? -1 : 0;
    for (size_t i = 0; i < 3 && status >= 0; i++)
        if (ids[i] >= 0) status = kl_table_set_i64(table, i, row, ids[i]);
    if (status >= 0) status = kl_table_set_decimal(table, 4, row, &price);
    if (status >= 0) status = kl_table_set_decimal(table, 5, row, &trade->quantity);
    if (status >= 0 && (trade->flags & KL_TRADE_MAKER_KNOWN))
        status = trade->flags & KL_TRADE_BUYER_MAKER ? kl_table_set_text(table, 6, row, "true", 4) : kl_table_set_text(table, 6, row, "false", 5);
    return status;
}

kl_status cli_trade_rows(kl_table *table, const kl_trade *rows, size_t n) {
    size_t first;
    kl_status status = kl_table_add_rows(table, n, &first);
    for (size_t i = 0; i < n && status >= 0; i++) status = export_trade(table, &rows[i], first + i);
    return status;
}

static kl_status export_make(export_job *job, const kl_scale *scale) {
    kl_status status = KL_OK;
    if (job->made) {
        if (kl_table_rows(job->table.table)) status = cli_table_flush(&job->table);
        cli_table_free(&job->table);
    }
    if (status >= 0) status = cli_table_open(&job->table, &job->out);
    if (status < 0) return status;
    job->made = 1;
    job->scale = *scale;
    return job->trades ? cli_trade_columns(job->table.table, scale, job->aggregates) : kl_table_add_kline_columns(job->table.table, scale);
}

static kl_status export_key(void *ctx, const char *symbol, const kl_interval *interval, const kl_scale *scale, kl_error *error) {
    export_job *job = ctx;
    (void)symbol;
    (void)error;
    job->trades = interval->unit == 0;
    return export_make(job, scale);
}

static kl_status export_batch(export_job *job, const kl_scale *scale) {
    kl_status status = KL_OK;
    if (scale->price != job->scale.price || scale->volume != job->scale.volume || (!job->trades && scale->quote != job->scale.quote))
        status = export_make(job, scale);
    if (status >= 0 && kl_table_rows(job->table.table) >= CLI_BATCH) status = cli_table_flush(&job->table);
    return status;
}

static kl_status export_klines(void *ctx, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    export_job *job = ctx;
    kl_status status = export_batch(job, scale);
    (void)error;
    return status < 0 ? status : kl_table_add_klines(job->table.table, rows, n);
}

static kl_status export_trades(void *ctx, const kl_trade *rows, size_t n, const kl_scale *scale, kl_error *error) {
    export_job *job = ctx;
    kl_status status = KL_OK;
    for (size_t i = 0; i < n; i++)
        if (rows[i].time_us % job->unit_us)
            return cli_set_error(error, KL_E_TIME, 0, "trade times are finer than that --epoch; take --epoch us%s",
                                 job->unit_us > 1000 && rows[i].time_us % 1000 == 0 ? " or ms" : "");
    if (!job->aggregates && n && (rows[0].flags & KL_TRADE_AGGREGATE)) { /* the name of the first column brings the flag back */
        job->aggregates = 1;
        status = export_make(job, scale);
    }
    if (status >= 0) status = export_batch(job, scale);
    return status < 0 ? status : cli_trade_rows(job->table.table, rows, n);
}

int cli_export(const cli_verb *verb, int argc, char **argv) {
    export_job job;
    const char *epoch = "", *path = NULL;
    int n, used, json = 0, code;
    kl_error error;
    kl_status status;
    const cli_source_sink sink = {&job, export_key, export_klines, export_trades};
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.source.store, "DIR", "the store to read"},
        CLI_STORED_OPTIONS(job.source),
        {"from", CLI_TIME, &job.source.from, "T", "first time: 2024-01-31, 2024-01-31T12:00:00Z, or epoch"},
        {"to", CLI_TIME, &job.source.to, "T", "end, not included"},
        CLI_OUTPUT_OPTIONS(epoch, json, path),
    };
    memset(&job, 0, sizeof job);
    cli_source_init(&job.source, verb);
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code != CLI_GO) return code;
    if (!job.source.store) return cli_usage(verb, "--store DIR is missing");
    code = cli_source_words(&job.source, n, argv, &used);
    if (code != CLI_GO) return code;
    if (n != used) return cli_usage(verb, "one series at a time: SYMBOL INTERVAL");
    code = cli_out_open(&job.out, verb, path, json, epoch);
    if (code != CLI_GO) return code;
    job.unit_us = job.out.flags & KL_WRITE_EPOCH_S ? 1000000 : job.out.flags & KL_WRITE_EPOCH_MS ? 1000 : 1;
    status = cli_source_run(&job.source, &sink, &error);
    if (status >= 0) status = cli_table_flush(&job.table);
    cli_table_free(&job.table);
    if (status < 0 && !job.out.gone) cli_fail(verb, job.source.where, status, &error);
    return cli_worse(cli_out_close(&job.out, verb, status), job.source.damaged ? CLI_DATA : CLI_OK);
}
