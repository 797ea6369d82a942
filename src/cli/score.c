/* kline score: every bar's scores, edge, confidence, action and reason, and the metrics behind them; or what a strategy can never do. */
#include "eval.h"
#include "strategy.h"
#include <stdlib.h>
#include <string.h>

#define SCORE_ROWS 1024

typedef struct score_job {
    cli_source source;
    cli_strategy strategy;
    cli_out out;
    cli_table table;
    int signals, lint;
    kl_strategy_state *state;
    void *memory, *columns;
    size_t column_bytes;
    kl_decision *rows;
    eval_coarse *coarse; /* of each source of the plan but the first */
    eval_other *others;
    kl_store *store; /* of the others */
    kl_time from;    /* first bar that is printed */
    int code;        /* what the strategy was refused with */
} score_job;

static const kl_plan *score_plan(const score_job *job) { return kl_strategy_plan(job->strategy.strategy); }

static kl_status score_open_source(score_job *job, size_t s, const kl_interval *interval, kl_error *error) {
    kl_plan_source source;
    kl_status status = KL_OK;
    kl_plan_source_at(score_plan(job), s, &source);
    if (source.symbol[0]) {
        cli_source other = job->source;
        other.symbol = source.symbol;
        if (!job->source.store) {
            job->code = cli_usage(job->source.verb, "a file has bars of one symbol: '%s': is another one; a store may have both", source.symbol);
            return KL_E_SYMBOL;
        }
        if (!job->store) status = kl_store_open(kl_io_posix(), job->source.store, KL_STORE_READ, NULL, &job->store, error);
        if (status >= 0) status = eval_other_open(&job->others[s], &other, job->store, SCORE_ROWS, error);
    }
    if (status >= 0 && source.interval.unit) status = eval_coarse_open(&job->coarse[s], interval, &source.interval, SCORE_ROWS + 2, error);
    return status;
}

static kl_status score_start(score_job *job, const kl_interval *interval, kl_error *error) {
    const size_t sources = kl_plan_sources(score_plan(job));
    size_t bytes;
    kl_status status = kl_strategy_state_size(job->strategy.strategy, 1, &bytes);
    if (status < 0) return status;
    job->memory = malloc(bytes);
    job->rows = calloc(SCORE_ROWS, sizeof *job->rows);
    job->coarse = calloc(sources, sizeof *job->coarse);
    job->others = calloc(sources, sizeof *job->others);
    job->column_bytes = kl_series_columns_size(SCORE_ROWS) + 64;
    job->columns = aligned_alloc(64, (job->column_bytes + 63) / 64 * 64);
    if (!job->memory || !job->rows || !job->coarse || !job->others || !job->columns) return KL_E_MEMORY;
    for (size_t s = 1; s < sources && status >= 0; s++) status = score_open_source(job, s, interval, error);
    if (status >= 0) status = kl_strategy_state_init(job->memory, bytes, job->strategy.strategy, 1, &job->state);
    return status < 0 ? status : cli_table_open(&job->table, &job->out);
}

static kl_status score_key(void *ctx, const char *symbol, const kl_interval *interval, const kl_scale *scale, kl_error *error) {
    score_job *job = ctx;
    (void)symbol;
    (void)scale;
    if (!interval->unit) return cli_set_error(error, KL_E_UNSUPPORTED, 0, "these are trades; make candles of them first: kline resample ... --to 1m");
    if (job->state) return KL_OK;
    job->code = cli_strategy_compile(&job->strategy, job->source.verb, interval);
    if (job->code != CLI_GO) return KL_E_INTERVAL;
    return score_start(job, interval, error);
}

static kl_status score_decide(score_job *job, const kl_columns *columns, kl_error *error) {
    const size_t n = kl_plan_sources(score_plan(job));
    const kl_columns **sources = malloc(n * sizeof *sources);
    size_t *taken = calloc(n, sizeof *taken);
    kl_status status = KL_E_MEMORY;
    if (sources && taken) {
        sources[0] = columns;
        for (size_t s = 1; s < n; s++) sources[s] = job->coarse[s].fold ? &job->coarse[s].view : &job->others[s].view;
        status = kl_strategy_run(job->state, sources, taken, job->rows, error);
        for (size_t s = 1; s < n && status >= 0; s++)
            if (job->coarse[s].fold) eval_coarse_taken(&job->coarse[s], taken[s]);
    }
    free(sources);
    free(taken);
    return status;
}

static kl_status score_piece(score_job *job, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    kl_series view;
    kl_columns columns;
    size_t skip;
    memset(&view, 0, sizeof view);
    view.scale = *scale;
    view.n = view.capacity = n;
    memcpy(&view.rows, &rows, sizeof rows); /* read only: the columns are made from it and nothing else happens to it */
    for (skip = 0; skip < n && rows[skip].open_time_us < job->from;) skip++;
    kl_status status = kl_series_columns(&view, job->columns, job->column_bytes, &columns);
    for (size_t s = 1; s < kl_plan_sources(score_plan(job)) && status >= 0; s++) {
        if (!job->others[s].stored) status = eval_coarse_push(&job->coarse[s], rows, n, scale, error);
        else if (job->coarse[s].fold) status = eval_other_fold(&job->others[s], rows[n - 1].open_time_us, &job->coarse[s], error);
        else status = eval_other_align(&job->others[s], columns.open_time_us, n, error);
    }
    if (status >= 0) status = score_decide(job, &columns, error);
    if (status >= 0) status = kl_strategy_table(job->strategy.strategy, job->table.table, job->rows + skip, n - skip, !job->signals);
    return status < 0 ? status : cli_table_flush(&job->table);
}

static kl_status score_klines(void *ctx, const kl_kline *rows, size_t n, const kl_scale *scale, kl_error *error) {
    kl_status status = KL_OK;
    for (size_t first = 0; first < n && status >= 0; first += SCORE_ROWS)
        status = score_piece(ctx, rows + first, n - first < SCORE_ROWS ? n - first : SCORE_ROWS, scale, error);
    return status;
}

static int score_run(score_job *job) {
    const cli_source_sink sink = {job, score_key, score_klines, NULL};
    kl_error error = {0};
    kl_status status = cli_source_run(&job->source, &sink, &error);
    for (size_t s = 1; job->others && s < kl_plan_sources(score_plan(job)); s++) job->source.damaged |= job->others[s].scan.damaged > 0;
    if (status >= 0 && job->table.table) status = kl_strategy_table(job->strategy.strategy, job->table.table, job->rows, 0, 1);
    if (status >= 0 && job->table.table) status = cli_table_flush(&job->table); /* the header, should there be no row */
    cli_table_free(&job->table);
    if (job->code != CLI_GO) return cli_out_close(&job->out, job->source.verb, status), job->code;
    if (status < 0 && !job->out.gone) cli_fail(job->source.verb, job->source.where, status, &error);
    return cli_worse(cli_out_close(&job->out, job->source.verb, status), job->source.damaged ? CLI_DATA : CLI_OK);
}

/* ---------------------------------------------------------------------------------------------------------- lint --- */

static kl_status score_lint_table(score_job *job, const kl_lint *found, size_t n) {
    static const char *const names[] = {"", "note", "warning"};
    static const char *const columns[] = {"level", "finding", "side", "metric", "message"};
    static const char *const kinds[] = {"",
#define KL__LINT_NAME(NAME, value, name, level, text) [value] = name,
        KL_LINT_LIST(KL__LINT_NAME)
#undef KL__LINT_NAME
    };
    kl_strategy_spec spec;
    kl_status status = cli_table_open(&job->table, &job->out);
    kl_strategy_spec_of(job->strategy.strategy, &spec);
    for (size_t c = 0; c < 5 && status >= 0; c++) status = kl_table_add_column(job->table.table, columns[c], KL_COLUMN_TEXT, 0, NULL);
    for (size_t i = 0; i < n && status >= 0; i++) {
        size_t row;
        const char *const cells[5] = {/* NULL: an empty field */
                                      names[found[i].level], kinds[found[i].kind],
                                      found[i].side == KL_SIDE_BUY ? "buy" : found[i].side == KL_SIDE_SELL ? "sell" : NULL,
                                      found[i].metric < 0 ? NULL : spec.metrics[found[i].metric].code, found[i].message};
        status = cli_table_row(&job->table, &row);
        for (size_t c = 0; c < 5 && status >= 0; c++)
            if (cells[c]) status = cli_table_text(&job->table, c, row, cells[c]);
    }
    if (status >= 0) status = cli_table_flush(&job->table);
    cli_table_free(&job->table);
    return status;
}

static int score_lint(score_job *job) {
    static kl_lint found[512];
    size_t total = 0, n;
    int warnings = 0;
    kl_status status = kl_strategy_lint(job->strategy.strategy, NULL, found, sizeof found / sizeof found[0], &total);
    n = total < sizeof found / sizeof found[0] ? total : sizeof found / sizeof found[0];
    if (status >= 0) status = score_lint_table(job, found, n);
    for (size_t i = 0; i < n; i++) warnings |= found[i].level > 1;
    if (status < 0 && !job->out.gone) cli_fail(job->source.verb, job->strategy.path, status, NULL);
    return cli_worse(cli_out_close(&job->out, job->source.verb, status), warnings ? CLI_FINDINGS : CLI_OK);
}

static void score_free(score_job *job) {
    for (size_t s = 1; job->coarse && s < kl_plan_sources(score_plan(job)); s++) eval_coarse_free(&job->coarse[s]);
    for (size_t s = 1; job->others && s < kl_plan_sources(score_plan(job)); s++) eval_other_free(&job->others[s]);
    kl_store_close(job->store);
    free(job->coarse);
    free(job->others);
    free(job->rows);
    free(job->columns);
    free(job->memory);
    cli_strategy_free(&job->strategy);
}

int cli_score(const cli_verb *verb, int argc, char **argv) {
    static score_job job; /* large for a stack */
    const char *epoch = "", *path = NULL;
    int n, used = 0, json = 0, code;
    const cli_option options[] = {
        CLI_STRATEGY_OPTIONS(job.strategy),
        {"signals", CLI_FLAG, &job.signals, NULL, "bars with a tradable decision only"},
        {"lint", CLI_FLAG, &job.lint, NULL, "no bars: what the strategy can never do; ends with 1 where there is a warning"},
        {"store", CLI_TEXT, &job.source.store, "DIR", "take SYMBOL INTERVAL of a store"},
        CLI_STORED_OPTIONS(job.source),
        {"interval", CLI_INTERVAL, &job.source.interval, "I", "interval of the file where it cannot tell"},
        {"symbol", CLI_TEXT, &job.source.symbol, "S", "symbol to pick from a recorded stream"},
        {"from", CLI_TIME, &job.source.from, "T", "first bar that is printed; decisions are as if made from the start of the source"},
        {"to", CLI_TIME, &job.source.to, "T", "end, not included"},
        CLI_OUTPUT_OPTIONS(epoch, json, path),
    };
    const kl_interval unknown = {0};
    memset(&job, 0, sizeof job);
    cli_source_init(&job.source, verb);
    job.code = CLI_GO;
    code = cli_args(verb, argc, argv, options, sizeof options / sizeof options[0], &n);
    if (code == CLI_GO) code = job.lint ? CLI_GO : cli_source_words(&job.source, n, argv, &used);
    if (code == CLI_GO && used < n) code = cli_usage(verb, "'%s' is one word too many", argv[used]);
    job.from = job.source.from; /* the strategy sees the source from its start, so that no decision depends on where printing begins */
    job.source.from = KL_TIME_MIN;
    if (code == CLI_GO) code = cli_strategy_open(&job.strategy, verb);
    if (code == CLI_GO) code = cli_strategy_compile(&job.strategy, verb, &unknown); /* told before anything is read */
    if (code == CLI_GO && job.lint && !job.strategy.strategy) code = cli_usage(verb, "%s does not say its interval", job.strategy.path);
    if (code == CLI_GO && !job.lint) code = cli_source_output(&job.source, path);
    if (code == CLI_GO) code = cli_out_open(&job.out, verb, path, json, epoch);
    if (code == CLI_GO) code = job.lint ? score_lint(&job) : score_run(&job);
    score_free(&job);
    return code;
}
