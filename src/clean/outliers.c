/* Bars whose return from the last good close is out of range (F35). Each bar is differenced against the last good one, so a spike
 * costs itself and not the bar after it. */
#include "base/fp.h"
#include "base/check.h"
#include "clean/outliers.h"
#include "kline/clean.h"

static uint64_t outlier_accept(kl_series *series, size_t first, size_t last) {
    uint64_t accepted = 0;
    for (size_t i = first; i <= last; i++) {
        accepted += (series->rows[i].flags & KL_OUTLIER) != 0;
        series->rows[i].flags &= ~(uint32_t)KL_OUTLIER;
    }
    return accepted;
}

static uint64_t outliers_mark(kl_series *series, kl__outliers *rule) {
    uint64_t found = 0;
    for (size_t i = 0; i < series->n; i++) {
        kl_kline *row = &series->rows[i];
        row->flags &= ~(uint32_t)KL_OUTLIER;
        if (!(row->known & KL_HAS_CLOSE) || row->close <= 0) continue;
        int verdict = kl__outliers_step(rule, i, row->close);
        if (verdict == KL__OUTLIER_BAD) row->flags |= KL_OUTLIER, found++;
        if (verdict == KL__OUTLIER_LEVEL) found -= outlier_accept(series, rule->first, i);
    }
    return found;
}

kl_status kl_series_outliers(kl_series *series, double max_down, double max_up, uint32_t patience, int32_t drop, uint64_t *found,
                             kl_error *error) {
    if (!series) return kl__fail(error, KL_E_ARG, 1, 0, 0, "series is missing");
    if (!(max_down > 0)) return kl__fail(error, KL_E_ARG, 2, 0, 0, "max_down must be above 0");
    if (!(max_up > 0)) return kl__fail(error, KL_E_ARG, 3, 0, 0, "max_up must be above 0");
    for (size_t i = 1; i < series->n; i++)
        if (series->rows[i].open_time_us <= series->rows[i - 1].open_time_us)
            return kl__fail(error, KL_E_ORDER, 1, (int64_t)i + 1, 1, "outliers are found in a sorted series without duplicates");
    kl__outliers rule = {max_down, max_up, 0, patience, 0, 0, 0, 0};
    uint64_t marked = outliers_mark(series, &rule);
    if (found) *found = marked;
    if (!drop || !marked) return KL_OK;
    size_t kept = 0;
    for (size_t i = 0; i < series->n; i++)
        if (!(series->rows[i].flags & KL_OUTLIER)) series->rows[kept++] = series->rows[i];
    series->n = kept;
    return KL_OK;
}
