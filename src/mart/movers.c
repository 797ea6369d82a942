/* The mart of movers: how much each symbol moved, weighed with its volume or volatility, and its rank among all. */
#include "base/fp.h"
#include "mart/mart.h"

enum { MOVERS_CLOSE = 2, MOVERS_PCT, MOVERS_RATIO, MOVERS_SIGNAL, MOVERS_LABEL, MOVERS_RANK };

static size_t movers_columns(const kl_mart_spec *spec, mart_column *c) {
    size_t n = 0;
    kl__mart_add_column(spec, c, &n, "symbol", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "open_time", 0, KL_COLUMN_TIME);
    kl__mart_add_column(spec, c, &n, "close", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "return_pct", 0, KL_COLUMN_F64);
    /* the reference warehouse calls its ratio of volatilities so */
    kl__mart_add_column(spec, c, &n, mart_wants_volume(spec) || mart_compat(spec) ? "volume_spike_ratio" : "volatility_ratio", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "mover_signal", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "label", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "rank", 0, KL_COLUMN_I64);
    return n;
}

static size_t movers_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    if (mart_by_volatility(spec)) {
        kl__mart_volatility_windows(spec, window);
        return 2;
    }
    kl__mart_window_spec(spec, &window[0], KL_ROLL_MEAN, 1);
    return 1;
}

static void movers_start(mart_run *run) { kl__mart_labels(run, 0, KL_LABEL_MOVER); }

static kl_status movers_ratio(mart_run *run, size_t k, size_t n, const double *ret, double *ratio) {
    kl_mart *m = run->mart;
    double *x = run->array[3], *mean = run->array[4];
    if (mart_by_volatility(&m->spec)) {
        KL__TRY(kl__mart_volatility_of(run, k, 0, n, ret, x, mean));
    } else {
        kl__mart_gather(run, run->panel->volume, k, n, x);
        const double *in[1] = {x};
        double *out[1] = {mean};
        KL__TRY(kl_roll_run(mart_window(m, k, 0), NULL, in, n, out, NULL));
        kl__mart_shift(&mart_states(m)[k].before, n, mean, mean); /* the mean of the rows before this one */
    }
    for (size_t j = 0; j < n; j++) ratio[j] = mean[j] > 0 ? kl__output(x[j] / mean[j]) : (double)NAN;
    return KL_OK;
}

/* The same in a market of many symbols: by the order of their signals. */
static void movers_rank_many(const mart_run *run, const double *signal, const size_t *place) {
    const kl_mart *m = run->mart;
    double *falling = (double *)mart_at(m, m->at.ranks);
    size_t *index = (size_t *)(void *)(falling + m->symbols), rank = 0;
    for (size_t k = 0; k < m->symbols; k++) falling[k] = -signal[k];
    size_t known = kl_drawdown_rank(falling, m->symbols, index);
    for (size_t i = 0; i < m->symbols; i++) {
        size_t k = index[i];
        if (i == 0 || signal[k] != signal[index[i - 1]]) rank = i + 1;
        if (place[k] != MART_NONE) mart_set_count(run, MOVERS_RANK, place[k], i < known ? (int64_t)rank : -1);
    }
}

#define MOVERS_FEW 32
/* Ranks the signals of each item, the greatest first, equal ones alike. */
static void movers_rank(const mart_run *run) {
    const kl_mart *m = run->mart;
    for (size_t i = 0; i < run->items; i++) {
        const double *signal = run->panel_array + i * m->symbols;
        const size_t *place = run->panel_place + i * m->symbols;
        if (m->symbols > MOVERS_FEW) {
            movers_rank_many(run, signal, place);
            continue;
        }
        for (size_t k = 0; k < m->symbols; k++) {
            int64_t rank = 1;
            if (place[k] == MART_NONE) continue;
            for (size_t other = 0; other < m->symbols; other++) rank += signal[other] > signal[k];
            mart_set_count(run, MOVERS_RANK, place[k], kl__known(signal[k]) ? rank : -1);
        }
    }
}

static kl_status movers_chunk(mart_run *run) {
    kl_mart *m = run->mart;
    double *close = run->array[0], *ret = run->array[1], *ratio = run->array[2], *signal = run->array[5];
    double percent = mart_compat(&m->spec) ? 100 : 1;
    uint8_t label[MART_CHUNK_MAX];
    for (size_t i = 0; i < run->items * m->symbols; i++) run->panel_place[i] = MART_NONE, run->panel_array[i] = (double)NAN;
    for (size_t k = 0; k < m->symbols; k++) {
        size_t n = kl__mart_take(run, k);
        kl__mart_return_of(&m->spec, &mart_states(m)[k], n, close, run->array[6], ret);
        KL__TRY(movers_ratio(run, k, n, ret, ratio));
        for (size_t j = 0; j < n; j++) {
            size_t at = run->item[j] * m->symbols + k;
            signal[j] = kl_mover_signal(ret[j], ratio[j]);
            label[j] = (uint8_t)kl_mover_label(percent * ret[j], &m->spec.labels);
            run->panel_array[at] = signal[j];
            run->panel_place[at] = run->place[j];
        }
        kl__mart_put_key(run, k, n);
        kl__mart_put_f64(run, MOVERS_CLOSE, n, close);
        kl__mart_put_f64(run, MOVERS_PCT, n, ret);
        kl__mart_put_f64(run, MOVERS_RATIO, n, ratio);
        kl__mart_put_f64(run, MOVERS_SIGNAL, n, signal);
        kl__mart_put_label(run, MOVERS_LABEL, n, label, 0);
    }
    movers_rank(run);
    return KL_OK;
}

const mart_kind kl__mart_movers = {"movers", 1, 0, 0, movers_columns, movers_windows, movers_start, movers_chunk};
