/* The mart of the market: one row for each time, made of what the other marts say of its symbols and pairs, and the states. */
#include "base/fp.h"
#include "mart/mart.h"

enum {
    MARKET_TIME, MARKET_SYMBOLS, MARKET_RETURN, MARKET_VOL, MARKET_RATIO, MARKET_CORR, MARKET_DIVERSIFICATION, MARKET_STATE,
    MARKET_DRAWDOWN, MARKET_WORST, MARKET_RISK
};

static size_t market_columns(const kl_mart_spec *spec, mart_column *c) {
    size_t n = 0;
    kl__mart_add_column(spec, c, &n, "open_time", 0, KL_COLUMN_TIME);
    kl__mart_add_column(spec, c, &n, "symbols", 0, KL_COLUMN_I64);
    kl__mart_add_column(spec, c, &n, "avg_return_pct", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "avg_vol_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "volatility_ratio", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "avg_corr_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "diversification", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "market_state", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "worst_drawdown_pct", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "worst_symbol", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "risk_state", 0, KL_COLUMN_TEXT);
    return n;
}

/* Of a symbol the deviation of its returns is wanted, of the market, the last unit, the mean of its volatility: one window for both. */
static size_t market_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    kl__mart_window_spec(spec, &window[0], KL_ROLL_STD, 2);
    window[0].stats[1].what = KL_ROLL_MEAN;
    window[0].n_stats = 2;
    return 1;
}

static void market_start(mart_run *run) {
    kl__mart_labels(run, 0, KL_LABEL_MARKET);
    kl__mart_labels(run, 1, KL_LABEL_RISK);
}

static kl_status market_window(const mart_run *run, size_t unit, size_t n, const double *x, double *std, double *mean) {
    const double *in[1] = {x};
    double *out[2] = {std, mean};
    return kl_roll_run(mart_window(run->mart, unit, 0), NULL, in, n, out, NULL);
}

/* A sum of two doubles (Knuth 1969): its error does not grow with the symbols. */
static void market_add(mart_sum *s, double x) {
    if (!kl__known(x)) return;
    double sum = s->sum + x, part = sum - s->sum;
    s->rest += (s->sum - (sum - part)) + (x - part);
    s->sum = sum;
    s->n++;
}
static double market_mean(const mart_sum *s) { return s->n ? kl__output((s->sum + s->rest) / (double)s->n) : (double)NAN; }

/* Brings symbol k into the sums of its times, and its returns into the rows of the matrix. */
static kl_status market_symbol(mart_run *run, mart_time *times, size_t k) {
    kl_mart *m = run->mart;
    mart_state *state = &mart_states(m)[k];
    double *close = run->array[0], *prev = run->array[1], *ret = run->array[2], *vol = run->array[3], *mean = run->array[4], *fall = run->array[5];
    size_t n = 0, symbol = (size_t)mart_order(m)[k];
    for (size_t i = 0; i < run->items; i++) {
        double c = mart_value(run, run->panel->close, symbol, i);
        if (mart_by_rows(&m->spec) && !kl__known(c)) continue;
        close[n] = kl__known(c) ? c : (double)NAN;
        run->item[n++] = i;
    }
    kl__mart_return_of(&m->spec, state, n, close, prev, ret);
    KL__TRY(market_window(run, k, n, ret, vol, mean));
    KL__TRY(kl_drawdown(close, n, &state->peak, NULL, fall));
    for (size_t j = 0; j < n; j++) {
        mart_time *time = &times[run->item[j]];
        run->panel_array[run->item[j] * m->symbols + k] = mart_return(prev[j], close[j], 1);
        if (!kl__known(close[j])) continue;
        time->candles++;
        market_add(&time->ret, ret[j]);
        market_add(&time->vol, vol[j]);
        if (!kl__known(fall[j]) || (time->worst != MART_NONE && fall[j] >= time->fall)) continue;
        time->fall = fall[j];
        time->worst = k;
    }
    return KL_OK;
}

/* The average pair of those whose symbols both have a candle at item i. */
static kl_status market_pairs(const mart_run *run, size_t i, kl_corr_summary *summary) {
    kl_mart *m = run->mart;
    double *packed = (double *)mart_at(m, m->at.matrix);
    size_t pair = 0;
    KL__TRY(kl_corr_matrix((kl_corr *)mart_at(m, m->at.corr), packed));
    for (size_t a = 0; a + 1 < m->symbols && m->spec.min_count > 0; a++) { /* otherwise they are unknown anyway */
        int there = kl__known(mart_value(run, run->panel->close, (size_t)mart_order(m)[a], i));
        for (size_t b = a + 1; b < m->symbols; b++, pair++)
            if (!there || !kl__known(mart_value(run, run->panel->close, (size_t)mart_order(m)[b], i))) packed[pair] = (double)NAN;
    }
    return kl_corr_sum_up(packed, m->symbols, summary);
}

/* Moves the matrix over the rows whose items are in run->item, and reads it where a row of the table is wanted. */
static kl_status market_correlate(mart_run *run, size_t n, double *average, double *diversification) {
    kl_mart *m = run->mart;
    int rows = mart_by_rows(&m->spec);
    for (size_t j = 0; j < n; j++) {
        size_t i = run->item[j];
        kl_corr_summary summary;
        if (run->source[i] == MART_NONE) continue; /* a matrix sees by itself what is left out */
        if (rows) m->last_index++;                 /* rows have no number but this */
        KL__TRY(kl_corr_push((kl_corr *)mart_at(m, m->at.corr), rows ? m->last_index : run->grid[i], run->panel_array + i * m->symbols, NULL));
        if (run->place[j] == MART_NONE) continue;
        KL__TRY(market_pairs(run, i, &summary));
        average[j] = summary.average;
        diversification[j] = summary.diversification;
    }
    return KL_OK;
}

static void market_put_symbols(const mart_run *run, const mart_time *times, size_t n) {
    kl__table_text *worst = mart_texts(run, MARKET_WORST);
    uint8_t *known = run->table->column[MARKET_WORST].known;
    for (size_t j = 0; j < n; j++) {
        const mart_time *time = &times[run->item[j]];
        size_t row = run->place[j];
        if (row == MART_NONE) continue;
        mart_set_count(run, MARKET_SYMBOLS, row, (int64_t)time->candles);
        known[row] = time->worst != MART_NONE;
        if (known[row]) worst[row] = run->symbol[time->worst];
    }
}

/* What follows from the sums: arrays[2] and so on are of the times whose items are in run->item. */
static kl_status market_put(mart_run *run, const mart_time *times, size_t n) {
    kl_mart *m = run->mart;
    double *ret = run->array[2], *vol = run->array[3], *mean = run->array[4], *ratio = run->array[5], *average = run->array[6];
    double *diversification = run->array[7], *fall = run->array[8];
    uint8_t state[MART_CHUNK_MAX], risk[MART_CHUNK_MAX];
    for (size_t j = 0; j < n; j++) {
        ret[j] = market_mean(&times[run->item[j]].ret);
        vol[j] = market_mean(&times[run->item[j]].vol);
    }
    KL__TRY(market_window(run, m->symbols, n, vol, run->array[1], mean));
    kl__mart_shift(&mart_states(m)[m->symbols].before, n, mean, mean); /* the mean of the rows before this one */
    KL__TRY(market_correlate(run, n, average, diversification));
    for (size_t j = 0; j < n; j++) {
        const mart_time *time = &times[run->item[j]];
        if (run->place[j] == MART_NONE) continue;
        double down = time->worst != MART_NONE ? time->fall : (double)NAN;
        ratio[j] = mean[j] > 0 ? kl__output(vol[j] / mean[j]) : (double)NAN;
        fall[j] = 100 * down;
        state[j] = (uint8_t)kl_market_state(ratio[j], average[j], ret[j], &m->spec.labels);
        risk[j] = (uint8_t)kl_risk_state(down, ratio[j], &m->spec.labels);
    }
    kl__mart_put_time(run, MARKET_TIME, n);
    kl__mart_put_f64(run, MARKET_RETURN, n, ret);
    kl__mart_put_f64(run, MARKET_VOL, n, vol);
    kl__mart_put_f64(run, MARKET_RATIO, n, ratio);
    kl__mart_put_f64(run, MARKET_CORR, n, average);
    kl__mart_put_f64(run, MARKET_DIVERSIFICATION, n, diversification);
    kl__mart_put_label(run, MARKET_STATE, n, state, 0);
    kl__mart_put_f64(run, MARKET_DRAWDOWN, n, fall);
    kl__mart_put_label(run, MARKET_RISK, n, risk, 1);
    market_put_symbols(run, times, n);
    return KL_OK;
}

static kl_status market_chunk(mart_run *run) {
    static const mart_time nothing = {{0, 0, 0}, {0, 0, 0}, 0, MART_NONE, 0};
    kl_mart *m = run->mart;
    mart_time *times = (mart_time *)mart_at(m, m->at.times);
    size_t n = 0;
    for (size_t i = 0; i < run->items * m->symbols; i++) run->panel_array[i] = (double)NAN;
    for (size_t i = 0; i < run->items; i++) times[i] = nothing;
    for (size_t k = 0; k < m->symbols; k++) KL__TRY(market_symbol(run, times, k));
    for (size_t i = 0; i < run->items; i++) {
        if (mart_by_rows(&m->spec) && times[i].candles == 0) continue;
        run->item[n] = i;
        run->place[n++] = times[i].candles > 0 ? run->next[i] : MART_NONE;
    }
    return market_put(run, times, n);
}

const mart_kind kl__mart_market = {"market", 1, 1, MARKET_WORST, market_columns, market_windows, market_start, market_chunk};
