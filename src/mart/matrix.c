/* Correlations on the time grid: the rolling matrix of all symbols. */
#include "base/fp.h"
#include "mart/correlations.h"
#include <string.h>

static size_t matrix_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    (void)spec, (void)window;
    return 0;
}

typedef struct matrix_view { /* of the mart's memory */
    kl_corr *corr, *baseline;
    double *now, *before, *base, *row; /* packed matrices; values of one time */
    size_t *place, pairs;              /* rows of the table for each pair */
    double shift_limit;
} matrix_view;

static matrix_view matrix_of(const kl_mart *m) {
    matrix_view v;
    v.pairs = kl_pair_count(m->symbols);
    v.corr = (kl_corr *)mart_at(m, m->at.corr);
    v.baseline = m->spec.baseline_rows ? (kl_corr *)mart_at(m, m->at.baseline) : NULL;
    v.now = (double *)mart_at(m, m->at.matrix);
    v.before = v.now + v.pairs;
    v.base = v.before + v.pairs;
    v.row = v.base + v.pairs;
    v.place = (size_t *)mart_at(m, m->at.places);
    v.shift_limit = kl__mart_shift_limit(&m->spec);
    return v;
}

static kl_status matrix_push(const matrix_view *v, int64_t index) {
    KL__TRY(kl_corr_push(v->corr, index, v->row, NULL));
    return v->baseline ? kl_corr_push(v->baseline, index, v->row, NULL) : KL_OK;
}

/* The matrix of the grid row before `index`: of the last row that was pushed, or of one without candles. */
static kl_status matrix_before(kl_mart *m, const matrix_view *v, int64_t last, int64_t index) {
    if (index > last + 1) {
        for (size_t k = 0; k < m->symbols; k++) mart_states(m)[k].close = v->row[k] = (double)NAN;
        KL__TRY(matrix_push(v, index - 1));
    }
    return kl_corr_matrix(v->corr, v->before);
}

/* Gives each pair whose symbols both have a candle its row of the table and its texts; returns how many. */
static size_t matrix_place(const mart_run *run, const matrix_view *v, const double *close, size_t first) {
    const kl_mart *m = run->mart;
    const uint64_t *order = mart_order(m);
    kl__table_text *restrict base = mart_texts(run, MART_PAIR_BASE), *restrict related = mart_texts(run, MART_PAIR_RELATED);
    const kl__table_text *restrict symbol = run->symbol;
    size_t *restrict place = v->place;
    size_t pair = 0, row = first;
    for (size_t a = 0; a + 1 < m->symbols; a++) {
        int there = kl__known(close[order[a]]);
        for (size_t b = a + 1; b < m->symbols; b++, pair++) {
            place[pair] = MART_NONE;
            if (!there || !kl__known(close[order[b]])) continue;
            base[row] = symbol[a];
            related[row] = symbol[b];
            place[pair] = row++;
        }
    }
    if (row == first) return 0; /* the table may have no memory yet */
    memset(run->table->column[MART_PAIR_BASE].known + first, 1, row - first);
    memset(run->table->column[MART_PAIR_RELATED].known + first, 1, row - first);
    return row - first;
}

static void matrix_put(mart_run *run, const matrix_view *v, size_t item) {
    size_t first = run->next[item], source = run->source[item];
    size_t n = matrix_place(run, v, run->panel->close + source * run->mart->symbols, first);
    if (n == 0) return;
    kl_time *time = mart_i64(run, MART_PAIR_TIME) + first;
    for (size_t j = 0; j < n; j++) time[j] = run->panel->time[source];
    const mart_pair_rows rows = {v->pairs, v->place, v->now, v->before, v->baseline ? v->base : NULL, v->shift_limit};
    kl__mart_put_pairs(run, &rows);
}

static kl_status matrix_step(mart_run *run, matrix_view *v, size_t item, int64_t last, int32_t known) {
    kl_mart *m = run->mart;
    if (run->next[item] != MART_NONE || run->grid[item] > last + 1) {
        if (known && run->grid[item] == last + 1) { /* it was made for the row before */
            double *swap = v->now;
            v->now = v->before;
            v->before = swap;
        } else if (item > 0 || !run->first) {
            KL__TRY(matrix_before(m, v, last, run->grid[item]));
        } else {
            for (size_t p = 0; p < v->pairs; p++) v->before[p] = (double)NAN;
        }
    }
    const double *close = run->panel->close + run->source[item] * m->symbols;
    for (size_t k = 0; k < m->symbols; k++) {
        mart_state *state = &mart_states(m)[k];
        v->row[k] = mart_return(state->close, close[mart_order(m)[k]], 1);
        state->close = close[mart_order(m)[k]];
    }
    KL__TRY(matrix_push(v, run->grid[item]));
    if (run->next[item] == MART_NONE) return KL_OK;
    KL__TRY(kl_corr_matrix(v->corr, v->now));
    if (v->baseline) KL__TRY(kl_corr_matrix(v->baseline, v->base));
    matrix_put(run, v, item);
    return KL_OK;
}

static kl_status matrix_chunk(mart_run *run) {
    matrix_view v = matrix_of(run->mart);
    for (size_t i = 0; i < run->items; i++) {
        int64_t last = i > 0 ? run->grid[i - 1] : run->last_index;
        KL__TRY(matrix_step(run, &v, i, last, i > 0 && run->next[i - 1] != MART_NONE));
    }
    return KL_OK;
}

const mart_kind kl__mart_matrix = {"correlations", 0, 1, 0, kl__mart_pairs_columns, matrix_windows, kl__mart_pairs_start, matrix_chunk};
