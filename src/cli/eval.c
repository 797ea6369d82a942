/* kline eval: expressions over candles, in one pass: one plan, the same as in a bot, in pieces of some thousand values. */
#include "eval.h"
#include <stdlib.h>
#include <string.h>

#define EVAL_VALUES 131072 /* of all columns together: they stay in the nearer caches */
#define EVAL_ROWS 4096
#define EVAL_NAME 1024

typedef struct eval_job {
    cli_source source;
    cli_out out;
    cli_table table;
    const char *const *texts;
    size_t n;
    int summary;
    kl_plan *plan;
    kl_plan_state *state;
    void *memory, *columns;
    size_t column_bytes, rows, outputs;
    double **values; /* of each output, rows of them */
    eval_summary *summaries;
    eval_coarse *coarse; /* of each source of the plan but the first: coarser bars, bars of other symbols */
    eval_other *others;
    kl_store *store;     /* of the others */
    const char *symbols; /* --symbols */
    kl_time from;     /* first bar that is printed */
    int usage;        /* the plan was refused: told by then */
} eval_job;

/* ------------------------------------------------------------------------------------------------- the plan --- */

static int eval_refused(const eval_job *job, kl_status status, kl_error *error) {
    const char *text = error->arg > 0 && (size_t)error->arg <= job->n ? job->texts[error->arg - 1] : "";
    error->row = 0;
    if (status == KL_E_MEMORY) return cli_fail(job->source.verb, NULL, status, error);
    if (error->code == status && error->column > 0)
        fprintf(stderr, "kline eval: '%s', character %lld: %s (%s)\n", text, (long long)error->column, error->message, kl_status_name(status));
    else cli_fail(job->source.verb, text, status, error);
    return CLI_USAGE;
}

/* two columns of one name could not be told apart */
static const char *eval_twice(const eval_job *job) {
    for (size_t i = 0; i < job->outputs; i++)
        for (size_t j = 0; j < i; j++) {
            kl_plan_output a, b;
            kl_plan_output_at(job->plan, i, &a);
            kl_plan_output_at(job->plan, j, &b);
            if (!strcmp(a.name, b.name)) return a.name;
        }
    return NULL;
}

static int eval_foreign(const eval_job *job) {
    kl_plan_source source;
    for (size_t s = 1; s < kl_plan_sources(job->plan); s++) {
        kl_plan_source_at(job->plan, s, &source);
        if (source.symbol[0] && !job->source.store)
            return cli_usage(job->source.verb, "a file has bars of one symbol: '%s': is another one; a store may have both", source.symbol);
        if (source.interval.unit && job->symbols) return cli_usage(job->source.verb, "--symbols reads bars of one interval, so that no expression may have @; that of one symbol may");
    }
    return CLI_GO;
}

/* Without an interval (unit 0) expressions with @ cannot be compiled yet; all else is told before anything is read. */
static int eval_compile(eval_job *job, const kl_interval *interval) {
    kl_plan_options options;
    kl_error error = {0};
    kl_plan_options_init(&options);
    options.interval = *interval;
    kl_status status = kl_plan_new(job->texts, job->n, &options, NULL, &job->plan, &error);
    if (status == KL_E_INTERVAL && !interval->unit) return CLI_GO;
    if (status < 0) return eval_refused(job, status, &error);
    job->outputs = kl_plan_outputs(job->plan);
    const char *twice = eval_twice(job);
    if (twice) return cli_usage(job->source.verb, "'%s' is asked for twice", twice);
    for (size_t i = 0; i < job->n; i++)
        if (strlen(job->texts[i]) > EVAL_NAME) return cli_usage(job->source.verb, "'%s' is too long", job->texts[i]);
    return eval_foreign(job);
}

static kl_status eval_open_source(eval_job *job, size_t s, const kl_interval *interval, kl_error *error) {
    kl_plan_source source;
    kl_status status = KL_OK;
    kl_plan_source_at(job->plan, s, &source);
    if (source.symbol[0]) {
        cli_source other = job->source;
        other.symbol = source.symbol;
        if (!job->store) status = kl_store_open(kl_io_posix(), job->source.store, KL_STORE_READ, NULL, &job->store, error);
        if (status >= 0) status = eval_other_open(&job->others[s], &other, job->store, job->rows, error);
    }
    if (status >= 0 && source.interval.unit) status = eval_coarse_open(&job->coarse[s], interval, &source.interval, job->rows + 2, error);
    return status;
}

static kl_status eval_state(eval_job *job, const kl_interval *interval, kl_error *error) {
    size_t bytes, sources = kl_plan_sources(job->plan);
    job->rows = EVAL_VALUES / (job->outputs + 1) / 8 * 8;
    job->rows = job->rows < 64 ? 64 : job->rows > EVAL_ROWS ? EVAL_ROWS : job->rows;
    kl_status status = kl_plan_state_size(job->plan, 1, &bytes);
    if (status < 0) return status;
    job->memory = malloc(bytes);
    job->values = malloc(job->outputs * sizeof *job->values);
    job->summaries = calloc(job->outputs, sizeof *job->summaries);
    job->coarse = calloc(sources, sizeof *job->coarse);
    job->others = calloc(sources, sizeof *job->others);
    job->column_bytes = kl_series_columns_size(job->rows) + 64;
    job->columns = aligned_alloc(64, (job->column_bytes + 63) / 64 * 64);
    if (!job->memory || !job->values || !job->summaries || !job->coarse || !job->others || !job->columns) return KL_E_MEMORY;
    job->values[0] = malloc(job->outputs * job->rows * sizeof(double));
    if (!job->values[0]) return KL_E_MEMORY;
    for (size_t o = 0; o < job->outputs; o++) job->values[o] = job->values[0] + o * job->rows;
    for (size_t s = 1; s < sources && status >= 0; s++) status = eval_open_source(job, s, interval, error);
    return status < 0 ? status : kl_plan_state_init(job->memory, bytes, job->plan, 1, &job->state);
}

static void eval_free(eval_job *job) {
    for (size_t s = 1; job->coarse && s < kl_plan_sources(job->plan); s++) eval_coarse_free(&job->coarse[s]);
    for (size_t s = 1; job->others && s < kl_plan_sources(job->plan); s++) eval_other_free(&job->others[s]);
    kl_store_close(job->store);
    if (job->values) free(job->values[0]);
    free(job->values);
    free(job->summaries);
    free(job->coarse);
    free(job->others);
    free(job->columns);
    free(job->memory);
    kl_plan_free(job->plan);
}

/* ------------------------------------------------------------------------------------------------- the table --- */

kl_status eval_columns(cli_table *table, const kl_plan *plan) {
    kl_status status = KL_OK;
    for (size_t o = 0; o < kl_plan_outputs(plan) && status >= 0; o++) {
        kl_plan_output output;
        kl_plan_output_at(plan, o, &output);
        status = kl_table_add_column(table->table, output.name, KL_COLUMN_F64, 0, NULL);
    }
    return status;
}

static kl_status eval_table(eval_job *job) {
    kl_status status = cli_table_open(&job->table, &job->out);
    if (status >= 0) status = kl_table_add_column(job->table.table, "open_time", KL_COLUMN_TIME, 0, NULL);
    return status < 0 ? status : eval_columns(&job->table, job->plan);
}

static kl_status eval_rows(eval_job *job, const kl_kline *rows, size_t skip, size_t n) {
    kl_table *table = job->table.table;
    size_t first = 0;
    kl_status status = kl_table_add_rows(table, n - skip, &first);
    for (size_t i = skip; i < n && status >= 0; i++) status = kl_table_set_i64(table, 0, first + i - skip, rows[i].open_time_us);
    for (size_t o = 0; o < job->outputs; o++)
        for (size_t i = skip; i < n && status >= 0; i++)
            if (job->values[o][i] == job->values[o][i]) status = kl_table_set_f64(table, 1 + o, first + i - skip, job->values[o][i]);
    return status < 0 ? status : cli_table_flush(&job->table);
}

/* --------------------------------------------------------------------------------------------------- the run --- */

static kl_status eval_key(void *ctx, const char *symbol, const kl_interval *interval, const kl_scale *scale, kl_error *error) {
    eval_job *job = ctx;
    (void)symbol;
    (void)scale;
    if (!interval->unit && interval->n != CLI_BARS) return cli_set_error(error, KL_E_UNSUPPORTED, 0, "these are trades; make candles of them first: kline resample ... --to 1m");
    if (job->state) return KL_OK;
    kl_plan_free(job->plan); /* now the interval is known */
    job->plan = NULL;
    const kl_interval none = {0}, *known = interval->unit ? interval : &none;
    job->usage = eval_compile(job, known) == CLI_GO ? 0 : 1;
    if (job->usage) return KL_E_INTERVAL;
    if (!job->plan) return cli_set_error(error, KL_E_INTERVAL, 0, "these bars have no interval, so that no coarser ones (@) can be made of them");
    kl_status status = eval_state(job, known, error);
    return status < 0 || job->summary ? status : eval_table(job);
}

static kl_status eval_plan_run(eval_job *job, const kl_columns *columns, kl_error *error) {
    size_t n = kl_plan_sources(job->plan);
    const kl_columns **sources = malloc(n * sizeof *sources);
    size_t *taken = calloc(n, sizeof *taken);
    kl_status status = KL_E_MEMORY;
    if (sources && taken) {
        sources[0] = columns;
        for (size_t s = 1; s < n; s++) sources[s] = job->coarse[s].fold ? &job->coarse[s].view : &job->others[s].view;
        status = kl_plan_run(job->state, sources, taken, job->values, error);
        for (size_t s = 1; s < n && status >= 0; s++)
            if (job->coarse[s].fold) eval_coarse_taken(&job->coarse[s], taken[s]);
    }
    free(sources);
    free(taken);
    return status;
}

static kl_status eval_piece(eval_job *job, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    kl_series view;
    kl_columns columns;
    size_t skip;
    memset(&view, 0, sizeof view);
    view.scale = *scale;
    view.n = view.capacity = n;
    memcpy(&view.rows, &rows, sizeof rows); /* read only: the columns are made from it and nothing else happens to it */
    for (skip = 0; skip < n && rows[skip].open_time_us < job->from;) skip++;
    kl_status status = kl_series_columns(&view, job->columns, job->column_bytes, &columns);
    for (size_t s = 1; s < kl_plan_sources(job->plan) && status >= 0; s++) {
        if (!job->others[s].stored) status = eval_coarse_push(&job->coarse[s], rows, n, scale, error);
        else if (job->coarse[s].fold) status = eval_other_fold(&job->others[s], rows[n - 1].open_time_us, &job->coarse[s], error);
        else status = eval_other_align(&job->others[s], columns.open_time_us, n, error);
    }
    if (status >= 0) status = eval_plan_run(job, &columns, error);
    if (status < 0) return status;
    if (!job->summary) return eval_rows(job, rows, skip, n);
    for (size_t o = 0; o < job->outputs; o++) eval_summarise(&job->summaries[o], job->values[o] + skip, n - skip);
    return KL_OK;
}

static kl_status eval_klines(void *ctx, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    eval_job *job = ctx;
    kl_status status = KL_OK;
    for (size_t first = 0; first < n && status >= 0; first += job->rows)
        status = eval_piece(job, rows + first, n - first < job->rows ? n - first : job->rows, scale, error);
    return status;
}

static int eval_run(eval_job *job) {
    const cli_source_sink sink = {job, eval_key, eval_klines, NULL};
    kl_error error = {0};
    kl_status status = cli_source_run(&job->source, &sink, &error);
    for (size_t s = 1; job->others && s < kl_plan_sources(job->plan); s++) job->source.damaged |= job->others[s].scan.damaged > 0;
    if (status >= 0 && job->summary && job->state) status = eval_print_summary(&job->table, &job->out, job->plan, job->summaries, NULL, 1);
    if (status >= 0 && !job->table.table && !job->summary && job->plan) status = eval_table(job);
    if (status >= 0 && job->table.table) status = cli_table_flush(&job->table); /* the header, should there be no row */
    cli_table_free(&job->table);
    if (status < 0 && !job->out.gone && !job->usage) cli_fail(job->source.verb, job->source.where, status, &error);
    int code = cli_out_close(&job->out, job->source.verb, status);
    return job->usage ? CLI_USAGE : cli_worse(code, job->source.damaged ? CLI_DATA : CLI_OK);
}

static int eval_run_panel(eval_job *job) {
    eval_panel panel = {&job->source, job->symbols, job->plan, &job->out, &job->table, job->from, job->summary, 0};
    kl_error error = {0};
    kl_status status = eval_panel_run(&panel, &error);
    if (status >= 0) status = cli_table_flush(&job->table);
    cli_table_free(&job->table);
    if (status < 0 && !job->out.gone) cli_fail(job->source.verb, job->source.where, status, &error);
    return cli_worse(cli_out_close(&job->out, job->source.verb, status), panel.damaged ? CLI_DATA : CLI_OK);
}

/* --store DIR --symbols A,B INTERVAL: the plan's interval is known at once. */
static int eval_panel_words(eval_job *job, int n, char **argv, int *used) {
    cli_source *source = &job->source;
    if (!source->store) return cli_usage(source->verb, "--symbols are those of a store: --store DIR --symbols A,B INTERVAL EXPR...");
    if (n < 1) return cli_usage(source->verb, "behind --symbols, name INTERVAL and expressions");
    if (cli_interval_word(argv[0], &source->interval) < 0 || !source->interval.unit)
        return cli_usage(source->verb, "'%s' is no interval; with --symbols, no symbol stands before it", argv[0]);
    if (source->from > source->to) return cli_usage(source->verb, "the range ends before it begins");
    source->where = source->store;
    *used = 1;
    return cli_key_words(source->verb, source->venue, source->market);
}

int cli_eval(const cli_verb *verb, int argc, char **argv) {
    static eval_job job; /* large for a stack */
    const char *epoch = "", *path = NULL;
    int n, used, json = 0, code;
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.source.store, "DIR", "take SYMBOL INTERVAL of a store"},
        CLI_STORED_OPTIONS(job.source),
        {"symbols", CLI_TEXT, &job.symbols, "A,B|ALL", "side by side, instead of one SYMBOL of the store; see panel_mean"},
        {"interval", CLI_INTERVAL, &job.source.interval, "I", "interval of the file where it cannot tell; none: bars that have no interval"},
        {"symbol", CLI_TEXT, &job.source.symbol, "S", "symbol to pick from a recorded stream"},
        {"from", CLI_TIME, &job.source.from, "T", "first bar that is printed; values are as if computed from the start of the source"},
        {"to", CLI_TIME, &job.source.to, "T", "end, not included"},
        {"summary", CLI_FLAG, &job.summary, NULL, "one row a column: rows, known values, the last one, and a hash of all"},
        CLI_OUTPUT_OPTIONS(epoch, json, path),
    };
    memset(&job, 0, sizeof job);
    cli_source_init(&job.source, verb);
    job.source.bars = 1;
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code == CLI_GO) code = job.symbols ? eval_panel_words(&job, n, argv, &used) : cli_source_words(&job.source, n, argv, &used);
    job.from = job.source.from; /* the plan sees the source from its start, so that no value depends on where printing begins */
    job.source.from = KL_TIME_MIN;
    if (code == CLI_GO && n - used < 1) code = cli_usage(verb, "give an expression, such as 'rsi(14)'");
    if (code == CLI_GO) {
        const kl_interval unknown = {0};
        job.texts = (const char *const *)(argv + used);
        job.n = (size_t)(n - used);
        code = eval_compile(&job, job.symbols ? &job.source.interval : &unknown);
    }
    if (code == CLI_GO) code = cli_source_output(&job.source, path);
    if (code == CLI_GO) code = cli_out_open(&job.out, verb, path, json, epoch);
    if (code == CLI_GO) code = job.symbols ? eval_run_panel(&job) : eval_run(&job);
    eval_free(&job);
    return code;
}
