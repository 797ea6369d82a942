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

double kl__mart_shift_limit(const kl_mart_spec *spec) {
    return spec->baseline_rows ? kl_corr_shift_limit(spec->baseline_sigmas, spec->rows) : 0;
}

enum { CORRELATIONS_R = 3, CORRELATIONS_REGIME, CORRELATIONS_CHANGE, CORRELATIONS_ALERT, CORRELATIONS_BASELINE, CORRELATIONS_SHIFT, CORRELATIONS_SHIFT_ALERT };

static void correlations_put_shift(const mart_run *run, const mart_pair_rows *rows) {
    double *baseline = mart_f64(run, CORRELATIONS_BASELINE), *shift = mart_f64(run, CORRELATIONS_SHIFT);
    for (size_t j = 0; j < rows->n; j++) {
        size_t row = rows->place[j];
        if (row == MART_NONE) continue;
        double x = kl_corr_shift(rows->r[j], rows->baseline[j]);
        baseline[row] = rows->baseline[j];
        shift[row] = x;
        mart_set_count(run, CORRELATIONS_SHIFT_ALERT, row, kl__known(x) ? fabs(x) > rows->shift_limit : -1);
    }
}

/* Regimes and alerts: of r and of its change, which are in the table by now. */
static void correlations_put_labels(const mart_run *run, const mart_pair_rows *rows) {
    const kl_mart_spec *spec = &run->mart->spec;
    const double low = spec->labels.corr_low, medium = spec->labels.corr_medium, high = spec->labels.corr_high, most = spec->labels.corr_break;
    const int compat = mart_compat(spec); /* the reference says FALSE of NULL */
    kl__table_text *restrict regime = mart_texts(run, CORRELATIONS_REGIME);
    int64_t *restrict alert = mart_i64(run, CORRELATIONS_ALERT);
    uint8_t *restrict regime_known = run->table->column[CORRELATIONS_REGIME].known;
    uint8_t *restrict alert_known = run->table->column[CORRELATIONS_ALERT].known;
    for (size_t j = 0; j < rows->n; j++) {
        size_t row = rows->place[j];
        if (row == MART_NONE) continue;
        double a = fabs(rows->r[j]), by = fabs(rows->r[j] - rows->before[j]);
        int32_t label = (a == a) + (a >= low) + (a >= medium) + (a >= high); /* kl_corr_regime, without a branch */
        regime[row] = run->label[0][label];
        regime_known[row] = run->label[0][label].text != NULL;
        alert[row] = by > most;
        alert_known[row] = (uint8_t)((by == by) | compat);
    }
}

void kl__mart_put_pairs(const mart_run *run, const mart_pair_rows *rows) {
    double *restrict r = mart_f64(run, CORRELATIONS_R), *restrict change = mart_f64(run, CORRELATIONS_CHANGE);
    for (size_t j = 0; j < rows->n; j++) {
        size_t row = rows->place[j];
        if (row == MART_NONE) continue;
        r[row] = rows->r[j];
        change[row] = kl__output(rows->r[j] - rows->before[j]);
    }
    correlations_put_labels(run, rows);
    if (run->mart->spec.baseline_rows) correlations_put_shift(run, rows);
}
