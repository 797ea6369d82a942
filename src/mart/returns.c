/* The mart of returns: returns, volatility and its regime, running peak, drawdown. */
#include "base/fp.h"
#include "mart/mart.h"

void kl__mart_return_of(const kl_mart_spec *spec, mart_state *state, size_t n, const double *close, double *prev, double *ret) {
    double factor = mart_compat(spec) || spec->kind == KL_MART_CORRELATIONS ? 1 : 100;
    kl__mart_shift(&state->close, n, close, prev);
    for (size_t j = 0; j < n; j++) ret[j] = mart_return(prev[j], close[j], factor);
}

void kl__mart_volatility_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    kl__mart_window_spec(spec, &window[0], KL_ROLL_STD, 2);
    kl__mart_window_spec(spec, &window[1], KL_ROLL_MEAN, 1);
}

kl_status kl__mart_volatility_of(const mart_run *run, size_t k, size_t w, size_t n, const double *ret, double *vol, double *mean) {
    const kl_mart *m = run->mart;
    const double *in[1] = {ret};
    double *out[1] = {vol};
    KL__TRY(kl_roll_run(mart_window(m, k, w), NULL, in, n, out, NULL));
    in[0] = vol;
    out[0] = mean;
    KL__TRY(kl_roll_run(mart_window(m, k, w + 1), NULL, in, n, out, NULL));
    /* the mean of the rows before this one is the one that the row before had */
    if (!mart_compat(&m->spec)) kl__mart_shift(&mart_states(m)[k].before, n, mean, mean);
    return KL_OK;
}

enum { RETURNS_CLOSE = 2, RETURNS_PREV, RETURNS_PCT, RETURNS_LOG, RETURNS_VOL, RETURNS_REGIME, RETURNS_PEAK, RETURNS_DRAWDOWN };

static size_t returns_columns(const kl_mart_spec *spec, mart_column *c) {
    size_t n = 0;
    kl__mart_add_column(spec, c, &n, "symbol", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "open_time", 0, KL_COLUMN_TIME);
    kl__mart_add_column(spec, c, &n, "close", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "prev_close", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "return_pct", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "log_return", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "rolling_vol_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "volatility_regime", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "running_peak_price", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "drawdown_pct", 0, KL_COLUMN_F64);
    return n;
}

static size_t returns_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    kl__mart_volatility_windows(spec, window);
    return 2;
}

static void returns_start(mart_run *run) { kl__mart_labels(run, 0, KL_LABEL_VOLATILITY); }

/* kl_volatility_regime, without a branch; with KL_MART_COMPAT what its ELSE says of NULL. */
static void returns_regime(const kl_mart_spec *spec, size_t n, const double *vol, const double *mean, uint8_t *label) {
    const double medium = spec->labels.volatility_medium, high = spec->labels.volatility_high;
    const int compat = mart_compat(spec);
    for (size_t j = 0; j < n; j++) {
        int known = (vol[j] == vol[j]) & (mean[j] == mean[j]);
        label[j] = (uint8_t)((known | compat) + (vol[j] > medium * mean[j]) + (vol[j] > high * mean[j]));
    }
}

/* The bits of kl_return; with KL_MART_COMPAT plainly ln(close / prev). */
static void returns_log(int compat, size_t n, const double *prev, const double *close, double *out) {
    for (size_t j = 0; j < n; j++) out[j] = kl__return_log_small(kl__return_simple(prev[j], close[j])) + 0.0;
    for (size_t j = 0; j < n; j++) {
        if (!compat && prev[j] > 0 && fabs(kl__return_simple(prev[j], close[j])) <= KL__RETURN_SMALL) continue;
        if (!kl__known_price(prev[j]) || !kl__known_price(close[j])) out[j] = (double)NAN;
        else out[j] = kl__output(compat ? kl_ln(close[j] / prev[j]) : kl__return_log_wide(prev[j], close[j]));
    }
}

static kl_status returns_chunk(mart_run *run) {
    kl_mart *m = run->mart;
    double *close = run->array[0], *prev = run->array[1], *ret = run->array[2], *log = run->array[3], *vol = run->array[4];
    double *mean = run->array[5], *peak = run->array[6], *fall = run->array[7];
    uint8_t label[MART_CHUNK_MAX];
    for (size_t k = 0; k < m->symbols; k++) {
        mart_state *state = &mart_states(m)[k];
        size_t n = kl__mart_take(run, k);
        kl__mart_return_of(&m->spec, state, n, close, prev, ret);
        returns_log(mart_compat(&m->spec), n, prev, close, log);
        KL__TRY(kl__mart_volatility_of(run, k, 0, n, ret, vol, mean));
        returns_regime(&m->spec, n, vol, mean, label);
        KL__TRY(kl_drawdown(close, n, &state->peak, peak, fall));
        for (size_t j = 0; j < n && !mart_compat(&m->spec); j++) fall[j] = 100 * fall[j];
        kl__mart_put_key(run, k, n);
        kl__mart_put_f64(run, RETURNS_CLOSE, n, close);
        kl__mart_put_f64(run, RETURNS_PREV, n, prev);
        kl__mart_put_f64(run, RETURNS_PCT, n, ret);
        kl__mart_put_f64(run, RETURNS_LOG, n, log);
        kl__mart_put_f64(run, RETURNS_VOL, n, vol);
        kl__mart_put_label(run, RETURNS_REGIME, n, label, 0);
        kl__mart_put_f64(run, RETURNS_PEAK, n, peak);
        kl__mart_put_f64(run, RETURNS_DRAWDOWN, n, fall);
    }
    return KL_OK;
}

const mart_kind kl__mart_returns = {"returns", 0, 0, 0, returns_columns, returns_windows, returns_start, returns_chunk};
