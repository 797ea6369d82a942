/* What the two ways to correlations share: columns and labels. */
#ifndef KL__MART_CORRELATIONS_H
#define KL__MART_CORRELATIONS_H
#include "mart/mart.h"

enum { PAIRS_BASE, PAIRS_RELATED, PAIRS_TIME, PAIRS_CORR, PAIRS_REGIME, PAIRS_CHANGE, PAIRS_ALERT, PAIRS_BASELINE, PAIRS_SHIFT, PAIRS_SHIFT_ALERT };

size_t kl__mart_pairs_columns(const kl_mart_spec *spec, mart_column *c);
void kl__mart_pairs_start(mart_run *run);
/* Fills a row of the table; limit: of the shift. */
void kl__mart_pairs_put(const mart_run *run, size_t row, size_t base, size_t related, size_t item, double r, double before, double baseline, double limit);

#endif
