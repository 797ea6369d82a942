/* kline ls: the series of a store. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>

typedef struct ls_job {
    const cli_verb *verb;
    const char *directory;
    kl_store *store;
    cli_out out;
    cli_table table;
    int code;
} ls_job;

/* what ls prints of one series */
typedef struct ls_facts {
    kl_stored_info info;
    uint64_t gaps, missing;
    kl_time resume, watermark;
    uint64_t sections;
    int known, counted; /* the file could be opened; all of its rows could be read */
} ls_facts;

static const struct {
    const char *name;
    int32_t kind;
} ls_columns[] = {
    {"venue", KL_COLUMN_TEXT}, {"market", KL_COLUMN_TEXT}, {"symbol", KL_COLUMN_TEXT}, {"interval", KL_COLUMN_TEXT},
    {"rows", KL_COLUMN_I64}, {"first", KL_COLUMN_TIME}, {"last", KL_COLUMN_TIME}, {"gaps", KL_COLUMN_I64},
    {"missing", KL_COLUMN_I64}, {"covered_from", KL_COLUMN_TIME}, {"covered_to", KL_COLUMN_TIME}, {"covered_ranges", KL_COLUMN_I64},
    {"resume", KL_COLUMN_TIME}, {"watermark", KL_COLUMN_TIME}, {"sections", KL_COLUMN_I64}, {"versions", KL_COLUMN_I64},
    {"commits", KL_COLUMN_I64}, {"bytes", KL_COLUMN_I64},
};
#define LS_COLUMNS (sizeof ls_columns / sizeof ls_columns[0])

/* a scan says once that a range is damaged, and goes on behind it */
static kl_status ls_behind(kl_status status) { return status == KL_E_CORRUPT ? KL_OK : status; }

static kl_status ls_kline_gaps(kl_scan *scan, const kl_interval *interval, ls_facts *facts, kl_error *error) {
    kl_gap_finder *finder;
    void *memory = malloc(kl_gap_finder_size());
    kl_status status = memory ? kl_gap_finder_init(memory, kl_gap_finder_size(), interval, NULL, NULL, &finder) : KL_E_MEMORY;
    while (status == KL_OK) {
        const kl_kline *rows;
        kl_kline piece[256];
        kl_scale scale;
        size_t n = 0;
        status = ls_behind(kl_scan_klines(scan, &rows, &n, &scale, error));
        for (size_t first = 0; first < n && status == KL_OK;) { /* a stage may write into its batch: hand it copies */
            kl_kline_batch batch = {piece, NULL, n - first < 256 ? n - first : 256, scale};
            memcpy(piece, rows + first, batch.n * sizeof *piece);
            first += batch.n;
            status = kl_gap_finder_push(finder, &batch, error);
        }
    }
    if (status >= 0) kl_gap_finder_counts(finder, &facts->gaps, &facts->missing);
    free(memory);
    return status < 0 ? status : KL_OK;
}

static kl_status ls_trade_gaps(kl_scan *scan, ls_facts *facts, kl_error *error) {
    int64_t last = -1;
    kl_status status = KL_OK;
    while (status == KL_OK) {
        const kl_trade *rows;
        kl_scale scale;
        size_t n = 0;
        status = ls_behind(kl_scan_trades(scan, &rows, &n, &scale, error));
        for (size_t i = 0; i < n && status == KL_OK; i++) {
            int64_t first = rows[i].first_id >= 0 ? rows[i].first_id : rows[i].id, end = rows[i].last_id >= 0 ? rows[i].last_id : rows[i].id;
            if (first < 0) continue;
            if (last >= 0 && first > last + 1) {
                facts->gaps++;
                facts->missing += (uint64_t)(first - last - 1);
            }
            if (end > last) last = end;
        }
    }
    return status < 0 ? status : KL_OK;
}

static kl_status ls_checkpoint(kl_stored *stored, ls_facts *facts, kl_error *error) {
    kl_checkpoint *checkpoint;
    kl_status status = kl_checkpoint_new(NULL, &checkpoint);
    if (status < 0) return status;
    status = kl_stored_checkpoint(stored, checkpoint, error);
    if (status >= 0) {
        facts->sections = kl_checkpoint_count(checkpoint);
        if (kl_checkpoint_watermark_min(checkpoint, &facts->watermark) < 0) facts->watermark = KL_TIME_NONE;
    }
    kl_checkpoint_free(checkpoint);
    return status == KL_E_NOT_FOUND ? KL_OK : status;
}

static kl_status ls_count(kl_stored *stored, ls_facts *facts, kl_error *error) {
    kl_scan *scan = NULL;
    kl_coverage coverage;
    kl_status status = kl_stored_info_get(stored, &facts->info, error);
    if (status < 0) return status;
    facts->known = 1;
    kl_coverage_init(&coverage, NULL);
    status = kl_stored_coverage(stored, &coverage, error);
    if (status >= 0 && coverage.n) facts->resume = kl_coverage_contiguous(&coverage, coverage.ranges[0].from);
    kl_coverage_free(&coverage);
    if (status >= 0) status = ls_checkpoint(stored, facts, error);
    facts->counted = status >= 0;
    if (status < 0 || !facts->info.rows) return status;
    status = kl_stored_scan(stored, KL_TIME_MIN, KL_TIME_MAX, &scan, error);
    if (status < 0) return status;
    status = facts->info.key.interval.unit ? ls_kline_gaps(scan, &facts->info.key.interval, facts, error) : ls_trade_gaps(scan, facts, error);
    facts->counted = status >= 0;
    kl_scan_free(scan);
    return status;
}

/* The check comes first: from then on, rows and coverage leave out what is damaged. */
static kl_status ls_read(kl_stored *stored, ls_facts *facts, kl_error *error) {
    kl_error damage_error;
    memset(facts, 0, sizeof *facts);
    facts->resume = facts->watermark = KL_TIME_NONE;
    kl_status damage = kl_stored_verify(stored, &damage_error);
    kl_status status = damage == KL_OK || damage == KL_E_CORRUPT ? ls_count(stored, facts, error) : damage;
    if (damage == KL_OK || (status < 0 && status != damage)) return status;
    *error = damage_error;
    return damage;
}

static kl_status ls_print(ls_job *job, const kl_series_key *key, const ls_facts *facts) {
    char interval[KL_INTERVAL_TEXT_MAX];
    const kl_stored_info *info = &facts->info;
    const int64_t values[] = {(int64_t)info->rows, info->first_us, info->last_us, (int64_t)facts->gaps, (int64_t)facts->missing,
                              info->covered_from, info->covered_to, (int64_t)info->covered_ranges, facts->resume, facts->watermark,
                              (int64_t)facts->sections, (int64_t)info->versions, (int64_t)info->commits, (int64_t)info->bytes};
    size_t row;
    kl_status status = cli_table_row(&job->table, &row);
    cli_interval_text(&key->interval, interval);
    if (status >= 0) status = cli_table_text(&job->table, 0, row, key->venue);
    if (status >= 0) status = cli_table_text(&job->table, 1, row, key->market);
    if (status >= 0) status = cli_table_text(&job->table, 2, row, key->symbol);
    if (status >= 0) status = cli_table_text(&job->table, 3, row, interval);
    for (size_t i = 0; i + 4 < LS_COLUMNS && status >= 0; i++) {
        int none = ls_columns[i + 4].kind == KL_COLUMN_TIME &&
                   (values[i] == KL_TIME_NONE || (i < 3 ? !info->rows : i < 8 && !info->covered_ranges));
        none |= !facts->counted && (i == 3 || i == 4);
        if (!none) status = kl_table_set_i64(job->table.table, i + 4, row, values[i]);
    }
    return status;
}

static kl_status ls_each(void *ctx, const kl_series_key *key) {
    ls_job *job = ctx;
    kl_stored *stored = NULL;
    ls_facts facts = {0};
    kl_error error = {0};
    kl_status status = kl_store_series(job->store, key, &stored, &error);
    if (status >= 0) status = ls_read(stored, &facts, &error);
    if (stored) kl_stored_close(stored);
    if (status < 0) job->code = cli_worse(job->code, cli_fail(job->verb, key->symbol, status, &error));
    return facts.known ? ls_print(job, key, &facts) : KL_OK; /* a damaged series does not hide the others */
}

int cli_ls(const cli_verb *verb, int argc, char **argv) {
    ls_job job;
    const char *epoch = "";
    int n, json = 0, code;
    kl_error error = {0};
    kl_status status;
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.directory, "DIR", "the store"},
        {"epoch", CLI_TEXT, &epoch, "us|ms|s", "times as numbers"},
        {"json", CLI_FLAG, &json, NULL, "one object per line"},
    };
    memset(&job, 0, sizeof job);
    job.verb = verb;
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code != CLI_GO) return code;
    if (!job.directory) return cli_usage(verb, "--store DIR is missing");
    if (n) return cli_usage(verb, "'%s' is one word too many", argv[0]);
    code = cli_out_open(&job.out, verb, NULL, json, epoch);
    if (code != CLI_GO) return code;
    status = kl_store_open(kl_io_posix(), job.directory, KL_STORE_READ, NULL, &job.store, &error);
    if (status >= 0) {
        status = cli_table_open(&job.table, &job.out);
        for (size_t i = 0; i < LS_COLUMNS && status >= 0; i++)
            status = kl_table_add_column(job.table.table, ls_columns[i].name, ls_columns[i].kind, 0, NULL);
        if (status >= 0) status = kl_store_list(job.store, ls_each, &job, &error);
        if (status >= 0) status = cli_table_flush(&job.table);
        cli_table_free(&job.table);
        kl_store_close(job.store);
    }
    if (status < 0 && !job.out.gone) cli_fail(verb, job.directory, status, &error);
    return cli_worse(job.code, cli_out_close(&job.out, verb, status));
}
