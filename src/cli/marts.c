/* kline marts: returns, volume, movers and correlations of the symbols of a store, as a whole or what is new since the last run; and
 * what became of an investment. */
#include "marts.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MARTS_CELLS 65536 /* values of a column that are aligned at once */

typedef struct marts_job {
    const cli_verb *verb;
    marts_source source;
    kl_mart_spec spec;
    marts_rows rows;
    marts_state state;
    cli_out out;
    kl_table *table;
    kl_mart *mart;
    void *memory;         /* of the mart, aligned */
    kl_time *times;       /* all of the grid that some symbol has */
    size_t n_times;
    double *cells;        /* MARTS_COLUMNS matrices [time][symbol] */
    size_t block;         /* times of a block */
    const char *path;     /* of the state; NULL: none */
    double amount;        /* invested; 0: not given */
} marts_job;

/* --------------------------------------------------------------------------------------------- the limits --- */

static const struct {
    const char *name;
    size_t offset;
} marts_limits[] = {
#define LIMIT(field) {#field, offsetof(kl_label_rules, field)}
    LIMIT(volatility_medium), LIMIT(volatility_high), LIMIT(spike), LIMIT(activity_elevated), LIMIT(activity_high),
    LIMIT(mover_plain), LIMIT(mover_strong), LIMIT(market_calm), LIMIT(market_stress), LIMIT(market_together), LIMIT(market_return),
    LIMIT(risk_drawdown_medium), LIMIT(risk_drawdown_high), LIMIT(risk_volatility_medium), LIMIT(risk_volatility_high), LIMIT(corr_low), LIMIT(corr_medium), LIMIT(corr_high), LIMIT(corr_break),
#undef LIMIT
};
#define MARTS_LIMITS (sizeof marts_limits / sizeof *marts_limits)

/* name=number,name=number */
static int marts_read_limits(marts_job *job, const char *text) {
    while (text && *text) {
        size_t length = strcspn(text, "="), used = 0, i = 0;
        double value;
        while (i < MARTS_LIMITS && (strlen(marts_limits[i].name) != length || memcmp(marts_limits[i].name, text, length))) i++;
        if (i == MARTS_LIMITS) return cli_usage(job->verb, "--limits: there is no limit '%.*s'", (int)length, text);
        const char *number = text + length + (text[length] == '=');
        size_t size = strcspn(number, ",");
        if (kl_double_parse(number, size, &value, &used) < 0 || used != size)
            return cli_usage(job->verb, "--limits: %s needs a number", marts_limits[i].name);
        memcpy((char *)&job->spec.labels + marts_limits[i].offset, &value, sizeof value);
        text = number + size + (number[size] == ',');
    }
    return CLI_GO;
}

/* -------------------------------------------------------------------------------------------------- the mart --- */

static kl_status marts_start(marts_job *job, kl_error *error) {
    size_t bytes = 0, n = job->rows.n;
    job->spec.symbols = (int64_t)n;
    job->spec.interval = job->source.interval;
    kl_status status = kl_mart_size(&job->spec, &bytes, error);
    if (status < 0) return status;
    const char **names = calloc(n, sizeof *names);
    bytes = (bytes + 63) & ~(size_t)63;
    job->memory = aligned_alloc(64, bytes);
    for (size_t s = 0; names && s < n; s++) names[s] = job->rows.series[s].symbol;
    status = names && job->memory ? kl_mart_init(job->memory, bytes, &job->spec, names, &job->mart, error) : KL_E_MEMORY;
    free(names);
    return status;
}

static kl_status marts_align(marts_job *job, kl_columns **columns, kl_error *error) {
    size_t n = job->rows.n, total = 0;
    size_t *scratch = calloc(n, sizeof *scratch);
    *columns = calloc(n, sizeof **columns);
    for (size_t s = 0; *columns && s < n; s++) {
        (*columns)[s].n = job->rows.series[s].n;
        (*columns)[s].open_time_us = job->rows.series[s].time;
        total += job->rows.series[s].n;
    }
    job->times = malloc((total ? total : 1) * sizeof *job->times);
    job->block = MARTS_CELLS / n ? MARTS_CELLS / n : 1;
    job->cells = malloc(MARTS_COLUMNS * job->block * n * sizeof *job->cells);
    kl_status status = KL_E_MEMORY;
    if (scratch && *columns && job->times && job->cells)
        status = kl_align_times(*columns, n, KL_ALIGN_ANY, scratch, job->times, total, &job->n_times, error);
    free(scratch);
    return status;
}

static kl_status marts_write(marts_job *job) {
    kl_status status = KL_OK;
    if (!job->out.header_done || kl_table_rows(job->table)) status = cli_out_table(&job->out, job->table);
    return status < 0 ? status : kl_table_clear_rows(job->table);
}

/* Rows from `first` of the common times on go into the mart; those of `emit_from` and later come out. */
static kl_status marts_go(marts_job *job, const kl_columns *columns, size_t first, kl_time emit_from, kl_error *error) {
    const size_t n = job->rows.n;
    cli_progress progress;
    kl_status status = KL_OK;
    cli_progress_start(&progress, "marts", 0);
    for (size_t done = first; status >= 0 && (done < job->n_times || done == first);) {
        size_t part = job->n_times - done < job->block ? job->n_times - done : job->block;
        double *column[MARTS_COLUMNS];
        for (int c = 0; c < MARTS_COLUMNS; c++) column[c] = job->cells + (size_t)c * job->block * n;
        for (size_t s = 0; s < n && status >= 0; s++)
            for (int c = 0; c < MARTS_COLUMNS && status >= 0; c++) {
                int64_t found = kl_align_column(&columns[s], job->rows.series[s].column[c], job->times + done, part, column[c] + s, n, error);
                if (found < 0) status = (kl_status)found;
            }
        kl_mart_panel panel = {.n = part, .time = job->times + done, .close = column[MARTS_CLOSE], .volume = column[MARTS_VOLUME],
                               .quote_volume = column[MARTS_QUOTE], .high = column[MARTS_HIGH], .low = column[MARTS_LOW]};
        if (status >= 0) status = kl_mart_run(job->mart, &panel, emit_from, job->table, error);
        if (status >= 0) status = marts_write(job);
        cli_progress_step(&progress, 0, part * n);
        done += part;
        if (!part) break;
    }
    cli_progress_end(&progress);
    return status;
}

/* Where the run begins: behind the state of the last one, or at the beginning. */
static kl_status marts_resume(marts_job *job, size_t *first, kl_time *emit_from, kl_error *error) {
    int same;
    *first = 0;
    *emit_from = KL_TIME_NONE;
    if (!job->path || !job->state.found) return KL_OK;
    kl_time changed = marts_state_changed(&job->state, &job->rows, &same);
    kl_status status = same ? marts_state_restore(&job->state, job->mart, error) : KL_E_DEFINITION;
    if (status < 0 && same) changed = KL_TIME_MIN; /* another library made it: all of it is new */
    if (status < 0 || changed <= kl_mart_last_time(job->mart)) { /* the past is another one */
        free(job->memory);
        job->memory = NULL;
        *emit_from = changed == KL_TIME_MIN ? KL_TIME_NONE : changed;
        return marts_start(job, error);
    }
    while (*first < job->n_times && job->times[*first] <= kl_mart_last_time(job->mart)) ++*first;
    return KL_OK;
}

static kl_status marts_run(marts_job *job, kl_error *error) {
    kl_columns *columns = NULL;
    size_t first = 0;
    kl_time emit_from = KL_TIME_NONE;
    kl_status status = marts_rows_read(&job->rows, &job->source, error);
    if (status >= 0 && job->path && job->rows.damaged)
        status = cli_set_error(error, KL_E_CORRUPT, 0, "rows that are missing for now would go into all that follows: repair the store first");
    if (status >= 0) status = marts_start(job, error);
    if (status >= 0) status = marts_align(job, &columns, error);
    if (status >= 0 && job->path) status = marts_state_open(&job->state, job->verb, job->path, &job->spec, error);
    if (status >= 0) status = marts_resume(job, &first, &emit_from, error);
    if (status >= 0) status = kl_table_new(NULL, &job->table);
    if (status >= 0) status = marts_go(job, columns, first, emit_from, error);
    free(columns);
    return status;
}

static void marts_free(marts_job *job) {
    if (job->path && job->state.checkpoint) marts_state_free(&job->state);
    kl_table_free(job->table);
    marts_rows_free(&job->rows);
    free(job->memory);
    free(job->times);
    free(job->cells);
}

static void marts_tell(const marts_job *job) {
    if (job->rows.forming) cli_note(job->verb, "%llu candles that still form are left out", (unsigned long long)job->rows.forming);
    if (job->rows.unaligned) cli_note(job->verb, "%llu candles off the grid are left out; --as-rows takes them", (unsigned long long)job->rows.unaligned);
}

/* ------------------------------------------------------------------------------------------------ the words --- */

static int marts_words(marts_job *job, int n, char **words, const char *ratio, const char *limits, int compat, int as_rows, int incremental) {
    static char beside[4096];
    const cli_verb *verb = job->verb;
    char interval[KL_INTERVAL_TEXT_MAX];
    if (n < 1) return cli_usage(verb, "name a mart: returns, volume, movers, correlations, market or invest");
    const int invest = !strcmp(words[0], "invest");
    job->spec.kind = kl_mart_find(words[0]);
    if (!job->spec.kind && !invest) return cli_usage(verb, "there is no mart '%s': returns, volume, movers, correlations, market or invest", words[0]);
    if (invest && (n != 2 || !(job->amount > 0))) return cli_usage(verb, "invest takes one SYMBOL and --amount X");
    if (invest && (incremental || job->path)) return cli_usage(verb, "invest keeps no state");
    if (!invest && job->amount != 0) return cli_usage(verb, "--amount belongs to invest");
    if (!job->source.store) return cli_usage(verb, "--store DIR is missing");
    if (!job->source.interval.unit) return cli_usage(verb, "marts are made of candles");
    if (job->source.from > job->source.to) return cli_usage(verb, "the range ends before it begins");
    if (cli_key_words(verb, job->source.venue, job->source.market) != CLI_GO) return CLI_USAGE;
    if (strcmp(ratio, "volume") && strcmp(ratio, "volatility")) return cli_usage(verb, "--ratio is volume or volatility");
    job->spec.ratio = strcmp(ratio, "volume") ? KL_MART_RATIO_VOLATILITY : KL_MART_RATIO_VOLUME;
    job->spec.flags = (compat ? KL_MART_COMPAT : 0) | (as_rows ? KL_MART_ROWS : 0);
    job->source.grid = !compat && !as_rows;
    job->source.symbols = words + 1;
    job->source.n_symbols = (size_t)n - 1;
    if (incremental && !job->path) {
        kl_interval_print(&job->source.interval, interval);
        uint32_t names = 0; /* which series were named */
        for (size_t i = 0; i < job->source.n_symbols; i++) names = kl_crc32c(names, words[i + 1], strlen(words[i + 1]) + 1);
        if (job->source.venue) names = kl_crc32c(names, job->source.venue, strlen(job->source.venue) + 1);
        if (job->source.market) names = kl_crc32c(~names, job->source.market, strlen(job->source.market) + 1);
        int length = snprintf(beside, sizeof beside, "%s/mart-%s%s-%s", job->source.store, words[0], compat ? "-compat" : "", interval);
        if (length > 0 && (size_t)length < sizeof beside)
            length += snprintf(beside + length, sizeof beside - (size_t)length, names ? "-%08lx.state" : ".state", (unsigned long)names);
        if (length < 0 || (size_t)length >= sizeof beside) return cli_usage(verb, "the name of the store is too long");
        job->path = beside;
    }
    if (job->path && (job->source.from != KL_TIME_MIN || job->source.to != KL_TIME_MAX))
        return cli_usage(verb, "a run that goes on from the last one takes all rows: without --from and --to");
    return marts_read_limits(job, limits);
}

int cli_marts(const cli_verb *verb, int argc, char **argv) {
    marts_job job;
    const char *epoch = "", *path = NULL, *ratio = "volume", *limits = NULL;
    int n, json = 0, compat = 0, as_rows = 0, incremental = 0, code;
    kl_error error = {0};
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.source.store, "DIR", "the store; SYMBOL... names some of its series"},
        {"interval", CLI_INTERVAL, &job.source.interval, "I", "of the candles; 1h"},
        {"rows", CLI_INT, &job.spec.rows, "N", "length of the windows in candles; 24"},
        {"min-count", CLI_INT, &job.spec.min_count, "N", "known values that a window needs; all"},
        {"ratio", CLI_TEXT, &ratio, "volume|volatility", "movers: what a return is multiplied with; volume"},
        {"baseline", CLI_INT, &job.spec.baseline_rows, "N", "correlations: also against a window of N candles"},
        {"sigmas", CLI_REAL, &job.spec.baseline_sigmas, "X", "correlations: alert when that many standard errors away from it; 3"},
        {"limits", CLI_TEXT, &limits, "NAME=X,...", "volatility_high=1.5,spike=2,corr_break=0.5 ..."},
        {"as-rows", CLI_FLAG, &as_rows, NULL, "windows hold candles as they follow each other, gaps or not"},
        {"compat", CLI_FLAG, &compat, NULL, "the published numbers of the reference warehouse"},
        {"incremental", CLI_FLAG, &incremental, NULL, "only rows from the first one on that is new or changed since the last such run"},
        {"state", CLI_TEXT, &job.path, "FILE", "incremental, with its state in FILE instead of the store's directory"},
        {"amount", CLI_REAL, &job.amount, "X", "invest: how much of the quote currency"},
        {"venue", CLI_TEXT, &job.source.venue, "V", "venue of the series"},
        {"market", CLI_TEXT, &job.source.market, "M", "market of the series"},
        {"from", CLI_TIME, &job.source.from, "T", "first time: 2024-01-31, 2024-01-31T12:00:00Z, or epoch"},
        {"to", CLI_TIME, &job.source.to, "T", "end, not included"},
        CLI_OUTPUT_OPTIONS(epoch, json, path),
    };
    memset(&job, 0, sizeof job);
    job.verb = job.source.verb = verb;
    job.source.from = KL_TIME_MIN;
    job.source.to = KL_TIME_MAX;
    kl_mart_spec_init(&job.spec, KL_MART_RETURNS, 1);
    job.source.interval = job.spec.interval;
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code == CLI_GO) code = marts_words(&job, n, argv, ratio, limits, compat, as_rows, incremental);
    if (code == CLI_GO) code = cli_out_open(&job.out, verb, path, json, epoch);
    if (code != CLI_GO) return code;
    kl_status status = job.spec.kind ? marts_run(&job, &error) : marts_invest(verb, &job.source, job.amount, &job.rows, &job.out, &error);
    if (status < 0 && !job.out.gone) cli_fail(verb, job.source.store, status, &error);
    marts_tell(&job);
    code = cli_worse(cli_out_close(&job.out, verb, status), job.rows.damaged ? CLI_DATA : CLI_OK);
    /* the rows are out first: a run that dies in between gives them again */
    if (status >= 0 && code == CLI_OK && !job.out.gone && job.path) {
        status = marts_state_save(&job.state, &job.spec, &job.rows, job.mart, &error);
        if (status < 0) code = cli_fail(verb, job.path, status, &error);
    }
    marts_free(&job);
    return code;
}
