/* The mart of correlations: what is said of a pair once its correlation is known. */
#include "base/fp.h"
#include "mart/correlations.h"

size_t kl__mart_pairs_columns(const kl_mart_spec *spec, mart_column *c) {
    size_t n = 0;
    kl__mart_add_column(spec, c, &n, "base", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "related", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "open_time", 0, KL_COLUMN_TIME);
    kl__mart_add_column(spec, c, &n, "corr_", spec->rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "correlation_regime", 0, KL_COLUMN_TEXT);
    kl__mart_add_column(spec, c, &n, "change", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "breakdown_alert", 0, KL_COLUMN_I64);
    if (spec->baseline_rows == 0) return n;
    kl__mart_add_column(spec, c, &n, "baseline_corr_", spec->baseline_rows, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "fisher_shift", 0, KL_COLUMN_F64);
    kl__mart_add_column(spec, c, &n, "shift_alert", 0, KL_COLUMN_I64);
    return n;
}

void kl__mart_pairs_start(mart_run *run) {
    kl__mart_labels(run, 0, KL_LABEL_CORRELATION);
    if (mart_compat(&run->mart->spec)) { /* its name for what is below every limit, and for NULL */
        const kl__table_text none = {"Uncorrelated", 12};
        run->label[0][KL_CORR_UNKNOWN] = run->label[0][KL_CORR_NONE] = none;
    }
}

void kl__mart_pairs_put(const mart_run *run, size_t row, size_t base, size_t related, size_t item, double r, double before, double baseline, double limit) {
    const kl_mart_spec *spec = &run->mart->spec;
    const double limits[3] = {spec->labels.corr_low, spec->labels.corr_medium, spec->labels.corr_high};
    double change = kl__output(r - before);
    mart_set_text(run, PAIRS_BASE, row, &run->symbol[base]);
    mart_set_text(run, PAIRS_RELATED, row, &run->symbol[related]);
    mart_i64(run, PAIRS_TIME)[row] = run->panel->time[run->source[item]];
    mart_f64(run, PAIRS_CORR)[row] = r;
    mart_set_text(run, PAIRS_REGIME, row, &run->label[0][kl_corr_regime(r, limits)]);
    mart_f64(run, PAIRS_CHANGE)[row] = change;
    if (kl__known(change) || mart_compat(spec)) mart_set_i64(run, PAIRS_ALERT, row, fabs(change) > spec->labels.corr_break);
    if (spec->baseline_rows == 0) return;
    double shift = kl_corr_shift(r, baseline);
    mart_f64(run, PAIRS_BASELINE)[row] = baseline;
    mart_f64(run, PAIRS_SHIFT)[row] = shift;
    if (kl__known(shift)) mart_set_i64(run, PAIRS_SHIFT_ALERT, row, fabs(shift) > limit);
}
