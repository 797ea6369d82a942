/* kline eval --symbols: one plan over many symbols of a store, on the grid of all their open times. */
#include "eval.h"
#include <stdlib.h>
#include <string.h>

#define PANEL_VALUES 4194304 /* columns and outputs of all symbols together */
#define PANEL_ROWS 2048
#define PANEL_SYMBOLS 65536

typedef struct panel_job {
    eval_panel *panel;
    kl_store *store;
    char (*names)[KL_SYMBOL_MAX];
    size_t n, room; /* symbols */
    eval_other *symbols, *others; /* others: of each source of the plan but the first */
    size_t sources, outputs, rows;
    kl_time *grid;
    void *memory;
    kl_plan_state *state;
    const kl_columns **columns;
    double **values;
    size_t *taken;
    eval_summary *summaries; /* of each output of each symbol; NULL: a table */
} panel_job;

static kl_status panel_add(panel_job *job, const char *name, size_t length, kl_error *error) {
    if (length == 0 || length >= KL_SYMBOL_MAX) return cli_set_error(error, KL_E_SYMBOL, 0, "'%.*s' cannot be a symbol", (int)length, name);
    if (job->n == PANEL_SYMBOLS) return cli_set_error(error, KL_E_SIZE, 0, "more than %d symbols", PANEL_SYMBOLS);
    if (job->n == job->room) {
        const size_t room = job->room ? 2 * job->room : 64;
        void *grown = realloc(job->names, room * sizeof *job->names);
        if (!grown) return KL_E_MEMORY;
        job->names = grown;
        job->room = room;
    }
    memset(job->names[job->n], 0, KL_SYMBOL_MAX);
    memcpy(job->names[job->n++], name, length);
    return KL_OK;
}

static kl_status panel_each(void *ctx, const kl_series_key *key) {
    panel_job *job = ctx;
    const cli_source *source = job->panel->source;
    if (!cli_interval_same(&key->interval, &source->interval) || !cli_key_wanted(key, source->venue, source->market)) return KL_OK;
    return panel_add(job, key->symbol, strlen(key->symbol), NULL);
}

static int panel_order(const void *a, const void *b) { return strcmp(a, b); }

static kl_status panel_names(panel_job *job, kl_error *error) {
    const char *text = job->panel->symbols;
    kl_status status = KL_OK;
    if (!strcmp(text, "ALL")) {
        status = kl_store_list(job->store, panel_each, job, error);
        if (status >= 0 && job->n == 0) status = cli_set_error(error, KL_E_NOT_FOUND, 0, "the store has no series of that interval");
        if (status >= 0) qsort(job->names, job->n, sizeof *job->names, panel_order);
    } else
        for (const char *end = ","; status >= 0 && *end; text = end + 1) { /* an empty list is one empty name, and refused as such */
            end = strchr(text, ',');
            if (!end) end = text + strlen(text);
            status = panel_add(job, text, (size_t)(end - text), error);
        }
    return status;
}

static kl_status panel_open_one(panel_job *job, eval_other *o, const char *symbol, kl_error *error) {
    cli_source source = *job->panel->source;
    source.symbol = symbol;
    return eval_other_open(o, &source, job->store, job->rows, error);
}

static kl_status panel_open(panel_job *job, kl_error *error) {
    const kl_plan *plan = job->panel->plan;
    size_t bytes;
    kl_status status = panel_names(job, error);
    if (status < 0) return status;
    job->sources = kl_plan_sources(plan);
    job->outputs = kl_plan_outputs(plan);
    job->rows = PANEL_VALUES / (job->n * (2 * EVAL_COLUMNS + job->outputs));
    job->rows = job->rows < 8 ? 8 : job->rows > PANEL_ROWS ? PANEL_ROWS : job->rows;
    job->symbols = calloc(job->n, sizeof *job->symbols);
    job->others = calloc(job->sources, sizeof *job->others);
    job->taken = calloc(job->sources, sizeof *job->taken);
    job->grid = malloc(job->rows * sizeof *job->grid);
    job->columns = malloc(job->n * job->sources * sizeof *job->columns);
    job->values = malloc(job->n * job->outputs * sizeof *job->values);
    if (!job->symbols || !job->others || !job->taken || !job->grid || !job->columns || !job->values) return KL_E_MEMORY;
    job->values[0] = malloc(job->n * job->outputs * job->rows * sizeof **job->values);
    if (!job->values[0]) return KL_E_MEMORY;
    for (size_t k = 1; k < job->n * job->outputs; k++) job->values[k] = job->values[0] + k * job->rows;
    for (size_t s = 0; s < job->n && status >= 0; s++) {
        status = panel_open_one(job, &job->symbols[s], job->names[s], error);
        for (size_t i = 0; status >= 0 && i < s; i++)
            if (!strcmp(job->symbols[i].symbol, job->symbols[s].symbol)) status = cli_set_error(error, KL_E_ARG, 0, "%s is there twice", job->names[s]);
    }
    for (size_t k = 1; k < job->sources && status >= 0; k++) {
        kl_plan_source source;
        kl_plan_source_at(plan, k, &source);
        status = panel_open_one(job, &job->others[k], source.symbol, error);
    }
    if (status >= 0) status = kl_plan_state_size(plan, job->n, &bytes);
    if (status < 0) return status;
    job->memory = malloc(bytes);
    return job->memory ? kl_plan_state_init(job->memory, bytes, plan, job->n, &job->state) : KL_E_MEMORY;
}

static void panel_free(panel_job *job) {
    for (size_t s = 0; job->symbols && s < job->n; s++) {
        job->panel->damaged |= job->symbols[s].scan.damaged > 0;
        eval_other_free(&job->symbols[s]);
    }
    for (size_t k = 1; job->others && k < job->sources; k++) {
        job->panel->damaged |= job->others[k].scan.damaged > 0;
        eval_other_free(&job->others[k]);
    }
    if (job->values) free(job->values[0]);
    free(job->values);
    free(job->columns);
    free(job->grid);
    free(job->taken);
    free(job->summaries);
    free(job->symbols);
    free(job->others);
    free(job->names);
    free(job->memory);
    kl_store_close(job->store);
}

/* The next open times of any symbol: with `rows` rows of each read, as many are sure. */
static kl_status panel_grid(panel_job *job, size_t *n, kl_error *error) {
    size_t *at = calloc(job->n, sizeof *at);
    kl_status status = at ? KL_OK : KL_E_MEMORY;
    for (size_t s = 0; s < job->n && status >= 0; s++) status = eval_other_fill(&job->symbols[s], error);
    for (*n = 0; status >= 0 && *n < job->rows; ++*n) {
        kl_time next = KL_TIME_MAX;
        for (size_t s = 0; s < job->n; s++)
            if (at[s] < job->symbols[s].n && job->symbols[s].times[at[s]] < next) next = job->symbols[s].times[at[s]];
        if (next == KL_TIME_MAX) break;
        for (size_t s = 0; s < job->n; s++) at[s] += at[s] < job->symbols[s].n && job->symbols[s].times[at[s]] == next;
        job->grid[*n] = next;
    }
    free(at);
    return status;
}

static void panel_summarise(panel_job *job, size_t n) {
    for (size_t j = 0; j < n; j++)
        for (size_t s = 0; s < job->n && job->grid[j] >= job->panel->from; s++) {
            if (job->symbols[s].view.close[j] != job->symbols[s].view.close[j]) continue; /* no bar */
            for (size_t o = s * job->outputs; o < (s + 1) * job->outputs; o++) eval_summarise(&job->summaries[o], &job->values[o][j], 1);
        }
}

static kl_status panel_print_summary(panel_job *job) {
    const char **names = malloc((job->n ? job->n : 1) * sizeof *names);
    kl_status status = KL_E_MEMORY;
    for (size_t s = 0; names && s < job->n; s++) names[s] = job->symbols[s].symbol;
    if (names) status = eval_print_summary(job->panel->table, job->panel->out, job->panel->plan, job->summaries, names, job->n);
    free(names);
    return status;
}

static kl_status panel_write(panel_job *job, size_t n) {
    cli_table *table = job->panel->table;
    kl_status status = KL_OK;
    for (size_t j = 0; j < n && status >= 0; j++)
        for (size_t s = 0; s < job->n && job->grid[j] >= job->panel->from && status >= 0; s++) {
            size_t row;
            if (job->symbols[s].view.close[j] != job->symbols[s].view.close[j]) continue; /* no bar */
            status = cli_table_row(table, &row);
            if (status >= 0) status = cli_table_text(table, 0, row, job->symbols[s].symbol);
            if (status >= 0) status = kl_table_set_i64(table->table, 1, row, job->grid[j]);
            for (size_t o = 0; o < job->outputs && status >= 0; o++) {
                const double x = job->values[s * job->outputs + o][j];
                if (x == x) status = kl_table_set_f64(table->table, 2 + o, row, x);
            }
        }
    return status;
}

static kl_status panel_piece(panel_job *job, size_t n, kl_error *error) {
    kl_status status = KL_OK;
    for (size_t s = 0; s < job->n && status >= 0; s++) status = eval_other_align(&job->symbols[s], job->grid, n, error);
    for (size_t k = 1; k < job->sources && status >= 0; k++) status = eval_other_align(&job->others[k], job->grid, n, error);
    for (size_t s = 0; s < job->n; s++)
        for (size_t k = 0; k < job->sources; k++) job->columns[s * job->sources + k] = k ? &job->others[k].view : &job->symbols[s].view;
    if (status >= 0) status = kl_plan_run_panel(job->state, job->columns, job->taken, job->values, error);
    if (status >= 0 && job->summaries) panel_summarise(job, n);
    return status < 0 || job->summaries ? status : panel_write(job, n);
}

static kl_status panel_table(panel_job *job) {
    cli_table *table = job->panel->table;
    kl_status status = cli_table_open(table, job->panel->out);
    if (status >= 0) status = kl_table_add_column(table->table, "symbol", KL_COLUMN_TEXT, 0, NULL);
    if (status >= 0) status = kl_table_add_column(table->table, "open_time", KL_COLUMN_TIME, 0, NULL);
    return status < 0 ? status : eval_columns(table, job->panel->plan);
}

kl_status eval_panel_run(eval_panel *panel, kl_error *error) {
    panel_job job = {.panel = panel};
    kl_status status = kl_store_open(kl_io_posix(), panel->source->store, KL_STORE_READ, NULL, &job.store, error);
    if (status < 0) return status;
    status = panel_open(&job, error);
    if (status >= 0 && panel->summary) {
        job.summaries = calloc(job.n * job.outputs, sizeof *job.summaries);
        if (!job.summaries) status = KL_E_MEMORY;
    } else if (status >= 0) status = panel_table(&job);
    for (size_t n = 1; status >= 0 && n;) {
        status = panel_grid(&job, &n, error);
        if (status >= 0 && n) status = panel_piece(&job, n, error);
    }
    if (status >= 0 && job.summaries) status = panel_print_summary(&job);
    panel_free(&job);
    return status;
}
