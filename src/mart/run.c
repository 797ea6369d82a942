/* One call of a mart: everything is checked and the table has its rows before the first value moves a window. */
#include "base/fp.h"
#include "base/size.h"
#include "mart/mart.h"
#include <string.h>

static kl_status run_check_times(const kl_mart *m, const kl_mart_panel *panel, kl_error *error) {
    kl_time last = m->last_time;
    for (size_t i = 0; i < panel->n; i++) {
        kl_time time = panel->time[i], open;
        if (time <= last) return kl__fail(error, KL_E_ORDER, 2, (int64_t)i + 1, 0, "the time does not rise");
        last = time;
        if (mart_by_rows(&m->spec)) continue;
        kl_status status = kl_interval_floor(&m->spec.interval, time, &open);
        if (status < 0 || open != time)
            return kl__fail(error, status < 0 ? status : KL_E_INTERVAL, 2, (int64_t)i + 1, 0, "the time is not a start of the grid");
    }
    return KL_OK;
}

static kl_status run_check(const kl_mart *m, const kl_mart_panel *panel, const kl_table *table, kl_error *error) {
    if (!m || !panel || !table) return kl__fail(error, KL_E_ARG, !m ? 1 : !panel ? 2 : 4, 0, 0, "an argument is missing");
    int volume = mart_wants_volume(&m->spec);
    if (panel->n == 0) return KL_OK;
    if (!panel->time || !panel->close || (volume && !panel->volume))
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "the mart needs times, closes%s", volume ? " and volumes" : "");
    return run_check_times(m, panel, error);
}

/* Rows of the table that the panel will give; 1: more than fit. */
static int run_count(const kl_mart *m, const kl_mart_panel *panel, kl_time emit_from, size_t *rows) {
    size_t total = 0;
    for (size_t i = 0; i < panel->n; i++) {
        size_t there = 0;
        if (panel->time[i] < emit_from) continue;
        for (size_t s = 0; s < m->symbols; s++) there += (size_t)kl__known(panel->close[i * m->symbols + s]);
        if (kl__size_add(total, mart_rows_of(&m->spec, there), &total)) return 1;
    }
    *rows = total;
    return 0;
}

/* Adds the rows, and the texts of the symbols that they will share. */
static kl_status run_add_rows(mart_run *run) {
    kl_table *table = run->table;
    size_t before = table->rows, column = kl__mart_kind_of(&run->mart->spec)->names_column;
    kl_status status = kl__table_extend(table, run->rows, &run->row);
    for (size_t k = 0; k < run->mart->symbols && run->rows > 0 && status >= 0; k++) {
        const char *name = mart_symbol(run->mart, k);
        status = kl_table_set_text(table, column, run->row, name, strlen(name));
        if (status >= 0) run->symbol[k] = ((const kl__table_text *)table->column[column].values)[run->row];
    }
    if (status < 0) table->rows = before;
    return status;
}

static void run_lay_arrays(mart_run *run) {
    kl_mart *m = run->mart;
    size_t n = m->chunk;
    double *at = (double *)mart_at(m, m->at.arrays);
    for (size_t i = 0; i < MART_ARRAYS; i++) run->array[i] = at + i * n;
    run->grid = (int64_t *)(void *)(at + MART_ARRAYS * n);
    run->source = (size_t *)(void *)(run->grid + n);
    run->next = run->source + n;
    run->item = run->next + n;
    run->place = run->item + n;
    run->panel_array = (double *)mart_at(m, m->at.panel);
    run->panel_place = (size_t *)(void *)(run->panel_array + n * m->symbols);
    run->symbol = (kl__table_text *)mart_at(m, m->at.texts);
}

/* Rows of the table that the unit in front of others gets at row i of the panel; moves run->row. */
static size_t run_place(mart_run *run, size_t i) {
    const kl_mart *m = run->mart;
    size_t there = 0, row = run->row;
    if (run->panel->time[i] < run->emit_from) return MART_NONE;
    for (size_t s = 0; s < m->symbols; s++) there += (size_t)kl__known(run->panel->close[i * m->symbols + s]);
    run->row += mart_rows_of(&m->spec, there);
    return row;
}

/* Rows that the panel leaves out before its row i; so many that what is behind them knows nothing of what was before. */
static size_t run_left_out(const kl_mart *m, int64_t index) {
    if (m->last_time == KL_TIME_NONE || kl__mart_kind_of(&m->spec) == &kl__mart_matrix) return 0;
    uint64_t gap = (uint64_t)index - (uint64_t)m->last_index - 1, most = 2 * (uint64_t)m->spec.rows + 2;
    return (size_t)(gap < most ? gap : most);
}

/* Makes the next chunk: items from row *i on, after *left rows that are left out (MART_NONE: not yet known). */
static void run_fill(mart_run *run, size_t *i, size_t *left) {
    kl_mart *m = run->mart;
    int rows = mart_by_rows(&m->spec);
    run->last_index = m->last_index;
    run->first = m->last_time == KL_TIME_NONE;
    for (run->items = 0; run->items < m->chunk && *i < run->panel->n; run->items++) {
        size_t j = run->items;
        int64_t index = m->last_index; /* by rows it stays; the times were checked */
        if (!rows) (void)kl_interval_index(&m->spec.interval, run->panel->time[*i], &index);
        if (*left == MART_NONE) *left = rows ? 0 : run_left_out(m, index);
        if (*left > 0) {
            run->source[j] = run->next[j] = MART_NONE;
            --*left;
            continue;
        }
        run->source[j] = *i;
        run->grid[j] = index;
        run->next[j] = run_place(run, *i);
        m->last_index = index;
        m->last_time = run->panel->time[(*i)++];
        *left = MART_NONE;
    }
}

kl_status kl_mart_run(kl_mart *mart, const kl_mart_panel *panel, kl_time emit_from, kl_table *table, kl_error *error) {
    KL__TRY(run_check(mart, panel, table, error));
    const mart_kind *kind = kl__mart_kind_of(&mart->spec);
    mart_run run;
    memset(&run, 0, sizeof run);
    run.mart = mart;
    run.panel = panel;
    run.emit_from = emit_from;
    run.table = table;
    run_lay_arrays(&run);
    KL__TRY(kl__mart_prepare_table(mart, table, error));
    if (run_count(mart, panel, emit_from, &run.rows)) return kl__fail(error, KL_E_MEMORY, 4, 0, 0, "so many rows do not fit the memory");
    size_t rows = table->rows;
    kl_status status = run_add_rows(&run);
    if (status < 0) return kl__fail(error, status, 4, 0, 0, "no memory for the rows of the table");
    kind->start(&run);
    size_t i = 0, left = MART_NONE;
    while (status >= 0 && i < panel->n) {
        run_fill(&run, &i, &left);
        status = kind->chunk(&run);
    }
    if (status >= 0) return KL_OK;
    table->rows = rows;
    return kl__fail(error, status, 1, 0, 0, "a window refused its rows");
}
