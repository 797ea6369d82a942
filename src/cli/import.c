/* kline import: files into a store, one transaction each. */
#include "cli.h"
#include <string.h>

/* The store makes the file of a series when it is opened for writing. Should its first transaction fail, it goes away again:
 * so the job's kl_io, which is that of the system but for `open` and `rename`, remembers which files it has made. */
static struct import_made {
    const kl_io *inner;
    char path[4][1032]; /* with room for .lock */
    size_t n;
} import_made;

typedef struct import_job {
    kl_io io;
    cli_feed_options feed;
    const char *directory, *venue, *market, *on_bad;
    uint64_t rows_per_commit; /* 0: the whole file in one */
    int json;
    kl_store *store;
    cli_out out;
    cli_table table;
} import_job;

/* one series that a file writes to */
typedef struct import_target {
    kl_stored *stored;
    kl_put_counts counts;
    cli_cover cover;
    kl_time before; /* open time of the last row that the series had; KL_TIME_NONE: no row */
    uint64_t uncommitted;
    kl_interval interval;
} import_target;

typedef struct import_file {
    import_job *job;
    import_target klines, trades;
    int changed; /* a transaction was committed */
} import_file;

static void import_note(void *ctx, const char *path) {
    size_t length = strlen(path), room = sizeof import_made.path / sizeof import_made.path[0];
    void *file;
    kl_status status;
    if (length < 5 || length + 8 >= sizeof import_made.path[0] || strcmp(path + length - 4, ".kls") || import_made.n == room) return;
    status = import_made.inner->open(ctx, path, KL_OPEN_READ, &file);
    if (status >= 0) import_made.inner->close(ctx, file);
    else if (status == KL_E_NOT_FOUND) memcpy(import_made.path[import_made.n++], path, length + 1);
}

static kl_status import_io_open(void *ctx, const char *path, int32_t mode, void **file) {
    if (mode == KL_OPEN_CREATE) import_note(ctx, path);
    return import_made.inner->open(ctx, path, mode, file);
}

static kl_status import_io_rename(void *ctx, const char *from, const char *to) {
    import_note(ctx, to);
    return import_made.inner->rename(ctx, from, to);
}

static void import_unmake(void) {
    for (size_t i = 0; i < import_made.n; i++) {
        (void)import_made.inner->remove(import_made.inner->ctx, import_made.path[i]);
        strcat(import_made.path[i], ".lock");
        (void)import_made.inner->remove(import_made.inner->ctx, import_made.path[i]);
    }
}

static kl_status import_find_anchor(void *ctx, const kl_series_key *key) {
    kl_series_key *wanted = ctx;
    if (strcmp(key->venue, wanted->venue) || strcmp(key->market, wanted->market) || strcmp(key->symbol, wanted->symbol) ||
        !cli_interval_same(&key->interval, &wanted->interval))
        return KL_OK;
    wanted->interval.anchor_us = key->interval.anchor_us;
    return KL_OK;
}

static void import_key(const import_job *job, const char *symbol, const kl_interval *interval, kl_series_key *key) {
    memset(key, 0, sizeof *key);
    snprintf(key->venue, sizeof key->venue, "%s", job->venue ? job->venue : "");
    snprintf(key->market, sizeof key->market, "%s", job->market ? job->market : "");
    snprintf(key->symbol, sizeof key->symbol, "%s", symbol);
    key->interval = *interval;
}

static kl_status import_anchor(void *ctx, const char *symbol, kl_interval *interval) {
    import_file *file = ctx;
    kl_series_key key;
    kl_error error;
    kl_status status;
    import_key(file->job, symbol, interval, &key);
    status = kl_store_list(file->job->store, import_find_anchor, &key, &error);
    if (status < 0) return status;
    interval->anchor_us = key.interval.anchor_us;
    return KL_OK;
}

static kl_status import_open(void *ctx, const char *symbol, const kl_interval *interval, kl_error *error) {
    import_file *file = ctx;
    import_target *target = interval->unit ? &file->klines : &file->trades;
    kl_series_key key;
    kl_status status;
    if (!symbol[0]) return cli_set_error(error, KL_E_SYMBOL, 0, "neither name nor rows tell the symbol; give --symbol");
    import_key(file->job, symbol, interval, &key);
    if (interval->unit) { /* a series that is there under an equal anchor */
        status = kl_store_list(file->job->store, import_find_anchor, &key, error);
        if (status < 0) return status;
    }
    target->interval = key.interval;
    target->before = KL_TIME_NONE;
    status = kl_store_series(file->job->store, &key, &target->stored, error);
    if (status >= 0) {
        kl_stored_info info;
        status = kl_stored_info_get(target->stored, &info, error);
        if (status >= 0 && info.rows) target->before = info.last_us;
    }
    return status < 0 ? status : kl_stored_begin(target->stored, error);
}

static void import_add_counts(import_target *target, const kl_put_counts *counts) {
    target->counts.rows += counts->rows;
    target->counts.inserted += counts->inserted;
    target->counts.same += counts->same;
    target->counts.revised += counts->revised;
    target->counts.kept += counts->kept;
    target->uncommitted += counts->rows;
}

/* a bar that the series has, unless it is marked as still forming */
static kl_status import_cover_stored(import_target *target, kl_time open, kl_error *error) {
    kl_scan *scan;
    const kl_kline *rows;
    size_t n;
    kl_time end;
    kl_status status = kl_stored_scan(target->stored, open, open + 1, &scan, error);
    if (status < 0) return status;
    status = kl_scan_klines(scan, &rows, &n, NULL, error);
    if (status == KL_OK && n && (rows[0].flags & (KL_CLOSED | KL_SUSPECT)) && kl_interval_floor(&target->interval, open, &end) >= 0 &&
        kl_interval_next(&target->interval, end, &end) >= 0)
        status = kl_stored_cover(target->stored, open, end, error);
    kl_scan_free(scan);
    return status == KL_E_CORRUPT || status > 0 ? KL_OK : status;
}

/* The last bar of a file is suspect only as long as none follows: the next file settles it, whichever comes first. */
static kl_status import_cover_ends(import_target *target, kl_error *error) {
    const cli_cover *cover = &target->cover;
    kl_time previous;
    kl_status status = KL_OK;
    if (target->before == KL_TIME_NONE || cover->first == KL_TIME_NONE) return KL_OK;
    if (cover->newest_suspect && target->before > cover->newest)
        status = kl_stored_cover(target->stored, cover->newest, cover->newest_to, error);
    if (status >= 0 && target->before < cover->first) return import_cover_stored(target, target->before, error);
    if (status >= 0 && kl_interval_floor(&target->interval, cover->first - 1, &previous) >= 0)
        status = import_cover_stored(target, previous, error);
    return status;
}

static kl_status import_cover(import_target *target, int last, kl_error *error) {
    kl_status status;
    const kl_coverage *ranges = cli_cover_ranges(&target->cover, last, &status);
    for (size_t i = 0; i < ranges->n && status >= 0; i++)
        status = kl_stored_cover(target->stored, ranges->ranges[i].from, ranges->ranges[i].to, error);
    if (status >= 0 && last && target->interval.unit) status = import_cover_ends(target, error);
    return status;
}

static kl_status import_commit(import_file *file, import_target *target, int last, kl_error *error) {
    kl_status status = KL_OK;
    if (!target->stored) return KL_OK;
    status = import_cover(target, last, error);
    if (status >= 0) status = kl_stored_commit(target->stored, error);
    if (status < 0) return status;
    file->changed = 1;
    target->uncommitted = 0;
    return last ? KL_OK : kl_stored_begin(target->stored, error);
}

static kl_status import_full(import_file *file, import_target *target, kl_error *error) {
    uint64_t limit = file->job->rows_per_commit;
    return limit && target->uncommitted >= limit ? import_commit(file, target, 0, error) : KL_OK;
}

/* the store counts rows from the start of the batch; the user counts those of the file */
static void import_row_of_file(const int64_t *source_row, size_t n, kl_error *error) {
    if (error->row < 1) return;
    error->row = source_row && (uint64_t)error->row <= n ? source_row[error->row - 1] : 0;
}

static kl_status import_klines(void *ctx, kl_kline_batch *batch, kl_error *error) {
    import_file *file = ctx;
    import_target *target = &file->klines;
    const int64_t length = target->interval.unit == KL_MONTH ? 0 : kl_interval_length_us(&target->interval);
    kl_put_counts counts = {0, 0, 0, 0, 0};
    kl_status status = kl_stored_put_klines(target->stored, batch->rows, batch->n, &batch->scale, &counts, error);
    if (status < 0) import_row_of_file(batch->source_row, batch->n, error);
    for (size_t i = 0; i < batch->n && status >= 0; i++) {
        const kl_kline *row = &batch->rows[i];
        kl_time open = row->open_time_us, end = open + length;
        if (!length || open != target->cover.last_to) /* not simply the next bar */
            if (kl_interval_floor(&target->interval, row->open_time_us, &open) < 0 || kl_interval_next(&target->interval, open, &end) < 0) continue;
        if (row->flags & KL_UNALIGNED) open = row->open_time_us; /* what lies before it was not answered */
        status = cli_cover_row(&target->cover, open, end, (row->flags & KL_CLOSED) != 0, (row->flags & KL_SUSPECT) != 0,
                               batch->source_row ? batch->source_row[i] : 0);
    }
    if (status < 0) return status;
    import_add_counts(target, &counts);
    return import_full(file, target, error);
}

static kl_status import_trades(void *ctx, kl_trade_batch *batch, kl_error *error) {
    import_file *file = ctx;
    import_target *target = &file->trades;
    kl_put_counts counts = {0, 0, 0, 0, 0};
    kl_status status = kl_stored_put_trades(target->stored, batch->rows, batch->n, &batch->scale, &counts, error);
    if (status < 0) import_row_of_file(batch->source_row, batch->n, error);
    for (size_t i = 0; i < batch->n && status >= 0; i++)
        status = cli_cover_row(&target->cover, batch->rows[i].time_us, batch->rows[i].time_us + 1, 1, 0, batch->source_row ? batch->source_row[i] : 0);
    if (status < 0) return status;
    import_add_counts(target, &counts);
    return import_full(file, target, error);
}

static kl_status import_bad(void *ctx, int64_t row) {
    import_file *file = ctx;
    kl_status status = cli_cover_bad(&file->klines.cover, row);
    return status < 0 ? status : cli_cover_bad(&file->trades.cover, row);
}

/* both series of a file are rolled back before either is committed */
static kl_status import_finish(import_file *file, kl_status status, kl_error *error) {
    import_target *targets[2];
    targets[0] = &file->klines;
    targets[1] = &file->trades;
    for (size_t i = 0; i < 2; i++) {
        if (!targets[i]->stored) continue;
        if (status >= 0) status = import_commit(file, targets[i], 1, error);
        else kl_stored_rollback(targets[i]->stored, NULL);
    }
    if (status < 0 && !file->changed) import_unmake(); /* while they are still locked */
    import_made.n = 0;
    for (size_t i = 0; i < 2; i++) {
        if (targets[i]->stored) kl_stored_close(targets[i]->stored);
        targets[i]->stored = NULL;
    }
    return status;
}

enum { IMPORT_FILE, IMPORT_SYMBOL, IMPORT_INTERVAL, IMPORT_STATUS, IMPORT_ROWS, IMPORT_NEW, IMPORT_SAME, IMPORT_REVISED,
       IMPORT_KEPT, IMPORT_BAD, IMPORT_GAPS, IMPORT_MISSING, IMPORT_UNITS, IMPORT_IGNORED, IMPORT_COLUMNS };

static kl_status import_json_row(import_job *job, const import_target *target, const cli_feed_result *r, kl_status said) {
    const struct {
        size_t column;
        uint64_t value;
    } counts[] = {{IMPORT_ROWS, r->klines + r->trades}, {IMPORT_NEW, target->counts.inserted}, {IMPORT_SAME, target->counts.same},
        {IMPORT_REVISED, target->counts.revised}, {IMPORT_KEPT, target->counts.kept}, {IMPORT_BAD, r->bad_rows}, {IMPORT_GAPS, r->gaps},
        {IMPORT_MISSING, r->missing}, {IMPORT_UNITS, r->parse.unit_changes}};
    char interval[KL_INTERVAL_TEXT_MAX];
    size_t row;
    kl_status status = cli_table_row(&job->table, &row);
    cli_interval_text(r->klines || !r->trades ? &r->interval : &target->interval, interval);
    if (status >= 0) status = cli_table_text(&job->table, IMPORT_FILE, row, job->feed.path);
    if (status >= 0) status = cli_table_text(&job->table, IMPORT_SYMBOL, row, r->symbol);
    if (status >= 0) status = cli_table_text(&job->table, IMPORT_INTERVAL, row, interval);
    if (status >= 0) status = cli_table_text(&job->table, IMPORT_STATUS, row, kl_status_name(said));
    if (status >= 0) status = cli_table_text(&job->table, IMPORT_IGNORED, row, r->parse.unknown_columns);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && status >= 0; i++)
        status = kl_table_set_i64(job->table.table, counts[i].column, row, (int64_t)counts[i].value);
    return status < 0 ? status : cli_table_flush(&job->table);
}

static void import_summary(const import_job *job, const import_target *target, const cli_feed_result *r, uint64_t rows) {
    char interval[KL_INTERVAL_TEXT_MAX];
    const kl_put_counts *c = &target->counts;
    int trades = target->interval.unit == 0;
    cli_interval_text(&target->interval, interval);
    fprintf(stderr, "%s: %s %s: %llu rows, %llu new, %llu same", job->feed.path, r->symbol, interval, (unsigned long long)rows,
            (unsigned long long)c->inserted, (unsigned long long)c->same);
    if (c->revised) fprintf(stderr, ", %llu revised", (unsigned long long)c->revised);
    if (c->kept) fprintf(stderr, ", %llu kept", (unsigned long long)c->kept);
    if (r->bad_rows) fprintf(stderr, ", %llu bad", (unsigned long long)r->bad_rows);
    if (r->gaps && !trades) fprintf(stderr, ", %llu gaps (%llu missing)", (unsigned long long)r->gaps, (unsigned long long)r->missing);
    if (r->validate.breaches[4] && !trades) fprintf(stderr, ", %llu unaligned", (unsigned long long)r->validate.breaches[4]);
    if (r->out_of_order && !trades) fprintf(stderr, ", %llu out of order", (unsigned long long)r->out_of_order);
    if (r->parse.neutralised && trades) fprintf(stderr, ", %llu neutralised", (unsigned long long)r->parse.neutralised);
    if (r->parse.unit_changes) fprintf(stderr, ", %llu unit changes", (unsigned long long)r->parse.unit_changes);
    if (r->parse.unknown_columns[0]) fprintf(stderr, ", ignored columns: %s", r->parse.unknown_columns);
    fputc('\n', stderr);
}

static int import_one(import_job *job, const char *path) {
    import_file file;
    cli_feed_sink sink = {&file, import_anchor, import_open, import_klines, import_trades, import_bad};
    cli_feed_result result;
    kl_error error;
    kl_status status;
    int code = CLI_OK;
    memset(&file, 0, sizeof file);
    cli_cover_init(&file.klines.cover);
    cli_cover_init(&file.trades.cover);
    file.klines.cover.tights = 1;
    file.job = job;
    job->feed.path = path;
    status = cli_feed(&job->feed, &sink, &result, &error);
    status = import_finish(&file, status, &error);
    cli_cover_free(&file.klines.cover);
    cli_cover_free(&file.trades.cover);
    if (status < 0) {
        code = cli_fail(job->feed.verb, path, status, &error);
        if (file.changed) cli_note(job->feed.verb, "%s: what was committed before that row stays", path);
    } else {
        if (result.klines) import_summary(job, &file.klines, &result, result.klines);
        if (result.trades) import_summary(job, &file.trades, &result, result.trades);
    }
    if (job->json && import_json_row(job, result.klines ? &file.klines : &file.trades, &result, status) < 0) code = cli_worse(code, CLI_IO);
    return code;
}

static kl_status import_table(import_job *job) {
    static const char *const names[IMPORT_COLUMNS] = {"file", "symbol", "interval", "status", "rows", "new", "same", "revised", "kept",
                                                      "bad", "gaps", "missing", "unit_changes", "ignored_columns"};
    kl_status status = cli_table_open(&job->table, &job->out);
    for (size_t i = 0; i < IMPORT_COLUMNS && status >= 0; i++) {
        int text = i <= IMPORT_STATUS || i == IMPORT_IGNORED;
        status = kl_table_add_column(job->table.table, names[i], text ? KL_COLUMN_TEXT : KL_COLUMN_I64, 0, NULL);
    }
    return status;
}

static int import_run(import_job *job, int n_files, char **files) {
    kl_error error = {0};
    uint64_t stream_rows = job->rows_per_commit ? job->rows_per_commit : 1000000, file_rows = job->rows_per_commit;
    kl_status status;
    int code = CLI_OK;
    import_made.inner = kl_io_posix();
    job->io = *import_made.inner;
    job->io.open = import_io_open;
    job->io.rename = import_io_rename;
    status = kl_store_open(&job->io, job->directory, KL_STORE_WRITE, NULL, &job->store, &error);
    if (status < 0) return cli_fail(job->feed.verb, job->directory, status, &error);
    if (job->json && import_table(job) < 0) {
        kl_store_close(job->store);
        return CLI_IO;
    }
    for (int i = 0; i < n_files; i++) {
        job->rows_per_commit = !strcmp(files[i], "-") ? stream_rows : file_rows;
        code = cli_worse(code, import_one(job, files[i]));
    }
    if (job->json) cli_table_free(&job->table);
    kl_store_close(job->store);
    return code;
}

int cli_import(const cli_verb *verb, int argc, char **argv) {
    import_job job;
    char symbol[KL_SYMBOL_MAX];
    int n, code;
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.directory, "DIR", "the store to write to; made where it is missing"},
        {"symbol", CLI_TEXT, &job.feed.symbol, "S", "symbol; otherwise from the data or the file name"},
        {"interval", CLI_INTERVAL, &job.feed.interval, "I", "1m 4h 1d 1w 1M 3d@2017-08-17 or trades; otherwise from name or rows"},
        {"venue", CLI_TEXT, &job.venue, "V", "venue of the series, such as binance"},
        {"market", CLI_TEXT, &job.market, "M", "market of the series, such as spot"},
        {"anchor-day", CLI_TIME, &job.feed.anchor_day, "T", "a day on which a bar of several days starts (3d: the listing day)"},
        {"as-of", CLI_TIME, &job.feed.as_of, "T", "when the data were fetched, or now: bars that ended before are closed"},
        {"on-bad", CLI_TEXT, &job.on_bad, "stop|skip", "a bad row refuses the file (stop), or is reported and left out (skip)"},
        {"authority", CLI_INT, &job.feed.authority, "N", "rank of the source where versions of a candle differ"},
        {"utc-offset", CLI_INT, &job.feed.utc_offset, "MIN", "minutes east of UTC of times without a zone"},
        {"rows-per-commit", CLI_COUNT, &job.rows_per_commit, "N", "commit after N rows; files: at the end, standard input: 1000000"},
        {"strict", CLI_FLAG, &job.feed.strict, NULL, "rows out of order or off the grid are bad rows"},
        {"allow-mixed", CLI_FLAG, &job.feed.allow_mixed, NULL, "take a file although it seems to hold two markets"},
        {"json", CLI_FLAG, &job.json, NULL, "one object per file on standard output"},
    };
    memset(&job, 0, sizeof job);
    cli_feed_options_init(&job.feed, verb);
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code != CLI_GO) return code;
    if (!job.directory) return cli_usage(verb, "--store DIR is missing");
    if (n == 0) return cli_usage(verb, "name a file, or - for standard input");
    if (job.on_bad && strcmp(job.on_bad, "stop") && strcmp(job.on_bad, "skip")) return cli_usage(verb, "--on-bad is stop or skip");
    job.feed.skip_bad = job.on_bad && !strcmp(job.on_bad, "skip");
    if (job.feed.authority < INT32_MIN || job.feed.authority > INT32_MAX) return cli_usage(verb, "--authority is out of range");
    if (job.feed.utc_offset < -1439 || job.feed.utc_offset > 1439) return cli_usage(verb, "--utc-offset is out of range: -1439..1439");
    if (cli_key_words(verb, job.venue, job.market) != CLI_GO || cli_symbol_word(verb, &job.feed.symbol, symbol) != CLI_GO) return CLI_USAGE;
    code = cli_out_open(&job.out, verb, NULL, 1, "");
    if (code != CLI_GO) return code;
    code = import_run(&job, n, argv);
    return cli_worse(code, cli_out_close(&job.out, verb, KL_OK));
}
