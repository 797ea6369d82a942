/* The mart of volume: rolling volume, spikes, VWAP and how far from it the close is, activity. */
#include "base/fp.h"
#include "mart/mart.h"

enum { VOLUME_VOLUME = 2, VOLUME_SUM, VOLUME_MEAN, VOLUME_RATIO, VOLUME_SPIKE, VOLUME_VWAP, VOLUME_DEVIATION, VOLUME_ACTIVITY };

static size_t volume_columns(const kl_mart_spec *spec, mart_column *c) {
    size_t n = 0;
    kl__mart_add_column(spec, c, &n, "symbol", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "open_time", 0, KL_COLUMN_TIME);
    kl__mart_add_column(spec, c, &n, "volume", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "rolling_volume_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "avg_volume_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "volume_spike_ratio", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "spike", 0, KL_COLUMN_I64);
    kl__mart_add_column(spec, c, &n, "vwap_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "vwap_deviation_pct", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "activity", 0, KL_COLUMN_TEXT);
    return n;
}

/* volume; turnover; and, where windows may have holes, the volume of the rows whose turnover is known: a VWAP divides sums
 * over the same rows. */
static size_t volume_windows(const kl_mart_spec *spec, kl_roll_spec *window) {
    kl__mart_window_spec(spec, &window[0], KL_ROLL_SUM, 1);
    window[0].stats[1].what = KL_ROLL_MEAN;
    window[0].n_stats = 2;
    kl__mart_window_spec(spec, &window[1], KL_ROLL_SUM, 1);
    kl__mart_window_spec(spec, &window[2], KL_ROLL_SUM, 1);
    return spec->min_count > 0 && !mart_compat(spec) ? 3 : 2;
}

static void volume_start(mart_run *run) { kl__mart_labels(run, 0, KL_LABEL_ACTIVITY); }

/* What was paid: the quote volume; where it is unknown the volume at the typical price, or at the close as the reference does. */
static void volume_turnover(mart_run *run, size_t k, size_t n, const double *close, const double *volume, double *out) {
    const kl_mart_panel *panel = run->panel;
    double *high = run->array[8], *low = run->array[9];
    if (mart_compat(&run->mart->spec)) {
        for (size_t j = 0; j < n; j++) out[j] = kl__output(close[j] * volume[j]);
        return;
    }
    kl__mart_gather(run, panel->quote_volume, k, n, out);
    kl__mart_gather(run, panel->high, k, n, high);
    kl__mart_gather(run, panel->low, k, n, low);
    for (size_t j = 0; j < n; j++) {
        if (!kl__known(out[j])) out[j] = kl__output(kl__price_typical(high[j], low[j], close[j]) * volume[j]);
        if (!kl__known(volume[j])) out[j] = (double)NAN;
    }
}

static kl_status volume_run(const kl_mart *m, size_t k, size_t w, size_t n, const double *x, double *sum, double *mean) {
    const double *in[1] = {x};
    double *out[2] = {sum, mean};
    return kl_roll_run(mart_window(m, k, w), NULL, in, n, out, NULL);
}

static kl_status volume_vwap(mart_run *run, size_t k, size_t n, const double *close, const double *volume, const double *sum, double *vwap) {
    double *turnover = run->array[6], *paid = run->array[7], *known = run->array[8], *divisor = run->array[9];
    volume_turnover(run, k, n, close, volume, turnover);
    KL__TRY(volume_run(run->mart, k, 1, n, turnover, paid, NULL));
    if (run->mart->windows > 2) {
        for (size_t j = 0; j < n; j++) known[j] = kl__known(turnover[j]) ? volume[j] : (double)NAN;
        KL__TRY(volume_run(run->mart, k, 2, n, known, divisor, NULL));
        sum = divisor;
    }
    for (size_t j = 0; j < n; j++) vwap[j] = sum[j] > 0 ? kl__output(paid[j] / sum[j]) : (double)NAN;
    return KL_OK;
}

static kl_status volume_chunk(mart_run *run) {
    kl_mart *m = run->mart;
    double *close = run->array[0], *volume = run->array[1], *sum = run->array[2], *mean = run->array[3], *against = run->array[4];
    double *vwap = run->array[5], *ratio = run->array[6], *away = run->array[7];
    uint8_t activity[MART_CHUNK_MAX];
    int8_t spike[MART_CHUNK_MAX];
    for (size_t k = 0; k < m->symbols; k++) {
        size_t n = kl__mart_take(run, k);
        kl__mart_gather(run, run->panel->volume, k, n, volume);
        KL__TRY(volume_run(m, k, 0, n, volume, sum, mean));
        KL__TRY(volume_vwap(run, k, n, close, volume, sum, vwap)); /* before ratio and away, which share its arrays */
        if (mart_compat(&m->spec))
            for (size_t j = 0; j < n; j++) against[j] = mean[j];
        else
            kl__mart_shift(&mart_states(m)[k].before, n, mean, against); /* the mean of the rows before this one */
        for (size_t j = 0; j < n; j++) {
            ratio[j] = against[j] > 0 ? kl__output(volume[j] / against[j]) : (double)NAN;
            away[j] = kl_return(KL_RETURN_PERCENT, vwap[j], close[j]);
            spike[j] = (int8_t)kl_volume_spike(volume[j], against[j], &m->spec.labels);
            activity[j] = (uint8_t)kl_activity_state(ratio[j], &m->spec.labels);
        }
        kl__mart_put_key(run, k, n);
        kl__mart_put_f64(run, VOLUME_VOLUME, n, volume);
        kl__mart_put_f64(run, VOLUME_SUM, n, sum);
        kl__mart_put_f64(run, VOLUME_MEAN, n, mean);
        kl__mart_put_f64(run, VOLUME_RATIO, n, ratio);
        kl__mart_put_flag(run, VOLUME_SPIKE, n, spike);
        kl__mart_put_f64(run, VOLUME_VWAP, n, vwap);
        kl__mart_put_f64(run, VOLUME_DEVIATION, n, away);
        kl__mart_put_label(run, VOLUME_ACTIVITY, n, activity, 0);
    }
    return KL_OK;
}

const mart_kind kl__mart_volume = {"volume", 0, 0, 0, volume_columns, volume_windows, volume_start, volume_chunk};
