/* Correlations by rows: the windows of a pair hold the last rows that both symbols have, whatever the time between them.
 *
 * With KL_MART_COMPAT as the reference warehouse computes them, raw moments and all: each mean passes over its own unknown
 * values, so the five may be of different rows, and what should be variances may be anything around 0. */
#include "base/fp.h"
#include "base/roots.h"
#include "mart/correlations.h"

enum { PAIRS_X, PAIRS_Y, PAIRS_XY, PAIRS_XX, PAIRS_YY, PAIRS_MOMENTS };

static size_t pairs_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    if (mart_compat(spec)) {
        for (size_t w = 0; w < PAIRS_MOMENTS; w++) kl__mart_window_spec(spec, &window[w], KL_ROLL_MEAN, 1);
        return PAIRS_MOMENTS;
    }
    kl__mart_window_spec(spec, &window[0], KL_ROLL_CORR, 2);
    if (spec->baseline_rows == 0) return 1;
    kl__mart_window_spec(spec, &window[1], KL_ROLL_CORR, 2);
    window[1].rows = spec->baseline_rows;
    return 2;
}

static kl_status pairs_moments(const mart_run *run, size_t unit, size_t n, const double *x, const double *y, double *r) {
    double *product = run->array[4], *mean[PAIRS_MOMENTS];
    for (size_t w = 0; w < PAIRS_MOMENTS; w++) {
        const double *a = w == PAIRS_Y || w == PAIRS_YY ? y : x, *b = w == PAIRS_XX ? x : y, *in[1] = {product};
        mean[w] = run->array[5 + w];
        if (w < PAIRS_XY) in[0] = a;
        for (size_t j = 0; j < n && w >= PAIRS_XY; j++) product[j] = a[j] * b[j];
        KL__TRY(kl_roll_run(mart_window(run->mart, unit, w), NULL, in, n, &mean[w], NULL));
    }
    for (size_t j = 0; j < n; j++) {
        double mx = mean[PAIRS_X][j], my = mean[PAIRS_Y][j];
        double root = kl__sqrt((mean[PAIRS_XX][j] - mx * mx) * (mean[PAIRS_YY][j] - my * my));
        r[j] = root > 0 ? kl__output((mean[PAIRS_XY][j] - mx * my) / root) : (double)NAN;
    }
    return KL_OK;
}

static kl_status pairs_window(const mart_run *run, size_t unit, size_t w, size_t n, const double *x, const double *y, double *r) {
    const double *in[2] = {x, y};
    return kl_roll_run(mart_window(run->mart, unit, w), NULL, in, n, &r, NULL);
}

/* Rows that both have; their returns in array[0] and array[1]. */
static size_t pairs_take(mart_run *run, size_t base, size_t related) {
    size_t symbols = run->mart->symbols, n = 0, a = (size_t)mart_order(run->mart)[base], b = (size_t)mart_order(run->mart)[related];
    for (size_t i = 0; i < run->items; i++) {
        const double *close = run->panel->close + run->source[i] * symbols;
        if (!kl__known(close[a]) || !kl__known(close[b])) continue;
        run->array[0][n] = run->panel_array[base * run->mart->chunk + i];
        run->array[1][n] = run->panel_array[related * run->mart->chunk + i];
        run->item[n] = i;
        run->place[n] = run->next[i] == MART_NONE ? MART_NONE : run->next[i]++;
        n++;
    }
    return n;
}

static kl_status pairs_run(mart_run *run, size_t unit, size_t base, size_t related) {
    kl_mart *m = run->mart;
    size_t n = pairs_take(run, base, related);
    double *x = run->array[0], *y = run->array[1], *r = run->array[2], *before = run->array[3], *far = run->array[4];
    if (mart_compat(&m->spec)) KL__TRY(pairs_moments(run, unit, n, x, y, r));
    else KL__TRY(pairs_window(run, unit, 0, n, x, y, r));
    if (m->spec.baseline_rows) KL__TRY(pairs_window(run, unit, 1, n, x, y, far));
    kl__mart_shift(&mart_states(m)[m->symbols + unit].before, n, r, before);
    kl__mart_put_text(run, MART_PAIR_BASE, n, &run->symbol[base]);
    kl__mart_put_text(run, MART_PAIR_RELATED, n, &run->symbol[related]);
    kl__mart_put_time(run, MART_PAIR_TIME, n);
    const mart_pair_rows rows = {n, run->place, r, before, far, kl__mart_shift_limit(&m->spec)};
    kl__mart_put_pairs(run, &rows);
    return KL_OK;
}

static kl_status pairs_chunk(mart_run *run) {
    kl_mart *m = run->mart;
    size_t unit = 0;
    double *close = run->array[0], *ret = run->array[1];
    for (size_t k = 0; k < m->symbols; k++) {
        double *all = run->panel_array + k * m->chunk;
        size_t n = 0, symbol = (size_t)mart_order(m)[k];
        for (size_t i = 0; i < run->items; i++) {
            close[n] = mart_value(run, run->panel->close, symbol, i);
            all[i] = (double)NAN;
            if (!kl__known(close[n])) continue;
            run->item[n++] = i;
        }
        kl__mart_return_of(&m->spec, &mart_states(m)[k], n, close, run->array[2], ret);
        for (size_t j = 0; j < n; j++) all[run->item[j]] = ret[j];
    }
    for (size_t base = 0; base < m->symbols; base++)
        for (size_t related = base + 1; related < m->symbols; related++)
            KL__TRY(pairs_run(run, unit++, base, related));
    return KL_OK;
}

const mart_kind kl__mart_pairs = {"correlations", 1, 0, 0, kl__mart_pairs_columns, pairs_windows, kl__mart_pairs_start, pairs_chunk};
