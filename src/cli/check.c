/* kline check: what is wrong with a file or a stored series, in numbers. */
#include "cli.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct check_job {
    const cli_verb *verb;
    const char *store, *symbol, *epoch, *venue, *market;
    kl_interval interval;
    kl_time anchor_day;
    int64_t utc_offset;
    kl_quality_options options;
    int json, gaps;
    cli_out out;
    cli_table table;
    int code;
} check_job;

/* what is known of one file or series beside its quality */
typedef struct check_subject {
    check_job *job;
    const char *where, *venue, *market, *symbol, *status;
    kl_interval interval;
    int trades;
    uint64_t bad_rows;
    kl_parse_counts parse;
} check_subject;

enum { CHECK_WHERE, CHECK_VENUE, CHECK_MARKET, CHECK_SYMBOL, CHECK_INTERVAL, CHECK_CONTENT, CHECK_STATUS, CHECK_FINDINGS, CHECK_FIRST, CHECK_LAST, CHECK_FRESHNESS,
       CHECK_BAD_ROWS, CHECK_NEUTRALISED, CHECK_PASSED_OVER, CHECK_COUNTS };

static const struct {
    const char *name;
    size_t offset;
} check_counts[] = {
#define CHECK_COUNT(field) {#field, offsetof(kl_quality, field)}
    CHECK_COUNT(rows), CHECK_COUNT(unique), CHECK_COUNT(duplicates), CHECK_COUNT(conflicts), CHECK_COUNT(updates), CHECK_COUNT(out_of_order),
    CHECK_COUNT(gaps), CHECK_COUNT(missing), CHECK_COUNT(bad_price), CHECK_COUNT(bad_ohlc), CHECK_COUNT(bad_volume), CHECK_COUNT(bad_close_time),
    CHECK_COUNT(unaligned), CHECK_COUNT(truncated_close_times), CHECK_COUNT(zero_volume), CHECK_COUNT(fillers), CHECK_COUNT(synthetic),
    CHECK_COUNT(suspect), CHECK_COUNT(forming), CHECK_COUNT(outliers), CHECK_COUNT(unknown_fields), CHECK_COUNT(unit_changes)
#undef CHECK_COUNT
};
#define CHECK_N_COUNTS (sizeof check_counts / sizeof check_counts[0])

static kl_status check_columns(check_job *job) {
    static const char *const text[] = {"file", "venue", "market", "symbol", "interval", "content", "status"};
    static const char *const gap[] = {"from", "to"}, *const ids[] = {"from_id", "to_id"};
    kl_table *t = job->table.table;
    kl_status status = KL_OK;
    for (size_t i = 0; i < (job->gaps ? 5u : 7u) && status >= 0; i++) status = kl_table_add_column(t, text[i], KL_COLUMN_TEXT, 0, NULL);
    if (job->gaps) {
        for (size_t i = 0; i < 2 && status >= 0; i++) status = kl_table_add_column(t, gap[i], KL_COLUMN_TIME, 0, NULL);
        for (size_t i = 0; i < 2 && status >= 0; i++) status = kl_table_add_column(t, ids[i], KL_COLUMN_I64, 0, NULL);
        return status < 0 ? status : kl_table_add_column(t, "missing", KL_COLUMN_I64, 0, NULL);
    }
    if (status >= 0) status = kl_table_add_column(t, "findings", KL_COLUMN_I64, 0, NULL);
    if (status >= 0) status = kl_table_add_column(t, "first", KL_COLUMN_TIME, 0, NULL);
    if (status >= 0) status = kl_table_add_column(t, "last", KL_COLUMN_TIME, 0, NULL);
    if (status >= 0) status = kl_table_add_column(t, "freshness", KL_COLUMN_TEXT, 0, NULL);
    if (status >= 0) status = kl_table_add_column(t, "bad_rows", KL_COLUMN_I64, 0, NULL);
    if (status >= 0) status = kl_table_add_column(t, "neutralised", KL_COLUMN_I64, 0, NULL);
    if (status >= 0) status = kl_table_add_column(t, "passed_over", KL_COLUMN_I64, 0, NULL);
    for (size_t i = 0; i < CHECK_N_COUNTS && status >= 0; i++)
        status = kl_table_add_column(t, check_counts[i].name, KL_COLUMN_I64, 0, NULL);
    return status;
}

static kl_status check_head(check_subject *s, size_t *row) {
    char interval[KL_INTERVAL_TEXT_MAX] = "";
    kl_status status = cli_table_row(&s->job->table, row);
    if (s->trades) strcpy(interval, "trades");
    else if (s->interval.unit) cli_interval_text(&s->interval, interval);
    if (status >= 0) status = cli_table_text(&s->job->table, CHECK_WHERE, *row, s->where);
    if (status >= 0 && s->venue) status = cli_table_text(&s->job->table, CHECK_VENUE, *row, s->venue);
    if (status >= 0 && s->market) status = cli_table_text(&s->job->table, CHECK_MARKET, *row, s->market);
    if (status >= 0) status = cli_table_text(&s->job->table, CHECK_SYMBOL, *row, s->symbol);
    if (status >= 0) status = cli_table_text(&s->job->table, CHECK_INTERVAL, *row, interval);
    return status;
}

static kl_status check_gap(void *ctx, const kl_gap *gap) {
    check_subject *s = ctx;
    kl_table *t = s->job->table.table;
    size_t row;
    kl_status status;
    if (!s->job->gaps) return KL_OK;
    status = check_head(s, &row);
    if (status >= 0) status = kl_table_set_i64(t, s->trades ? 7 : 5, row, gap->from); /* times, or ids */
    if (status >= 0) status = kl_table_set_i64(t, s->trades ? 8 : 6, row, gap->to);
    if (status >= 0) status = kl_table_set_i64(t, 9, row, gap->missing);
    return status;
}

static kl_status check_row(check_subject *s, const kl_quality *q) {
    static const char *const fresh[] = {"", "ok", "warn", "error"};
    kl_table *t = s->job->table.table;
    size_t row;
    kl_status status;
    if (s->job->gaps) return KL_OK;
    status = check_head(s, &row);
    if (status >= 0 && q) status = cli_table_text(&s->job->table, CHECK_CONTENT, row, s->trades ? "trades" : "klines");
    if (status >= 0) status = cli_table_text(&s->job->table, CHECK_STATUS, row, s->status);
    if (!q || status < 0) return status;
    status = kl_table_set_i64(t, CHECK_FINDINGS, row, q->findings);
    if (status >= 0 && q->rows) status = kl_table_set_i64(t, CHECK_FIRST, row, q->first_us);
    if (status >= 0 && q->rows) status = kl_table_set_i64(t, CHECK_LAST, row, q->last_us);
    if (status >= 0) status = cli_table_text(&s->job->table, CHECK_FRESHNESS, row, fresh[q->freshness & 3]);
    if (status >= 0) status = kl_table_set_i64(t, CHECK_BAD_ROWS, row, (int64_t)s->bad_rows);
    if (status >= 0) status = kl_table_set_i64(t, CHECK_NEUTRALISED, row, (int64_t)s->parse.neutralised);
    if (status >= 0) status = kl_table_set_i64(t, CHECK_PASSED_OVER, row, (int64_t)s->parse.passed_over);
    for (size_t i = 0; i < CHECK_N_COUNTS && status >= 0; i++) {
        uint64_t value;
        memcpy(&value, (const char *)q + check_counts[i].offset, sizeof value);
        status = kl_table_set_i64(t, CHECK_COUNTS + i, row, (int64_t)value);
    }
    return status;
}

/* an error that is about the subject: told, noted in the table, and the next one is looked at */
static void check_refuse(check_subject *s, kl_status status, const kl_error *error) {
    s->job->code = cli_worse(s->job->code, cli_fail(s->job->verb, s->where, status, error));
    s->status = kl_status_name(status);
    check_row(s, NULL);
}

static kl_status check_report(check_subject *s, const kl_series *series, const kl_trades *trades, kl_error *error) {
    kl_quality quality;
    kl_quality_options options = s->job->options;
    const kl_gap_sink gaps = {s, check_gap};
    kl_status status;
    options.interval = s->interval;
    s->trades = trades != NULL;
    status = trades ? kl_trades_quality(trades, &options, NULL, &gaps, &quality, error)
                    : kl_series_quality(series, &options, NULL, &gaps, &quality, error);
    if (status < 0) return status;
    if (!trades) s->interval = quality.interval;
    quality.unit_changes = s->parse.unit_changes;
    quality.findings += s->bad_rows > 0;
    quality.findings += s->status[0] && strcmp(s->status, "ok") ? 1 : 0;
    if (quality.findings) s->job->code = cli_worse(s->job->code, CLI_FINDINGS);
    return check_row(s, &quality);
}

/* -------------------------------------------------------------------------------------------------- files --- */

typedef struct check_file {
    check_subject subject;
    cli_name name;
    cli_file file;
    kl_series series;
    kl_trades trades;
    cli_mixed mixed;
    kl_error error, mixed_error;
} check_file;

/* a series counts rows from the start of the batch; the user counts those of the file */
static kl_status check_row_of_file(kl_status status, const int64_t *source_row, size_t n, check_file *f) {
    if (status < 0 && f->error.row > 0) f->error.row = source_row && (uint64_t)f->error.row <= n ? source_row[f->error.row - 1] : 0;
    return status;
}

static kl_status check_take_klines(void *ctx, kl_kline_batch *batch) {
    check_file *f = ctx;
    cli_progress_step(&f->file.progress, 0, batch->n);
    if (!f->mixed_error.code) cli_mixed_push(&f->mixed, batch, &f->mixed_error);
    return check_row_of_file(kl_series_append(&f->series, batch->rows, batch->n, &batch->scale, &f->error), batch->source_row, batch->n, f);
}

static kl_status check_take_trades(void *ctx, kl_trade_batch *batch) {
    check_file *f = ctx;
    cli_progress_step(&f->file.progress, 0, batch->n);
    return check_row_of_file(kl_trades_append(&f->trades, batch->rows, batch->n, &batch->scale, &f->error), batch->source_row, batch->n, f);
}

static kl_status check_take_bad(void *ctx, const kl_error *why) {
    check_file *f = ctx;
    if (f->subject.bad_rows++ < 20) {
        cli_progress_end(&f->file.progress);
        cli_fail(f->subject.job->verb, f->subject.where, why->code, why);
    }
    return KL_OK;
}

static kl_status check_member(void *ctx, const char *path, kl_parse_options *options, kl_error *error) {
    check_file *f = ctx;
    kl_status status = cli_name_member(&f->name, path, error);
    if (status < 0) return status;
    if (!f->subject.job->interval.unit) options->interval = f->subject.interval = f->name.interval;
    return KL_OK;
}

static kl_status check_parse(check_file *f, kl_error *error) {
    check_job *job = f->subject.job;
    kl_parse_options options;
    const cli_parse_names names = {f, check_member};
    kl_status status;
    kl_parse_options_init(&options);
    options.symbol = job->symbol;
    options.interval = f->subject.interval;
    options.utc_offset_minutes = (int32_t)job->utc_offset;
    options.allow_negative_prices = 1; /* counted, not refused */
    options.klines.ctx = options.trades.ctx = options.bad.ctx = f;
    options.klines.klines = check_take_klines;
    options.trades.trades = check_take_trades;
    options.bad.bad = check_take_bad;
    status = cli_parse(&f->file.reader, &options, &names, &f->subject.parse, error);
    if (status < 0 && f->error.code == status) *error = f->error;
    if (f->file.failed) return cli_set_error(error, KL_E_IO, 0, "reading failed");
    return status;
}

static void check_anchor(const check_job *job, const kl_series *series, kl_interval *interval) {
    kl_time first = job->anchor_day;
    if (interval->unit != KL_DAY || interval->anchor_us != KL_TIME_NONE || (!series->n && first == KL_TIME_NONE)) return;
    if (first == KL_TIME_NONE) first = series->rows[0].open_time_us;
    interval->anchor_us = (first - first % 86400000000) % ((int64_t)interval->n * 86400000000);
}

static kl_status check_file_report(check_file *f, kl_error *error) {
    check_subject *s = &f->subject;
    char inside[KL_SYMBOL_MAX];
    kl_status status = check_parse(f, error);
    if (status < 0) return status;
    cli_symbol_canonical(s->parse.symbol, inside);
    if (inside[0] && !s->job->symbol) s->symbol = strcpy(f->name.symbol, inside);
    if (!f->mixed_error.code) cli_mixed_finish(&f->mixed, &f->mixed_error);
    if (f->mixed_error.code) {
        s->status = kl_status_name(KL_E_MISMATCH);
        cli_fail(s->job->verb, s->where, KL_E_MISMATCH, &f->mixed_error);
    }
    check_anchor(s->job, &f->series, &s->interval);
    if (f->series.n) status = check_report(s, &f->series, NULL, error);
    if (status >= 0 && f->trades.n) status = check_report(s, NULL, &f->trades, error);
    return status;
}

static kl_status check_one_file(check_job *job, const char *path) {
    check_file f;
    kl_error error = {0};
    kl_status status;
    memset(&f, 0, sizeof f);
    cli_name_read(path, &f.name);
    f.subject.job = job;
    f.subject.where = path;
    f.subject.status = "ok";
    f.subject.symbol = job->symbol ? job->symbol : f.name.symbol;
    f.subject.interval = job->interval.unit ? job->interval : f.name.interval;
    cli_mixed_init(&f.mixed);
    kl_series_init(&f.series, NULL);
    kl_trades_init(&f.trades, NULL);
    if (job->symbol) f.name.symbol[0] = 0; /* the members of an archive still have to agree */
    if (job->interval.unit) f.name.interval.unit = 0;
    status = cli_file_open(&f.file, path, &error);
    if (status >= 0) status = check_file_report(&f, &error);
    cli_file_close(&f.file);
    if (status < 0 && !job->out.gone) check_refuse(&f.subject, status, &error);
    kl_series_free(&f.series);
    kl_trades_free(&f.trades);
    return job->out.gone ? KL_E_CANCEL : KL_OK;
}

/* -------------------------------------------------------------------------------------------------- store --- */

typedef struct check_store_walk {
    check_job *job;
    kl_store *store;
    const char *symbol; /* NULL: every series */
    char canonical[KL_SYMBOL_MAX];
    kl_interval interval;
    int with_interval;
    uint64_t found;
} check_store_walk;

static kl_status check_stored(check_subject *s, kl_stored *stored, kl_error *error) {
    kl_series series;
    kl_trades trades;
    kl_stored_info info;
    cli_scan scan;
    kl_status status;
    kl_series_init(&series, NULL);
    kl_trades_init(&trades, NULL);
    memset(&scan, 0, sizeof scan);
    scan.verb = s->job->verb;
    scan.where = s->where;
    scan.trades = s->trades;
    status = kl_stored_info_get(stored, &info, error);
    if (status >= 0) status = kl_stored_scan(stored, KL_TIME_MIN, KL_TIME_MAX, &scan.scan, error);
    while (status == KL_OK) {
        status = cli_scan_next(&scan, error);
        if (status != KL_OK || !scan.n) continue;
        if (s->trades) status = kl_trades_append(&trades, scan.of_trades, scan.n, &scan.scale, error);
        else status = kl_series_append(&series, scan.klines, scan.n, &scan.scale, error);
    }
    if (scan.scan) kl_scan_free(scan.scan);
    if (status >= 0) series.key = info.key;
    if (status >= 0) trades.key = info.key;
    if (status >= 0 && scan.damaged) { /* what is left is judged, and the loss is a finding */
        s->status = kl_status_name(KL_E_CORRUPT);
        s->job->code = cli_worse(s->job->code, CLI_DATA);
    }
    if (status >= 0) status = s->trades ? check_report(s, NULL, &trades, error) : check_report(s, &series, NULL, error);
    kl_series_free(&series);
    kl_trades_free(&trades);
    return status;
}

static kl_status check_each(void *ctx, const kl_series_key *key) {
    check_store_walk *walk = ctx;
    check_subject subject;
    kl_stored *stored = NULL;
    kl_error error = {0};
    kl_status status;
    if (walk->symbol && strcmp(key->symbol, walk->symbol) && strcmp(key->symbol, walk->canonical)) return KL_OK;
    if (walk->with_interval && !cli_interval_same(&key->interval, &walk->interval)) return KL_OK;
    if (!cli_key_wanted(key, walk->job->venue, walk->job->market)) return KL_OK;
    walk->found++;
    memset(&subject, 0, sizeof subject);
    subject.job = walk->job;
    subject.where = walk->job->store;
    subject.status = "ok";
    subject.venue = key->venue;
    subject.market = key->market;
    subject.symbol = key->symbol;
    subject.interval = key->interval;
    subject.trades = key->interval.unit == 0;
    status = kl_store_series(walk->store, key, &stored, &error);
    if (status >= 0) status = check_stored(&subject, stored, &error);
    if (stored) kl_stored_close(stored);
    if (walk->job->out.gone) return KL_E_CANCEL;
    if (status < 0) check_refuse(&subject, status, &error);
    return KL_OK;
}

static kl_status check_store(check_job *job, int n_words, char **words, kl_error *error) {
    check_store_walk walk;
    kl_status status;
    memset(&walk, 0, sizeof walk);
    walk.job = job;
    if (n_words > 0) {
        walk.symbol = words[0];
        cli_symbol_canonical(words[0], walk.canonical);
    }
    walk.with_interval = n_words > 1;
    if (n_words > 1 && cli_interval_word(words[1], &walk.interval) < 0)
        return cli_set_error(error, KL_E_INTERVAL, 0, "'%s' is no interval, nor is it 'trades'", words[1]);
    status = kl_store_open(kl_io_posix(), job->store, KL_STORE_READ, NULL, &walk.store, error);
    if (status < 0) return status;
    status = kl_store_list(walk.store, check_each, &walk, error);
    kl_store_close(walk.store);
    if (status >= 0 && !walk.found && (n_words || job->venue || job->market)) return cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has no such series");
    return status;
}

static int check_run(check_job *job, int n, char **words) {
    kl_error error = {0};
    kl_status status = cli_table_open(&job->table, &job->out);
    if (status >= 0) status = check_columns(job);
    if (status >= 0 && job->store) status = check_store(job, n, words, &error);
    for (int i = 0; i < n && !job->store && status >= 0; i++) status = check_one_file(job, words[i]);
    if (!job->out.gone) {
        if (status < 0) cli_fail(job->verb, job->store, status, &error);
        else status = cli_table_flush(&job->table);
    }
    cli_table_free(&job->table);
    return cli_worse(job->code, cli_out_close(&job->out, job->verb, status));
}

int cli_check(const cli_verb *verb, int argc, char **argv) {
    check_job job;
    char symbol[KL_SYMBOL_MAX];
    int n, code;
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.store, "DIR", "check the series of a store: all, of a SYMBOL, or one SYMBOL INTERVAL"},
        {"venue", CLI_TEXT, &job.venue, "V", "only series of this venue"},
        {"market", CLI_TEXT, &job.market, "M", "only series of this market"},
        {"symbol", CLI_TEXT, &job.symbol, "S", "rows of another symbol are bad rows"},
        {"interval", CLI_INTERVAL, &job.interval, "I", "interval of the files; otherwise from name or rows"},
        {"anchor-day", CLI_TIME, &job.anchor_day, "T", "a day on which a bar of several days starts"},
        {"utc-offset", CLI_INT, &job.utc_offset, "MIN", "minutes east of UTC of times without a zone"},
        {"gaps", CLI_FLAG, &job.gaps, NULL, "list each gap instead of the counts"},
        {"outlier", CLI_REAL, &job.options.outlier_return, "R", "a return beyond +-R is an outlier (0.5)"},
        {"now", CLI_TIME, &job.options.now_us, "T", "judge freshness at this time; now for the clock"},
        {"warn-after", CLI_SPAN, &job.options.warn_after_us, "SPAN", "age of the newest row that is worth a warning: 15m 2h"},
        {"error-after", CLI_SPAN, &job.options.error_after_us, "SPAN", "age that is an error"},
        {"min-rows", CLI_COUNT, &job.options.min_rows, "N", "fewer rows are a finding"},
        {"epoch", CLI_TEXT, &job.epoch, "us|ms|s", "times as numbers"},
        {"json", CLI_FLAG, &job.json, NULL, "one object per line"},
    };
    memset(&job, 0, sizeof job);
    job.verb = verb;
    job.epoch = "";
    job.anchor_day = KL_TIME_NONE;
    kl_quality_options_init(&job.options);
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code != CLI_GO) return code;
    if (!job.store && n == 0) return cli_usage(verb, "name a file, - for standard input, or --store DIR");
    if (job.store && n > 2) return cli_usage(verb, "behind --store DIR there is room for SYMBOL and INTERVAL");
    if (job.utc_offset < -1439 || job.utc_offset > 1439) return cli_usage(verb, "--utc-offset is out of range: -1439..1439");
    if (!(job.options.outlier_return >= 0)) return cli_usage(verb, "--outlier is a number from 0 on");
    if (cli_key_words(verb, job.venue, job.market) != CLI_GO || cli_symbol_word(verb, &job.symbol, symbol) != CLI_GO) return CLI_USAGE;
    if (!job.store && (job.venue || job.market)) return cli_usage(verb, "--venue and --market are those of a store");
    if ((job.options.warn_after_us || job.options.error_after_us) && job.options.now_us == KL_TIME_NONE) job.options.now_us = cli_now();
    code = cli_out_open(&job.out, verb, NULL, job.json, job.epoch);
    if (code != CLI_GO) return code;
    return check_run(&job, n, argv);
}
