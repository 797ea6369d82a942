/* kline eval: columns and indicators over candles, in one pass: the same kernel as in a bot, in pieces of EVAL_ROWS bars. */
#include "cli.h"
#include <stdlib.h>
#include <string.h>

#define EVAL_ROWS 1024
#define EVAL_EXPRESSIONS 64
#define EVAL_NAME 256

typedef struct eval_expression {
    const char *text;
    kl_call call;
    int32_t column; /* KL_COL_* of a plain column, or -1 */
    kl_run *run;
    void *memory;
    size_t first, outputs; /* of the table's columns; the time is column 0 */
} eval_expression;

typedef struct eval_job {
    cli_source source;
    cli_out out;
    cli_table table;
    eval_expression at[EVAL_EXPRESSIONS];
    size_t n;
    void *columns; /* room for the doubles of EVAL_ROWS bars */
    size_t column_bytes;
    kl_time from; /* first bar that is printed */
    double out_rows[KL_OUTPUTS_MAX][EVAL_ROWS];
} eval_job;

static const char *const eval_columns[KL_COL_COUNT] = {"open", "high", "low", "close", "volume", "quote_volume", "trade_count",
                                                       "taker_buy_base", "taker_buy_quote"};

static const double *eval_column(const kl_columns *c, int32_t column) {
    const double *const columns[KL_COL_COUNT] = {c->open, c->high, c->low, c->close, c->volume, c->quote_volume, c->trade_count,
                                                 c->taker_buy_base, c->taker_buy_quote};
    return columns[column];
}

static kl_status eval_compile(eval_expression *e, const char *text, kl_error *error) {
    size_t bytes;
    kl_status status;
    e->text = text;
    e->column = -1;
    e->outputs = 1;
    for (int32_t i = 0; i < KL_COL_TIME; i++)
        if (!strcmp(text, eval_columns[i])) e->column = i;
    if (e->column >= 0) return KL_OK;
    status = kl_call_parse(text, strlen(text), &e->call, error);
    if (status < 0) return status;
    if (e->call.output < 0) e->outputs = e->call.indicator->n_outputs;
    status = kl_run_size(e->call.indicator, e->call.params, &bytes, error);
    if (status < 0) return status;
    e->memory = malloc(bytes);
    if (!e->memory) return KL_E_MEMORY;
    return kl_run_init(e->memory, bytes, e->call.indicator, e->call.params, &e->run, error);
}

static void eval_name(const eval_expression *e, size_t output, char *name) {
    if (e->outputs == 1) snprintf(name, EVAL_NAME, "%s", e->text);
    else snprintf(name, EVAL_NAME, "%s.%s", e->text, e->call.indicator->outputs[output].name);
}

/* two columns of one name could not be told apart */
static int eval_twice(const eval_job *job, const eval_expression *e) {
    char one[EVAL_NAME], other[EVAL_NAME];
    for (const eval_expression *o = job->at; o < e; o++)
        for (size_t k = 0; k < e->outputs; k++)
            for (size_t j = 0; j < o->outputs; j++) {
                eval_name(e, k, one);
                eval_name(o, j, other);
                if (!strcmp(one, other)) return 1;
            }
    return 0;
}

static kl_status eval_table(eval_job *job) {
    kl_status status = cli_table_open(&job->table, &job->out);
    if (status >= 0) status = kl_table_add_column(job->table.table, "open_time", KL_COLUMN_TIME, 0, NULL);
    for (size_t i = 0; i < job->n && status >= 0; i++) {
        eval_expression *e = &job->at[i];
        e->first = kl_table_columns(job->table.table);
        for (size_t k = 0; k < e->outputs && status >= 0; k++) {
            char name[EVAL_NAME];
            eval_name(e, k, name);
            status = kl_table_add_column(job->table.table, name, KL_COLUMN_F64, 0, NULL);
        }
    }
    return status;
}

static kl_status eval_key(void *ctx, const char *symbol, const kl_interval *interval, const kl_scale *scale, kl_error *error) {
    (void)ctx;
    (void)symbol;
    (void)scale;
    if (interval->unit) return KL_OK;
    return cli_set_error(error, KL_E_UNSUPPORTED, 0, "these are trades; make candles of them first: kline resample ... --to 1m");
}

static kl_status eval_one(eval_job *job, eval_expression *e, const kl_columns *columns, size_t first, size_t skip) {
    kl_table *table = job->table.table;
    kl_status status = KL_OK;
    const double *source[KL_OUTPUTS_MAX];
    if (e->column >= 0) {
        source[0] = eval_column(columns, e->column);
    } else {
        const double *in[KL_INPUTS_MAX];
        double *out[KL_OUTPUTS_MAX] = {NULL};
        for (uint32_t i = 0; i < e->call.indicator->n_inputs; i++) in[i] = eval_column(columns, e->call.inputs[i]);
        for (uint32_t k = 0; k < e->call.indicator->n_outputs; k++)
            if (e->call.output < 0 || e->call.output == (int32_t)k) out[k] = job->out_rows[k];
        for (size_t k = 0; k < e->outputs; k++) source[k] = job->out_rows[e->call.output < 0 ? k : (size_t)e->call.output];
        status = kl_run_bars(e->run, in, columns->n, out);
    }
    for (size_t k = 0; k < e->outputs; k++)
        for (size_t i = skip; i < columns->n && status >= 0; i++)
            if (source[k][i] == source[k][i]) status = kl_table_set_f64(table, e->first + k, first + i - skip, source[k][i]);
    return status;
}

static kl_status eval_piece(eval_job *job, const kl_kline *rows, size_t n, const kl_scale *scale) {
    kl_series view;
    kl_columns columns;
    size_t first, skip;
    kl_status status;
    memset(&view, 0, sizeof view);
    view.scale = *scale;
    view.n = view.capacity = n;
    memcpy(&view.rows, &rows, sizeof rows); /* read only: the columns are made from it and nothing else happens to it */
    for (skip = 0; skip < n && rows[skip].open_time_us < job->from;) skip++;
    status = kl_series_columns(&view, job->columns, job->column_bytes, &columns);
    if (status >= 0) status = kl_table_add_rows(job->table.table, n - skip, &first);
    for (size_t i = skip; i < n && status >= 0; i++) status = kl_table_set_i64(job->table.table, 0, first + i - skip, rows[i].open_time_us);
    for (size_t i = 0; i < job->n && status >= 0; i++) status = eval_one(job, &job->at[i], &columns, first, skip);
    return status < 0 ? status : cli_table_flush(&job->table);
}

static kl_status eval_klines(void *ctx, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    eval_job *job = ctx;
    kl_status status = KL_OK;
    (void)error;
    for (size_t first = 0; first < n && status >= 0; first += EVAL_ROWS)
        status = eval_piece(job, rows + first, n - first < EVAL_ROWS ? n - first : EVAL_ROWS, scale);
    return status;
}

static int eval_expressions(eval_job *job, int n, char **words) {
    if (n < 1) return cli_usage(job->source.verb, "give an expression, such as 'rsi(14)'");
    if (n > EVAL_EXPRESSIONS) return cli_usage(job->source.verb, "at most %d expressions at a time", EVAL_EXPRESSIONS);
    for (int i = 0; i < n; i++) {
        kl_error error = {0};
        kl_status status = eval_compile(&job->at[job->n++], words[i], &error);
        if (status >= 0 && eval_twice(job, &job->at[job->n - 1])) return cli_usage(job->source.verb, "'%s' is asked for twice", words[i]);
        if (status >= 0 && strlen(words[i]) + 32 > EVAL_NAME) return cli_usage(job->source.verb, "'%s' is too long", words[i]);
        if (status >= 0) continue;
        error.row = 0;
        if (status == KL_E_MEMORY) return cli_fail(job->source.verb, words[i], status, &error);
        if (error.code == status && error.column > 0)
            fprintf(stderr, "kline eval: '%s', character %lld: %s (%s)\n", words[i], (long long)error.column, error.message, kl_status_name(status));
        else
            cli_fail(job->source.verb, words[i], status, &error);
        return CLI_USAGE;
    }
    return CLI_GO;
}

static int eval_run(eval_job *job) {
    const cli_source_sink sink = {job, eval_key, eval_klines, NULL};
    kl_error error = {0};
    kl_status status = KL_OK;
    job->column_bytes = kl_series_columns_size(EVAL_ROWS) + 64;
    job->columns = aligned_alloc(64, (job->column_bytes + 63) / 64 * 64);
    if (!job->columns) status = KL_E_MEMORY;
    if (status >= 0) status = eval_table(job);
    if (status >= 0) status = cli_source_run(&job->source, &sink, &error);
    if (status >= 0) status = cli_table_flush(&job->table); /* the header, should there be no row */
    cli_table_free(&job->table);
    free(job->columns);
    if (status < 0 && !job->out.gone) cli_fail(job->source.verb, job->source.where, status, &error);
    return cli_worse(cli_out_close(&job->out, job->source.verb, status), job->source.damaged ? CLI_DATA : CLI_OK);
}

int cli_eval(const cli_verb *verb, int argc, char **argv) {
    static eval_job job; /* large for a stack */
    const char *epoch = "", *path = NULL;
    int n, used, json = 0, code;
    const cli_option options[] = {
        {"store", CLI_TEXT, &job.source.store, "DIR", "take SYMBOL INTERVAL of a store"},
        CLI_STORED_OPTIONS(job.source),
        {"interval", CLI_INTERVAL, &job.source.interval, "I", "interval of the file where it cannot tell"},
        {"symbol", CLI_TEXT, &job.source.symbol, "S", "symbol to pick from a recorded stream"},
        {"from", CLI_TIME, &job.source.from, "T", "first bar that is printed; values are as if computed from the start of the source"},
        {"to", CLI_TIME, &job.source.to, "T", "end, not included"},
        CLI_OUTPUT_OPTIONS(epoch, json, path),
    };
    memset(&job, 0, sizeof job);
    cli_source_init(&job.source, verb);
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code == CLI_GO) code = cli_source_words(&job.source, n, argv, &used);
    job.from = job.source.from; /* the indicators see the source from its start, so that no value depends on where printing begins */
    job.source.from = KL_TIME_MIN;
    if (code == CLI_GO) code = eval_expressions(&job, n - used, argv + used);
    if (code == CLI_GO) code = cli_source_output(&job.source, path);
    if (code == CLI_GO) code = cli_out_open(&job.out, verb, path, json, epoch);
    if (code == CLI_GO) code = eval_run(&job);
    for (size_t i = 0; i < job.n; i++) free(job.at[i].memory);
    return code;
}
